"""Reads photos at web addresses: public ones only, bounded in time and bytes; what they hold is looked at elsewhere."""

from __future__ import annotations

import aiohttp
from aiohttp.abc import AbstractResolver

from lens_rx import __version__
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.crawl_policy import RateLimiter
from lens_rx.clients.http.page_client import MAX_REDIRECTS
from lens_rx.clients.http.public_session import open_session, request_deadline
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.response_body import decompress
from lens_rx.clients.http.url_policy import check_resolved, join_redirect
from lens_rx.facts.errors import PolicyError, UpstreamError
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
        async with request_deadline(url, self._seconds), self._open_session() as session:
            return await self._follow(session, url)

    async def _follow(self, session: aiohttp.ClientSession, url: str) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            address = check_resolved(url, self._endpoints)
            await self._rate_limiter.acquire(address.raw_host or "")
            async with session.get(address, allow_redirects=False) as response:
                location = response.headers.get("Location", "")
                if not (300 <= response.status < 400 and location):
                    return await self._read_body(response, url)
                url = join_redirect(address, location)
        raise UpstreamError(f"{host_of(url)} redirects too often.")

    async def _read_body(self, response: aiohttp.ClientResponse, url: str) -> bytes:
        if response.status != 200:
            raise UpstreamError(f"{host_of(url)} answered {response.status}: there is no photo.")
        if (response.content_length or 0) > self._max_bytes:
            raise PolicyError(f"The photo at {host_of(url)} has more than {self._max_bytes:,} bytes.")
        chunks = response.content.iter_chunked(_CHUNK)
        return await decompress(chunks, response.headers.get("Content-Encoding", ""), self._max_bytes)

    def _open_session(self) -> aiohttp.ClientSession:
        return open_session(
            PublicResolver(self._endpoints.route, self._resolver),
            {"Accept": "image/*", "User-Agent": f"lens_rx/{__version__}"},
            aiohttp.DummyCookieJar(),
            reuses_connections=False,
        )
