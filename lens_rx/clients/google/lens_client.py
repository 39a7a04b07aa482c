"""Google Lens, over plain HTTP where a browser's session stands, else in Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.google.chromium_lens import NAME, ChromiumLens
from lens_rx.clients.google.http_lens import DegradedAnswer, HttpLens
from lens_rx.clients.google.lens_session import LensSessions
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.protocols import ImageMatches
from lens_rx.facts import Outcome, Photo
from lens_rx.facts.errors import Blocked, StageError
from lens_rx.settings import Settings


class LookupWay(StrEnum):
    """How a photo is looked up at Lens."""

    HTTP = "http"
    BROWSER = "browser"


class LookupCounter(Protocol):
    """Counts look-ups at Lens by their way and outcome, and why one went on in the browser."""

    def count_lens_lookup(self, way: str, outcome: str) -> None:
        """Count a look-up that has ended."""
        ...

    def count_lens_fallback(self, reason: str) -> None:
        """Count one over HTTP that goes on in the browser."""
        ...


class LensClient:
    """Implements `protocols.ImageSearch`. Without `http` every look-up goes through the browser.

    A degraded answer over HTTP costs one more look-up, in the browser, and HTTP is not tried again for a while.
    A wall is a wall on both ways.
    """

    def __init__(self, chromium: ChromiumLens, http: HttpLens | None, counter: LookupCounter) -> None:
        self._chromium = chromium
        self._http = http
        self._counter = counter

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return the matches of a photo, the same on both ways."""
        if self._http and (found := await self._over_http(self._http, photo)):
            return found
        return await self._counted(LookupWay.BROWSER, lambda: self._chromium.search_image(photo))

    async def _over_http(self, http: HttpLens, photo: Photo) -> ImageMatches | None:
        """Return the matches, None where the browser has to look."""
        session = http.sessions.current()
        if session is None:
            return None

        async def look_up() -> ImageMatches:
            matches = await http.search_image(photo, session)
            return ImageMatches([replace(it, found_by=NAME) for it in matches])

        try:
            return await self._counted(LookupWay.HTTP, look_up)
        except DegradedAnswer as degraded:
            self._counter.count_lens_fallback(degraded.reason)
            http.sessions.end(session, degraded.reason)
            return None
        except Blocked as wall:
            http.sessions.end(session, wall.wall)
            raise

    async def _counted(self, way: LookupWay, look_up: Callable[[], Awaitable[ImageMatches]]) -> ImageMatches:
        try:
            found = await look_up()
        except StageError as error:
            self._counter.count_lens_lookup(way, error.outcome)
            raise
        self._counter.count_lens_lookup(way, Outcome.OK)
        return found


@asynccontextmanager
async def open_lens(
    browser: BrowserPool,
    endpoints: Endpoints,
    settings: Settings,
    cooldown: HostCooldown,
    counter: LookupCounter,
) -> AsyncIterator[LensClient]:
    """Open the client of Google Lens; it asks over plain HTTP only where the settings allow it."""
    if settings.lens_http == "off":
        yield LensClient(ChromiumLens(browser, endpoints, settings, cooldown), None, counter)
        return
    sessions = LensSessions(browser, endpoints.lens_url)
    http = HttpLens(sessions, endpoints, settings, cooldown)
    try:
        yield LensClient(ChromiumLens(browser, endpoints, settings, cooldown, sessions), http, counter)
    finally:
        await http.aclose()
