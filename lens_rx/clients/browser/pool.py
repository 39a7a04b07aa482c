"""Chromium for everyone: a bounded pool of warm tabs over one browser that is replaced when it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp.abc import AbstractResolver

from lens_rx.clients.browser.chromium import PROMPT_SECONDS, Chromium
from lens_rx.clients.browser.egress_proxy import EgressProxy
from lens_rx.clients.browser.flags import flags
from lens_rx.clients.browser.process import clear_leftovers
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import StageError, UpstreamError
from lens_rx.reactive.background_tasks import BackgroundTasks
from lens_rx.settings import Settings

START_TRIES = 3
#: How long callers are told at once that Chromium does not start, before it is tried again.
PAUSE_SECONDS = 15.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Lease:
    """A tab, and the browser that it belongs to: by the time it comes back there may be another."""

    tab: Tab
    engine: Chromium


class BrowserPool:
    """The pool. `ready` while Chromium answers; who comes while it is replaced waits for the new one.

    Every tab has cookies of its own, which live as long as the tab: `settings.tab_uses` pages, or
    until something goes wrong in it. `names` looks up the hosts of a world without a route.
    """

    def __init__(self, settings: Settings, world: Endpoints, names: AbstractResolver | None = None) -> None:
        self._settings = settings
        self._world = world
        self._guard = EgressProxy(names)
        self._free = asyncio.Semaphore(settings.tabs)
        self._idle: list[Tab] = []
        self._busy = 0
        self._engine: Chromium | None = None
        self._fault: UpstreamError | None = None
        self._changed = asyncio.Condition()
        self._keeping = BackgroundTasks()
        self._errands = BackgroundTasks()
        self._version = ""

    async def start(self) -> None:
        """Start Chromium; raise `UpstreamError` with words that say what to do. It is then tried on and on."""
        await asyncio.to_thread(clear_leftovers)
        await self._guard.start()
        self._keeping.start(self._keep())
        await self._running()

    async def aclose(self) -> None:
        """End Chromium and all that was done with it; what still waits for it fails as `UpstreamError`."""
        await self._keeping.cancel_all()
        await self._told(None, UpstreamError("The browser is closed."))
        await self._errands.join()
        await self._guard.aclose()

    @property
    def ready(self) -> bool:
        """True while a Chromium is there that answers."""
        return self._engine is not None and not self._engine.lost.done()

    def version(self) -> str:
        """Return what Chromium calls itself ("Chrome/156.0.1"), empty before the first start."""
        return self._version

    def tabs(self) -> dict[str, int]:
        """Return how many tabs are in which state."""
        return {"idle": len(self._idle), "busy": self._busy}

    @asynccontextmanager
    async def tab(self, *, fresh: bool = False) -> AsyncIterator[Tab]:
        """Lend a warm tab, or with `fresh` one without cookies; it waits while all are lent.

        Raises `UpstreamError`: transient where the browser was lost on the way, otherwise it does not start.
        """
        await self._free.acquire()
        self._busy += 1
        lent: _Lease | None = None
        try:
            lent = await self._lend(fresh=fresh)
            yield lent.tab
        finally:
            self._errands.start(self._give_back(lent))

    async def _lend(self, *, fresh: bool) -> _Lease:
        engine = await self._running()
        tab = self._idle.pop() if self._idle else None
        if tab and fresh:
            self._errands.start(engine.close(tab))
            tab = None
        tab = tab or await engine.open()
        tab.uses += 1
        return _Lease(tab, engine)

    async def _give_back(self, lent: _Lease | None) -> None:
        """Empty a lent tab for the next one, or close it; only then its place is free."""
        try:
            if lent and not lent.engine.lost.done():
                await self._tidy(lent.tab, lent.engine)
        finally:
            self._busy -= 1
            self._free.release()

    async def _tidy(self, tab: Tab, engine: Chromium) -> None:
        if not tab.spoiled and tab.uses < self._settings.tab_uses:
            try:
                await tab.leave(PROMPT_SECONDS)
            except StageError:
                tab.spoiled = True
        if tab.spoiled or tab.uses >= self._settings.tab_uses:
            await engine.close(tab)
        elif not engine.lost.done():
            self._idle.append(tab)

    async def _running(self) -> Chromium:
        """Return the browser that is up; wait for it while it is being replaced."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.ready or self._fault)
        if self._engine is None or self._fault:
            raise self._fault or UpstreamError("The browser is not there.", transient=True)
        return self._engine

    async def _keep(self) -> None:
        """Keep one Chromium up: start it, wait until it is lost, bury it, start the next one."""
        told = await flags(self._settings, self._world, self._guard.address)
        while True:
            engine = await self._started(told)
            self._version = engine.version
            try:
                await self._told(engine, None)
                await asyncio.wait({engine.lost})
                _log.warning("chromium was lost and is replaced")
            finally:
                self._idle.clear()
                self._engine = None
                # an errand: the burial goes on where this is cancelled meanwhile
                await asyncio.shield(self._errands.start(engine.aclose()))

    async def _started(self, told: Sequence[str]) -> Chromium:
        """Return a new Chromium; tell the waiting ones each time that it failed to start three times."""
        failures = 0
        while True:
            try:
                return await Chromium.start(self._settings, told, self._world.route)
            except StageError as error:
                failures += 1
                _log.warning("chromium does not start", failures=failures, why=str(error))
                if failures % START_TRIES == 0:
                    await self._told(None, UpstreamError(str(error)))
                    await asyncio.sleep(PAUSE_SECONDS)

    async def _told(self, engine: Chromium | None, fault: UpstreamError | None) -> None:
        async with self._changed:
            self._engine, self._fault = engine, fault
            self._changed.notify_all()
