"""A bounded pool of warm tabs in one Chromium, which is replaced when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp.abc import AbstractResolver

from lens_rx.clients.browser.chromium import COMMAND_SECONDS, Chromium
from lens_rx.clients.browser.egress_proxy import EgressProxy
from lens_rx.clients.browser.flags import chromium_flags, describe_own_sandbox, uses_own_sandbox
from lens_rx.clients.browser.health_page import HealthPage
from lens_rx.clients.browser.profile_directory import remove_leftovers
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import StageError, UpstreamError
from lens_rx.reactive.background_tasks import BackgroundTasks
from lens_rx.settings import Settings

START_ATTEMPTS = 3
#: Within which the page of a tab has to answer before the tab is handed on as it is.
HANDOVER_SECONDS = 1.0
#: The pause after failed starts, during which callers get the error at once.
RESTART_PAUSE_SECONDS = 15.0
#: Pages in a row that did not come, whoever's fault that is, after which Chromium has to prove that it can open one.
MAX_UNANSWERED = 2

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _LentTab:
    """A tab and the browser that it belongs to, which may have been replaced when the tab comes back."""

    tab: Tab
    chromium: Chromium


class BrowserPool:
    """The pool. `ready` while Chromium answers; callers wait while it is being replaced.

    Every tab has cookies of its own, which live as long as the tab: `settings.tab_uses` pages, or until
    something goes wrong in it. `resolver` resolves the hosts of endpoints without a route.
    """

    def __init__(
        self, settings: Settings, endpoints: Endpoints, resolver: AbstractResolver | None = None
    ) -> None:
        self._settings = settings
        self._endpoints = endpoints
        self._health = HealthPage()
        self._proxy = EgressProxy(resolver, self._health)
        self._slots = asyncio.Semaphore(settings.tabs)
        self._idle: list[Tab] = []
        self._busy = 0
        self._waiting = 0
        self._chromium: Chromium | None = None
        self._start_error: UpstreamError | None = None
        self._changed = asyncio.Condition()
        self._supervisor = BackgroundTasks()
        self._background = BackgroundTasks()
        self._version = ""
        self._unanswered = 0
        self._checking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start Chromium; raise `UpstreamError` with words that say what to do, and go on trying."""
        await asyncio.to_thread(remove_leftovers)
        await self._health.start()
        await self._proxy.start()
        self._log_guards()
        self._supervisor.start(self._supervise())
        await self._wait_for_chromium()

    async def aclose(self) -> None:
        """Close Chromium and its tabs; callers that still wait for it get an `UpstreamError`."""
        await self._supervisor.cancel_all()
        await self._set_state(None, UpstreamError("The browser is closed."))
        await self._background.join()
        await self._proxy.aclose()
        await self._health.aclose()

    @property
    def ready(self) -> bool:
        """True while Chromium answers."""
        return self._chromium is not None and not self._chromium.lost.done()

    async def wait_started(self) -> None:
        """Return when Chromium answers, or does not start."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.ready or self._start_error)

    def version(self) -> str:
        """Return Chromium's product name ("Chrome/156.0.1"), "" before the first start."""
        return self._version

    def tabs(self) -> dict[str, int]:
        """Return the number of tabs by state."""
        return {"idle": len(self._idle), "busy": self._busy}

    async def cookies(self, tab: Tab) -> Sequence[Mapping[str, Any]]:
        """Return the cookies of a tab, lent or not, as the protocol's `Network.Cookie`; none once it is closed."""
        return await self._chromium.cookies(tab) if self._chromium and not tab.tainted else ()

    @asynccontextmanager
    async def tab(self, *, fresh: bool = False) -> AsyncIterator[Tab]:
        """Lend a warm tab, or with `fresh` one without cookies; wait while all are lent.

        Raises `UpstreamError`, transient where the browser was lost, not transient where it does not start.
        """
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        self._busy += 1
        lent: _LentTab | None = None
        try:
            lent = await self._lend(fresh=fresh)
            yield lent.tab
        finally:
            self._background.start(self._return_tab(lent))

    async def _lend(self, *, fresh: bool) -> _LentTab:
        if self._checking:  # a Chromium that is under suspicion gets no more pages
            await asyncio.wait({self._checking})
        chromium = await self._wait_for_chromium()
        tab = self._idle.pop() if self._idle else None
        if tab and fresh:
            self._background.start(chromium.close(tab))
            tab = None
        tab = tab or await chromium.open()
        tab.uses += 1
        return _LentTab(tab, chromium)

    async def _return_tab(self, lent: _LentTab | None) -> None:
        """Reset a lent tab for the next caller, or close it; only then its slot is free."""
        self._count_unanswered(lent)
        try:
            if lent and not lent.chromium.lost.done():
                await self._recycle(lent.tab, lent.chromium)
        finally:
            self._busy -= 1
            self._slots.release()

    def _count_unanswered(self, lent: _LentTab | None) -> None:
        """Let Chromium prove that it is healthy when tabs, or their pages, did not come several times in a row."""
        self._unanswered = self._unanswered + 1 if lent is None or lent.tab.unanswered else 0
        chromium = self._chromium
        if self._unanswered < MAX_UNANSWERED or chromium is None or chromium.lost.done():
            return
        if self._checking is None or self._checking.done():
            self._unanswered = 0
            self._checking = self._background.start(chromium.check_navigation(self._health.url))

    async def _recycle(self, tab: Tab, chromium: Chromium) -> None:
        if not tab.tainted and tab.uses < self._settings.tab_uses:
            try:
                await self._clean(tab)
            except StageError:
                tab.tainted = True
        if tab.tainted or tab.uses >= self._settings.tab_uses:
            await chromium.close(tab)
        elif not chromium.lost.done():
            self._idle.append(tab)

    async def _clean(self, tab: Tab) -> None:
        """End the last page: by an empty one, or where a caller waits for a tab, whose page takes its place, by a stop."""
        is_stopped = bool(self._waiting) and await tab.stop(HANDOVER_SECONDS)
        if not (is_stopped and self._waiting):
            await tab.reset(COMMAND_SECONDS)

    async def _wait_for_chromium(self) -> Chromium:
        """Return the running browser; wait while it is being replaced."""
        await self.wait_started()
        if self._chromium is None or self._start_error:
            raise self._start_error or UpstreamError("The browser is not there.", transient=True)
        return self._chromium

    async def _supervise(self) -> None:
        """Keep one Chromium running: start it, wait until it is lost, close it, start the next one."""
        line = chromium_flags(self._settings, self._endpoints, self._proxy.address, self._health)
        while True:
            chromium = await self._start_chromium(line)
            self._version = chromium.version
            try:
                await self._set_state(chromium, None)
                await asyncio.wait({chromium.lost})
                _log.warning("chromium was lost and is replaced")
            finally:
                self._idle.clear()
                self._chromium = None
                # in the background, so that it is closed even where this task is cancelled meanwhile
                await asyncio.shield(self._background.start(chromium.aclose()))

    async def _start_chromium(self, line: Sequence[str]) -> Chromium:
        """Return a new Chromium; let waiting callers fail after each `START_ATTEMPTS` failed starts."""
        failures = 0
        while True:
            try:
                return await Chromium.start(self._settings, line, self._endpoints.route, self._health.url)
            except StageError as error:
                failures += 1
                _log.warning("chromium does not start", failures=failures, why=str(error))
                if failures % START_ATTEMPTS == 0:
                    await self._set_state(None, UpstreamError(str(error)))
                    await asyncio.sleep(RESTART_PAUSE_SECONDS)

    def _log_guards(self) -> None:
        """Say once what stands between the pages and this machine."""
        own_sandbox = describe_own_sandbox(self._settings)
        network = (
            "its own pages alone" if self._endpoints.route else "public addresses alone, through a proxy"
        )
        log = _log.info if uses_own_sandbox(self._settings) else _log.warning
        log("chromium starts", sandbox=own_sandbox, network=network, devtools="over a pipe")

    async def _set_state(self, chromium: Chromium | None, error: UpstreamError | None) -> None:
        async with self._changed:
            self._chromium, self._start_error = chromium, error
            self._changed.notify_all()
