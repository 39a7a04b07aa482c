"""Requests for pages over plain HTTP: public addresses only, bounded in time and bytes, at a bounded rate."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import HostCooldown, RateLimiter
from lens_rx.clients.http.public_session import open_session, request_deadline
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.response_body import ENCODINGS, decode_html, decompress
from lens_rx.clients.http.url_policy import check_resolved, join_redirect
from lens_rx.facts import Page
from lens_rx.facts.errors import PolicyError, UpstreamError
from lens_rx.reactive.computing import run_in_cpu_thread
from lens_rx.settings import Settings

MAX_REDIRECTS = 5
MAX_COOKIES = 2_000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT = ("text/", "application/xhtml", "application/xml", "application/json", "application/ld+json")
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What is asked for: the page at `url`, with the headers for each host on the way.

    A `form` is posted to `url`, and not to where that redirects. `cookies` are those of this request alone: they are
    sent, and what is set on the way is kept in them. They need a client that keeps none.
    """

    url: str
    headers_for: Callable[[str], Mapping[str, str]]
    form: aiohttp.FormData | None = None
    cookies: aiohttp.CookieJar | None = None


class PageClient:
    """Reads pages and follows their redirects; each address is checked as the first one was.

    At most `requests_per_second` go to each host, and none during its cooldown. Without `keeps_cookies` no request
    sends those of an earlier one. Owns its connections: close it with `aclose()`.
    """

    def __init__(
        self,
        settings: Settings,
        endpoints: Endpoints,
        cooldown: HostCooldown,
        requests_per_second: float,
        resolver: AbstractResolver | None = None,
        *,
        keeps_cookies: bool = True,
    ) -> None:
        self._keeps_cookies = keeps_cookies
        self._max_bytes = settings.page_bytes
        self._endpoints = endpoints
        self._cooldown = cooldown
        self._rate_limiter = RateLimiter(requests_per_second)
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close all connections; what is being read fails."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def read(self, request: PageRequest, seconds: float) -> Page:
        """Return the page, or the one that it redirects to, within `seconds`; content that is no text has no `html`.

        Raises `PolicyError` for an address that is not public and a page that is too large, `Blocked` during a
        cooldown, `StageTimeout`, and `UpstreamError` for a fault of the network.
        """
        async with request_deadline(request.url, seconds):
            return await self._follow(request)

    async def _follow(self, request: PageRequest) -> Page:
        url, form = request.url, request.form
        seen: list[URL] = []
        for _ in range(MAX_REDIRECTS + 1):
            address = self._check(url)
            seen.append(address)
            async with self._send(address, request, form) as response:
                location = response.headers.get("Location", "")
                if response.status not in _REDIRECTS or not location:
                    return await self._page(response)
                url, form = join_redirect(address, location), None
        circle = len(set(seen)) < len(seen)
        raise UpstreamError("The site redirects in a circle." if circle else "The site redirects too often.")

    def _check(self, url: str) -> URL:
        """Return the address that stands for `url`; raise `PolicyError`, or `Blocked` during its cooldown."""
        address = check_resolved(url, self._endpoints)
        self._cooldown.check(str(address))
        return address

    @asynccontextmanager
    async def _send(
        self, address: URL, request: PageRequest, form: aiohttp.FormData | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        host = address.raw_host or ""
        await self._rate_limiter.acquire(host)
        headers = dict(request.headers_for(host))
        if request.cookies is not None:
            headers |= _cookie_header(request.cookies, address)
        method = "GET" if form is None else "POST"
        async with self._session().request(
            method, address, headers=headers, data=form, allow_redirects=False
        ) as response:
            if request.cookies is not None:
                request.cookies.update_cookies(response.cookies, address)
            yield response

    async def _page(self, response: aiohttp.ClientResponse) -> Page:
        media = response.headers.get("Content-Type", "text/html").lower()
        url = str(response.url)
        if not media.startswith(_TEXT):
            return Page(url, "", response.status)
        cap = self._max_bytes
        if (response.content_length or 0) > cap:
            raise PolicyError(f"The page is larger than {cap // 1_000_000 or 1} MB.")
        packing = response.headers.get("Content-Encoding", "")
        body = await decompress(response.content.iter_chunked(_CHUNK), packing, cap)
        return Page(url, await run_in_cpu_thread(decode_html, body, response.charset), response.status)

    def _session(self) -> aiohttp.ClientSession:
        """Return the session, opened at first use; a cookie jar that has grown too large is emptied."""
        if self._opened is None:
            jar = aiohttp.CookieJar() if self._keeps_cookies else aiohttp.DummyCookieJar()
            self._opened = open_session(
                PublicResolver(self._endpoints.route, self._resolver),
                {"Accept-Encoding": ENCODINGS},
                jar,
                reuses_connections=True,
                max_line_size=16_384,
                max_field_size=16_384,
            )
        if len(self._opened.cookie_jar) > MAX_COOKIES:
            self._opened.cookie_jar.clear()
        return self._opened


def _cookie_header(jar: aiohttp.CookieJar, address: URL) -> dict[str, str]:
    cookies = jar.filter_cookies(address)
    return (
        {"Cookie": "; ".join(f"{name}={it.coded_value}" for name, it in cookies.items())} if cookies else {}
    )
