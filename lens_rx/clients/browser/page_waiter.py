"""Waits for a page of results by its meaning: until its entries stand, or it says why there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lens_rx.clients.blocked_error import blocked_error
from lens_rx.clients.browser.cdp_session import ConnectionLost
from lens_rx.clients.browser.consent_buttons import answer_consent
from lens_rx.clients.browser.tab import POLL_SECONDS, Tab
from lens_rx.facts import Outcome, Page
from lens_rx.facts.errors import NoResults, ParseError, StageTimeout, UpstreamError
from lens_rx.parsing.blocking.page_outcome import PageVerdict, classify_page
from lens_rx.parsing.html.links import host_of

#: The parser that finds what a page was opened for.
Entries = Callable[[Page], Sequence[object]]

#: A page is read when it stood still so long, …
STILL_SECONDS = 0.15
#: … its entries are believed to be all when nothing came after them for so long, …
COMPLETE_SECONDS = 0.4
#: … or for so long where the page never stops to ask its server for something, …
RESTLESS_SECONDS = 2.0
#: … and a page without entries that stands still and waits for nothing gets so long to change its mind.
PATIENCE_SECONDS = 3.0
#: What a page gets to be read once more when its time is over.
LAST_SECONDS = 5.0
#: Questions for consent that one visit answers.
ANSWERS = 2

_GLIMPSE = """() => [location.href, document.readyState, document.getElementsByTagName('*').length]"""
_SCROLL = "() => window.scrollBy(0, Math.max(1500, document.body.scrollHeight))"


@dataclass(frozen=True, slots=True)
class _Read:
    """What a page held when it was read; the verdict is for a page without entries."""

    page: Page
    entries: int
    verdict: PageVerdict


class _Late(Exception):
    """The time for the results was over while the page was being looked at."""


class PageWaiter:
    """The results that a tab is about to show; `scrolls`: once, for those that come only then."""

    def __init__(self, tab: Tab, entries: Entries, seconds: float, *, scrolls: bool) -> None:
        self._tab = tab
        self._entries = entries
        self._seconds = seconds
        self._to_scroll = scrolls
        self._loop = asyncio.get_running_loop()
        self._glimpse: object = None
        self._since = self._loop.time()
        self._read: _Read | None = None
        self._answers = 0

    async def page(self) -> Page:
        """Return the page once its entries stand; raise `NoResults`, `Blocked`, `ParseError` or `StageTimeout`."""
        try:
            return await self._decided_page() or await self._page_as_it_is()
        except StageTimeout:
            raise StageTimeout(
                f"{host_of(self._tab.url)} showed no results within {self._seconds:g} s. Please try again."
            ) from None

    async def _decided_page(self) -> Page | None:
        """Return the page as soon as it is decided, None where time is over before."""
        ends = self._loop.time() + self._seconds
        with suppress(_Late):
            while (left := ends - self._loop.time()) > 0:
                await self._look(left)
                if self._read and (page := await self._decided(self._read)):
                    return page
                await asyncio.sleep(POLL_SECONDS)
        return None

    async def _page_as_it_is(self) -> Page:
        last = await self._judged(await self._tab.html(LAST_SECONDS))
        if last.entries:
            return last.page
        # a shell that is still arriving is a slow page, not a wall
        if last.verdict.wall and (last.verdict.wall != "shell" or self._tab.is_quiet):
            raise blocked_error(last.page.url, last.verdict.wall)
        raise StageTimeout

    @property
    def _still(self) -> float:
        """Seconds since the page last changed."""
        return self._loop.time() - self._since

    async def _look(self, seconds: float) -> None:
        """Notice a change; read the page each time that it stands still again."""
        try:
            glimpse = await self._glance(seconds)
            if glimpse != self._glimpse:
                self._glimpse, self._since, self._read = glimpse, self._loop.time(), None
            elif self._read is None and self._still >= STILL_SECONDS:
                self._read = await self._judged(await self._tab.html())
        except ConnectionLost:
            self._glimpse, self._since, self._read = None, self._loop.time(), None

    async def _glance(self, seconds: float) -> Any:
        try:
            return await self._tab.evaluate(_GLIMPSE, seconds=seconds)
        except StageTimeout:
            raise _Late from None

    async def _judged(self, html: str) -> _Read:
        page = Page(self._tab.url, html, self._tab.status or 200)
        if page.url.startswith("chrome-error:"):
            raise UpstreamError("The site cut the line.", transient=True)
        return await asyncio.to_thread(_read, page, self._entries)

    async def _decided(self, read: _Read) -> Page | None:
        if not read.entries:
            await self._without_entries(read)
            return None
        if self._to_scroll:
            self._to_scroll = False
            self._since = self._loop.time()
            await self._tab.evaluate(_SCROLL)
            return None
        patience = COMPLETE_SECONDS if self._tab.is_quiet else RESTLESS_SECONDS
        return read.page if self._still >= patience else None

    async def _without_entries(self, read: _Read) -> None:
        """Raise what the page says, at once where it is sure, else when it had time to change its mind."""
        found = read.verdict
        if found.wall == "consent":
            await self._consent()
            return
        if read.page.status >= 500 and found.wall in (None, "shell", "unavailable"):
            raise UpstreamError(
                f"{host_of(read.page.url)} has trouble (status {read.page.status}). Please try again later.",
                transient=True,
            )
        if found.outcome is Outcome.EMPTY:
            raise NoResults(f"{host_of(read.page.url)} found nothing.")
        settled = self._tab.is_quiet and self._still >= PATIENCE_SECONDS
        if found.wall and (found.wall != "shell" or settled):
            raise blocked_error(read.page.url, found.wall)
        if settled:
            raise ParseError(f"{host_of(read.page.url)} answered with a page that could not be read.")

    async def _consent(self) -> None:
        self._answers += 1
        if self._answers > ANSWERS or not await answer_consent(self._tab):
            raise blocked_error(self._tab.url, "consent")


def _read(page: Page, entries: Entries) -> _Read:
    found = len(entries(page))
    judged = PageVerdict(Outcome.OK) if found else classify_page(page.html, page.url, page.status)
    return _Read(page, found, judged)
