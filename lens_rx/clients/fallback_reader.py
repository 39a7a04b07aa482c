"""Reads a page by plain HTTP first, and in Chromium where its content needs a browser."""

from __future__ import annotations

from lens_rx.clients.http.fetcher import NEEDS_BROWSER
from lens_rx.clients.protocols import Reader
from lens_rx.facts import Page
from lens_rx.facts.errors import Blocked


class FallbackReader:
    """Implements `protocols.Reader` by two others: `fetch` by plain HTTP, `browser` in Chromium.

    A captcha, a rate limit or a sign-in would meet a browser as well, so that none is started for them.
    """

    def __init__(self, fetch: Reader, browser: Reader) -> None:
        self._fetch = fetch
        self._browser = browser

    async def read(self, url: str) -> Page:
        """Return the page; raise what the reader that was asked last raised."""
        try:
            return await self._fetch.read(url)
        except Blocked as blocked:
            if blocked.wall not in NEEDS_BROWSER:
                raise
        return await self._browser.read(url)
