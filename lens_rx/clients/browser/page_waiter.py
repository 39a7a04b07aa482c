"""Waits until a page of results is complete, or says why it has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lens_rx.clients.blocked_error import blocked_error, no_answer_error
from lens_rx.clients.browser.cdp_session import ConnectionLost
from lens_rx.clients.browser.consent_buttons import answer_consent
from lens_rx.clients.browser.tab import POLL_SECONDS, Tab
from lens_rx.facts import Outcome, Page
from lens_rx.facts.errors import NoResults, ParseError, StageTimeout, UpstreamError
from lens_rx.parsing.blocking import PageVerdict, classify_page
from lens_rx.parsing.html.urls import host_of

#: The parser of the entries that a page was opened for.
Entries = Callable[[Page], Sequence[object]]

#: A page is parsed when it has not changed for so long.
STABLE_SECONDS = 0.15
#: Its entries count as complete when nothing has changed for so long,
COMPLETE_SECONDS = 0.4
#: or for so long while the page still sends requests.
BUSY_SECONDS = 2.0
#: A stable page without entries or open requests is given up after so long.
EMPTY_SECONDS = 3.0
#: The deadline for the last reading of a page whose time is over.
LAST_READ_SECONDS = 5.0
#: Consent dialogs that are answered in one visit.
MAX_CONSENT_ANSWERS = 2

_PAGE_STATE = """() => [location.href, document.readyState, document.getElementsByTagName('*').length]"""
_SCROLL_DOWN = "() => window.scrollBy(0, Math.max(1500, document.body.scrollHeight))"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was parsed: the number of entries, and the verdict on a page without any.

    `is_answer`: the site answered with this very document, and with the whole of it.
    """

    page: Page
    entries: int
    verdict: PageVerdict
    is_answer: bool


class _OutOfTime(Exception):
    """The deadline passed while the page was being evaluated."""


class PageWaiter:
    """Waits for the results that a tab is about to show; `scrolls`: once, for those that are loaded by scrolling."""

    def __init__(self, tab: Tab, entries: Entries, seconds: float, *, scrolls: bool) -> None:
        self._tab = tab
        self._entries = entries
        self._seconds = seconds
        self._to_scroll = scrolls
        self._loop = asyncio.get_running_loop()
        self._state: object = None
        self._changed_at = self._loop.time()
        self._reading: _Reading | None = None
        self._consent_answers = 0

    async def page(self) -> Page:
        """Return the page once its entries are complete; raise `NoResults`, `Blocked`, `ParseError` or `StageTimeout`."""
        try:
            return await self._wait_for_page() or await self._read_last()
        except StageTimeout:
            raise StageTimeout(
                f"{host_of(self._tab.url)} showed no results within {self._seconds:g} s. Please try again."
            ) from None

    async def _wait_for_page(self) -> Page | None:
        """Return the page once its entries are complete, None where the time is over before."""
        ends = self._loop.time() + self._seconds
        with suppress(_OutOfTime):
            while (left := ends - self._loop.time()) > 0:
                await self._observe(left)
                if self._reading and (page := await self._decide(self._reading)):
                    return page
                await asyncio.sleep(POLL_SECONDS)
        return None

    async def _read_last(self) -> Page:
        last = await self._parse(await self._tab.html(LAST_READ_SECONDS))
        if last.entries:
            return last.page
        # a page without content that still loads is slow, not blocked
        if not last.is_answer:
            raise no_answer_error(last.page.url)
        if last.verdict.wall and (last.verdict.wall != "shell" or self._tab.is_quiet):
            raise blocked_error(last.page.url, last.verdict.wall)
        raise StageTimeout

    @property
    def _stable_seconds(self) -> float:
        """Seconds since the page last changed."""
        return self._loop.time() - self._changed_at

    async def _observe(self, seconds: float) -> None:
        """Notice changes of the page; parse it each time that it has become stable."""
        try:
            state = await self._page_state(seconds)
            if state != self._state:
                self._state, self._changed_at, self._reading = state, self._loop.time(), None
            elif self._reading is None and self._stable_seconds >= STABLE_SECONDS:
                self._reading = await self._parse(await self._tab.html())
        except ConnectionLost:
            self._state, self._changed_at, self._reading = None, self._loop.time(), None

    async def _page_state(self, seconds: float) -> Any:
        try:
            return await self._tab.evaluate(_PAGE_STATE, seconds=seconds)
        except StageTimeout:
            raise _OutOfTime from None

    async def _parse(self, html: str) -> _Reading:
        page = Page(self._tab.url, html, self._tab.status or 200)
        if page.url.startswith("chrome-error:"):
            raise UpstreamError("The site cut the line.", transient=True)
        return await asyncio.to_thread(_parse_page, page, self._entries, self._tab.document_status)

    async def _decide(self, reading: _Reading) -> Page | None:
        if not reading.entries:
            await self._handle_no_entries(reading)
            return None
        if self._to_scroll:
            self._to_scroll = False
            self._changed_at = self._loop.time()
            await self._tab.evaluate(_SCROLL_DOWN)
            return None
        patience = COMPLETE_SECONDS if self._tab.is_quiet else BUSY_SECONDS
        return reading.page if self._stable_seconds >= patience else None

    async def _handle_no_entries(self, reading: _Reading) -> None:
        """Raise the reason why there are no entries: at once where it is certain, else after `EMPTY_SECONDS`."""
        found = reading.verdict
        if found.wall == "consent":
            await self._answer_consent()
            return
        if reading.page.status >= 500 and found.wall in (None, "shell", "unavailable"):
            raise UpstreamError(
                f"{host_of(reading.page.url)} has trouble (status {reading.page.status}). Please try again later.",
                transient=True,
            )
        if found.outcome is Outcome.EMPTY:
            raise NoResults(f"{host_of(reading.page.url)} found nothing.")
        settled = self._tab.is_quiet and self._stable_seconds >= EMPTY_SECONDS
        if found.wall and (found.wall != "shell" or settled):
            raise blocked_error(reading.page.url, found.wall)
        if settled and not reading.is_answer:
            raise no_answer_error(reading.page.url)
        if settled:
            raise ParseError(f"{host_of(reading.page.url)} answered with a page that could not be read.")

    async def _answer_consent(self) -> None:
        self._consent_answers += 1
        if self._consent_answers > MAX_CONSENT_ANSWERS or not await answer_consent(self._tab):
            raise blocked_error(self._tab.url, "consent")


def _parse_page(page: Page, entries: Entries, document_status: int) -> _Reading:
    found = len(entries(page))
    verdict = PageVerdict(Outcome.OK) if found else classify_page(page.html, page.url, document_status)
    return _Reading(page, found, verdict, is_answer=document_status > 0)
