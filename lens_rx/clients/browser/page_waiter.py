"""Waits until a page of results is complete, or says why it has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from lens_rx.clients.blocked_error import blocked_error, no_answer_error
from lens_rx.clients.browser.cdp_session import ConnectionLost
from lens_rx.clients.browser.consent_buttons import answer_consent
from lens_rx.clients.browser.page_state import PageState, ResultMarks, state_call
from lens_rx.clients.browser.tab import POLL_SECONDS, Tab
from lens_rx.facts import Outcome, Page
from lens_rx.facts.errors import NoResults, ParseError, StageTimeout, UpstreamError
from lens_rx.parsing.blocking import PageVerdict, classify_page
from lens_rx.parsing.html.urls import host_of
from lens_rx.reactive.computing import run_in_cpu_thread

#: The parser of the entries that a page was opened for.
Entries = Callable[[Page], Sequence[object]]

#: A page that tells that it is complete is believed when nothing has changed for so long; scripts act on the scrolling.
CONFIRM_SECONDS = 0.1
#: Any other is parsed when it has not changed for so long.
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

_SCROLL_DOWN = "() => window.scrollBy(0, Math.max(1500, document.body.scrollHeight))"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was parsed: the number of entries, and the verdict on a page without any.

    `is_answer`: the site answered with this very document, and with the whole of it. `is_whole`: no entry lacks a part.
    """

    page: Page
    entries: int
    verdict: PageVerdict
    is_answer: bool
    is_whole: bool


class _OutOfTime(Exception):
    """The deadline passed while the page was being evaluated."""


class PageWaiter:
    """Waits for the results that a tab is about to show; `scrolls`: once, for those that are loaded by scrolling.

    With `marks` a page that was seen to mark what is still to come is complete once it was scrolled, marks nothing
    any more and waits for nothing from the network, and all its entries are whole. Any other has to stand still for
    `COMPLETE_SECONDS`.
    """

    def __init__(
        self, tab: Tab, entries: Entries, seconds: float, *, scrolls: bool, marks: ResultMarks | None = None
    ) -> None:
        self._tab = tab
        self._entries = entries
        self._seconds = seconds
        self._to_scroll = scrolls
        self._marks = marks
        self._was_busy = False
        self._loop = asyncio.get_running_loop()
        self._state: PageState | None = None
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
                if await self._observe(left):
                    continue  # it may have changed while it was parsed
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

    async def _observe(self, seconds: float) -> bool:
        """Notice changes of the page; parse it each time that it has become stable, and tell whether that was now."""
        try:
            state = await self._page_state(seconds)
            if state != self._state:
                self._state, self._changed_at, self._reading = state, self._loop.time(), None
                self._was_busy |= state.is_busy
                await self._scroll_to_end(state.results)
            elif self._reading is None and self._stable_seconds >= self._parse_seconds:
                self._reading = await self._parse(await self._tab.html())
                return True
        except ConnectionLost:
            self._state, self._changed_at, self._reading = None, self._loop.time(), None
        return False

    @property
    def _parse_seconds(self) -> float:
        return CONFIRM_SECONDS if self._tells_complete else STABLE_SECONDS

    @property
    def _tells_complete(self) -> bool:
        """True where the page told before that more was to come, and tells now that nothing is."""
        state = self._state
        if state is None or not self._was_busy or self._to_scroll:
            return False
        is_idle = self._tab.is_quiet and not state.is_busy
        return is_idle and state.has_end and state.results > 0 and state.ready == "complete"

    async def _page_state(self, seconds: float) -> PageState:
        function, selector = state_call(self._marks)
        try:
            return PageState(*await self._tab.evaluate(function, selector, seconds=seconds))
        except StageTimeout:
            raise _OutOfTime from None

    async def _parse(self, html: str) -> _Reading:
        page = Page(self._tab.url, html, self._tab.status or 200)
        if page.url.startswith("chrome-error:"):
            raise UpstreamError("The site cut the line.", transient=True)
        status = self._tab.document_status
        return await run_in_cpu_thread(_parse_page, page, self._entries, status, self._marks)

    async def _decide(self, reading: _Reading) -> Page | None:
        if not reading.entries:
            await self._handle_no_entries(reading)
            return None
        if await self._scroll_to_end(reading.entries):
            return None
        return reading.page if self._stable_seconds >= self._patience(reading) else None

    def _patience(self, reading: _Reading) -> float:
        """Return how long the page has to stand still until its entries count as complete."""
        if self._tells_complete and reading.is_whole:
            return CONFIRM_SECONDS
        is_busy = self._state is not None and self._state.is_busy
        return COMPLETE_SECONDS if self._tab.is_quiet and not is_busy else BUSY_SECONDS

    async def _scroll_to_end(self, results: int) -> bool:
        """Scroll once there are results, and tell whether that was now."""
        if not (self._to_scroll and results):
            return False
        self._to_scroll = False
        self._changed_at = self._loop.time()
        await self._tab.evaluate(_SCROLL_DOWN)
        return True

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


def _parse_page(page: Page, entries: Entries, document_status: int, marks: ResultMarks | None) -> _Reading:
    found = entries(page)
    verdict = PageVerdict(Outcome.OK) if found else classify_page(page.html, page.url, document_status)
    is_whole = marks is not None and all(map(marks.is_whole, found))
    return _Reading(page, len(found), verdict, is_answer=document_status > 0, is_whole=is_whole)
