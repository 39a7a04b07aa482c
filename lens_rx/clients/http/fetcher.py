"""Reads pages by plain HTTP: public addresses only, bounded in time and bytes, under the crawl policy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from lens_rx.clients.blocked_error import blocked_error
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import HostCooldown, RateLimiter, headers_for
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.response_body import ENCODINGS, decode_html, decompress
from lens_rx.clients.http.url_policy import check_url
from lens_rx.facts import Outcome, Page
from lens_rx.facts.errors import PolicyError, StageTimeout, UpstreamError
from lens_rx.parsing.blocking import classify_page
from lens_rx.parsing.html.urls import host_of
from lens_rx.settings import Settings

MAX_REDIRECTS = 5
REQUESTS_PER_SECOND = 4
MAX_COOKIES = 2_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT = ("text/", "application/xhtml", "application/xml", "application/json", "application/ld+json")
_CHUNK = 65_536
#: Block pages that a browser may pass: a page of scripts, a check or a refusal of plain clients, a consent
#: dialog. They begin no cooldown yet.
NEEDS_BROWSER = frozenset({"shell", "challenge", "forbidden", "consent"})


class HttpFetcher:
    """Implements `protocols.Reader` without a browser. Owns its connections: close it with `aclose()`."""

    def __init__(
        self,
        settings: Settings,
        endpoints: Endpoints,
        cooldown: HostCooldown | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._endpoints = endpoints
        self._cooldown = cooldown or HostCooldown(settings.cooldown_seconds)
        self._rate_limiter = RateLimiter(REQUESTS_PER_SECOND)
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections; what is being read fails."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def read(self, url: str) -> Page:
        """Return the page at `url`, or at the address that it redirects to.

        Content that is no text (a PDF, a picture) gives a page with empty `html`; a missing page has its
        status. Raises `PolicyError` for an address that is not public and a page that is too large, `Blocked`
        for a block page, `StageTimeout`, and `UpstreamError` for a fault of the site or of the network.
        """
        seconds = self._settings.page_deadline_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._check(url, await self._follow(url))
        except TimeoutError:
            raise StageTimeout(f"{host_of(url)} did not answer within {seconds:g} s.") from None
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamError(f"{host_of(url)} {explain_failure(error)}", transient=True) from None

    async def _check(self, asked: str, page: Page) -> Page:
        """Return the page; raise `Blocked` for a block page, which begins the cooldown, and `UpstreamError`."""
        found = (
            await asyncio.to_thread(classify_page, page.html, page.url, page.status) if page.html else None
        )
        if found is not None and found.outcome is Outcome.BLOCKED:
            wall = found.wall or ""
            if wall not in NEEDS_BROWSER:
                for url in (self._endpoints.resolve(asked), page.url):
                    self._cooldown.begin(url, wall)
            raise blocked_error(page.url, wall)
        if page.status >= 500:
            raise UpstreamError(
                f"{host_of(page.url)} has trouble (status {page.status}). Please try again later.",
                transient=True,
            )
        return page

    async def _follow(self, url: str) -> Page:
        """Read `url` and follow its redirects; each address is checked as the first one was."""
        seen: list[URL] = []
        for _ in range(MAX_REDIRECTS + 1):
            address = check_url(
                self._endpoints.resolve(str(check_url(url, self._endpoints.route))), self._endpoints.route
            )
            self._cooldown.check(str(address))
            seen.append(address)
            async with self._request(address) as response:
                location = response.headers.get("Location", "")
                if response.status not in _REDIRECTS or not location:
                    return await self._page(response)
                url = _join(address, location)
        circle = len(set(seen)) < len(seen)
        raise UpstreamError("The site redirects in a circle." if circle else "The site redirects too often.")

    @asynccontextmanager
    async def _request(self, address: URL) -> AsyncIterator[aiohttp.ClientResponse]:
        host = address.raw_host or ""
        await self._rate_limiter.acquire(host)
        headers = headers_for(host, self._settings.country)
        async with self._session().get(address, headers=headers, allow_redirects=False) as response:
            yield response

    async def _page(self, response: aiohttp.ClientResponse) -> Page:
        media = response.headers.get("Content-Type", "text/html").lower()
        url = str(response.url)
        if not media.startswith(_TEXT):
            return Page(url, "", response.status)
        cap = self._settings.page_bytes
        if (response.content_length or 0) > cap:
            raise PolicyError(f"The page is larger than {cap // 1_000_000 or 1} MB.")
        packing = response.headers.get("Content-Encoding", "")
        body = await decompress(response.content.iter_chunked(_CHUNK), packing, cap)
        return Page(url, await asyncio.to_thread(decode_html, body, response.charset), response.status)

    def _session(self) -> aiohttp.ClientSession:
        """Return the session, opened at first use; a cookie jar that has grown too large is emptied."""
        if self._opened is None:
            self._opened = _new_session(PublicResolver(self._endpoints.route, self._resolver))
        if len(self._opened.cookie_jar) > MAX_COOKIES:
            self._opened.cookie_jar.clear()
        return self._opened


def _new_session(resolver: AbstractResolver) -> aiohttp.ClientSession:
    # without the connector's own cache of names every connection is to addresses checked just now
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=32, limit_per_host=6)
    return aiohttp.ClientSession(
        connector=connector,
        headers={"Accept-Encoding": ENCODINGS},
        auto_decompress=False,
        requote_redirect_url=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        max_line_size=16_384,
        max_field_size=16_384,
    )


def _join(base: URL, location: str) -> str:
    try:
        return str(base.join(URL(location)))
    except ValueError:
        raise PolicyError("The site redirects to a malformed address.") from None


def explain_failure(error: Exception) -> str:
    """Return what went wrong with a site, in words without internal addresses."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "is not a name that is known."
    if isinstance(error, aiohttp.ClientSSLError):
        return "shows a certificate that is not accepted."
    if isinstance(error, (aiohttp.ClientConnectorError, OSError)):
        return "cannot be reached."
    return "broke off its answer."
