"""Posts webhooks: to public addresses only, without redirects, within a deadline; the answer's body is not read."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
from aiohttp.abc import AbstractResolver

from lens_rx import __version__
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.http.api_client import retry_after_seconds
from lens_rx.clients.http.public_session import open_session, request_deadline
from lens_rx.clients.http.resolver import PublicResolver
from lens_rx.clients.http.url_policy import check_url
from lens_rx.clients.protocols import WebhookAnswer
from lens_rx.settings import Settings


class HttpWebhookClient:
    """Implements `protocols.WebhookClient`. Owns its connections: close it with `aclose()`."""

    def __init__(
        self, settings: Settings, endpoints: Endpoints, resolver: AbstractResolver | None = None
    ) -> None:
        self._seconds = settings.webhook_deadline_seconds
        self._route = endpoints.route
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    def check(self, url: str) -> None:
        """Raise `PolicyError` for an address that is not posted to; its name is resolved only when it is."""
        check_url(url, self._route)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Post JSON and return the status of the answer. Raises `PolicyError`, `StageTimeout`, `UpstreamError`."""
        address = check_url(url, self._route)
        async with (
            request_deadline(url, self._seconds),
            self._session().post(address, data=body, headers=headers, allow_redirects=False) as response,
        ):
            pause = retry_after_seconds(response.headers) if "Retry-After" in response.headers else 0.0
            return WebhookAnswer(response.status, pause)

    def _session(self) -> aiohttp.ClientSession:
        """Return the session, opened at first use."""
        if self._opened is None:
            self._opened = open_session(
                PublicResolver(self._route, self._resolver),
                {"Content-Type": "application/json", "User-Agent": f"lens_rx/{__version__}"},
                aiohttp.DummyCookieJar(),
                reuses_connections=False,
            )
        return self._opened
