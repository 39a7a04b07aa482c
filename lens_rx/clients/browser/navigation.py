"""Navigations of a page: from asking for an address until its document is parsed."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from lens_rx.clients.blocked_error import navigation_error
from lens_rx.clients.browser.cdp_session import CdpSession
from lens_rx.clients.browser.page_events import BLANK, PageEvents
from lens_rx.facts.errors import PolicyError, StageTimeout, UpstreamError
from lens_rx.parsing.html.urls import host_of

#: Empty pages that are opened until none of the last page's navigations, asked for before it was left, is on its way.
MAX_EMPTY_PAGES = 4
_GOES_ON = "The tab's last page does not let it go on."


class Call(Protocol):
    """A call of a method of the DevTools protocol."""

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the method's result; raise a `StageError` where it fails."""


class Navigation:
    """Opens addresses in the page of `session`; `StageTimeout` where a document does not come in time."""

    def __init__(self, session: CdpSession, events: PageEvents, call: Call) -> None:
        self._session = session
        self._events = events
        self._call = call

    async def goto(self, url: str, seconds: float) -> int:
        """Open `url` and return its HTTP status once the document is parsed."""
        self._events.reset()
        try:
            async with asyncio.timeout(seconds):
                await self._navigate(url)
                await self._wait_parsed()
        except (TimeoutError, StageTimeout):
            raise StageTimeout(f"{host_of(url)} did not answer within {seconds:g} s.") from None
        if self._session.lost.done():
            raise UpstreamError("The browser was lost on the way.", transient=True)
        if self._events.is_broken:
            raise UpstreamError(f"{host_of(url)} broke off its answer.", transient=True)
        return self._events.status

    async def goto_blank(self, seconds: float) -> None:
        """Open an empty page that no navigation of the last page can replace any more."""
        for _ in range(MAX_EMPTY_PAGES):
            await self.goto(BLANK, seconds)
            if self._events.is_last:
                return
        raise UpstreamError(_GOES_ON, transient=True)

    async def _navigate(self, url: str) -> None:
        """Ask for `url`, from an empty page where the one that is left goes elsewhere or differs in its fragment alone."""
        if await self._begin(url):
            return
        for address in (BLANK, url):
            self._events.reset()
            if not await self._begin(address):
                raise UpstreamError(_GOES_ON, transient=True)
            if address == BLANK:
                await self._wait_parsed()

    async def _wait_parsed(self) -> None:
        # what is expected of a page that was lost meanwhile does not come, and nobody would say so again
        if not self._session.lost.done():
            await self._events.parsed.wait()

    async def _begin(self, url: str) -> bool:
        """Begin a navigation; False where it may lead elsewhere, or nowhere."""
        answer = await self._call("Page.navigate", url=url)
        if answer.get("isDownload"):
            raise PolicyError("The address leads to a file, not to a page.")
        document = str(answer.get("loaderId", ""))
        if not document or self._events.is_contested(document):
            return False
        if failure := answer.get("errorText"):
            raise navigation_error(host_of(url), failure, self._events.status)
        self._events.expect(document)
        return True
