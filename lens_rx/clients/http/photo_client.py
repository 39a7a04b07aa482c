"""Reads photos at web addresses: public ones only, bounded in time and bytes; what they hold is looked at elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from lens_rx import __version__
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import RateLimiter
from lens_rx.clients.http.page_client import MAX_REDIRECTS, explain_failure
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.response_body import decompress
from lens_rx.clients.http.url_policy import check_url
from lens_rx.facts.errors import PolicyError, StageTimeout, UpstreamError
from lens_rx.parsing.html.urls import host_of
from lens_rx.settings import Settings

#: To each host; all photos of one thing may be at one.
REQUESTS_PER_SECOND = 8
_CHUNK = 65_536


class HttpPhotoReader:
    """Implements `protocols.PhotoReader`. Connections are closed after each photo."""

    def __init__(
        self, settings: Settings, endpoints: Endpoints, resolver: AbstractResolver | None = None
    ) -> None:
        self._seconds = settings.page_deadline_seconds
        self._max_bytes = settings.max_photo_bytes
        self._endpoints = endpoints
        self._resolver = resolver
        self._rate_limiter = RateLimiter(REQUESTS_PER_SECOND)

    async def read_photo(self, url: str) -> bytes:
        """Return the bytes at `url`, or at where it redirects to.

        Raises `PolicyError` for an address that is not public and for too many bytes, `StageTimeout`, `UpstreamError`.
        """
        try:
            async with asyncio.timeout(self._seconds), self._open_session() as session:
                return await self._follow(session, url)
        except TimeoutError:
            raise StageTimeout(f"{host_of(url)} did not answer within {self._seconds:g} s.") from None
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamError(f"{host_of(url)} {explain_failure(error)}", transient=True) from None

    async def _follow(self, session: aiohttp.ClientSession, url: str) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            address = self._check(url)
            await self._rate_limiter.acquire(address.raw_host or "")
            async with session.get(address, allow_redirects=False) as response:
                location = response.headers.get("Location", "")
                if not (300 <= response.status < 400 and location):
                    return await self._read_body(response, url)
                url = _join(address, location)
        raise UpstreamError(f"{host_of(url)} redirects too often.")

    async def _read_body(self, response: aiohttp.ClientResponse, url: str) -> bytes:
        if response.status != 200:
            raise UpstreamError(f"{host_of(url)} answered {response.status}: there is no photo.")
        if (response.content_length or 0) > self._max_bytes:
            raise PolicyError(f"The photo at {host_of(url)} has more than {self._max_bytes:,} bytes.")
        chunks = response.content.iter_chunked(_CHUNK)
        return await decompress(chunks, response.headers.get("Content-Encoding", ""), self._max_bytes)

    def _check(self, url: str) -> URL:
        """Return the address that stands for `url`, whose names are resolved to public addresses alone."""
        route = self._endpoints.route
        return check_url(self._endpoints.resolve(str(check_url(url, route))), route)

    @asynccontextmanager
    async def _open_session(self) -> AsyncIterator[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(self._endpoints.route, self._resolver),
            use_dns_cache=False,
            force_close=True,
        )
        headers = {"Accept": "image/*", "User-Agent": f"lens_rx/{__version__}"}
        async with aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            requote_redirect_url=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
        ) as session:
            yield session


def _join(base: URL, location: str) -> str:
    try:
        return str(base.join(URL(location)))
    except ValueError:
        raise PolicyError("The site redirects to a malformed address.") from None
