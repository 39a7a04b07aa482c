"""One running Chromium with the connection to it; each of its tabs has cookies of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lens_rx.clients.browser.cdp_session import BrowserConnection, Event
from lens_rx.clients.browser.flags import check_guards, log_unknown_flags
from lens_rx.clients.browser.process import ChromiumProcess, find_chromium
from lens_rx.clients.browser.tab import Tab
from lens_rx.clients.endpoints import Route
from lens_rx.facts.errors import StageError, StageTimeout, UpstreamError
from lens_rx.reactive.background_tasks import BackgroundTasks
from lens_rx.settings import Settings

START_SECONDS = 20.0
#: After its start; the first pages are worth more than a warning, which takes 0.2 s of CPU.
FLAG_CHECK_SECONDS = 10.0
#: Within which a healthy browser answers a command that needs no network.
COMMAND_SECONDS = 10.0
#: Within which a healthy browser opens a page on loopback.
HEALTH_SECONDS = 10.0


class Chromium:
    """A running Chromium. `lost` is done when it no longer answers; even then it has to be closed by `aclose`."""

    def __init__(
        self, process: ChromiumProcess, connection: BrowserConnection, settings: Settings, route: Route | None
    ) -> None:
        self.version = ""
        self._process = process
        self._connection = connection
        self._settings = settings
        self._route = route
        self._tabs: dict[str, Tab] = {}
        self._background = BackgroundTasks()

    @classmethod
    async def start(
        cls, settings: Settings, flags: Sequence[str], route: Route | None, health_url: str
    ) -> Chromium:
        """Start Chromium and return it when it has opened a page; raise `UpstreamError` with words that help."""
        process = await ChromiumProcess.start(find_chromium(settings.chromium), flags)
        connection = None
        try:
            connection = await BrowserConnection.connect(process.pipe)
            chromium = cls(process, connection, settings, route)
            executable = await chromium._initialize(flags)
            await chromium.check_navigation(health_url)
            chromium._background.start(chromium._check_flags(executable, flags))
        except BaseException:
            await process.stop()
            if connection:
                await connection.aclose()
            raise
        if chromium.lost.done():
            await chromium.aclose()
            raise UpstreamError("Chromium started, but opens no page.")
        return chromium

    @property
    def lost(self) -> asyncio.Future[None]:
        """Done when nothing more can be asked of this Chromium."""
        return self._connection.lost

    @property
    def pid(self) -> int:
        """The number of Chromium's process, and of its group."""
        return self._process.pid

    async def open(self) -> Tab:
        """Return a new tab without any cookies."""
        context = await self._call("Target.createBrowserContext", disposeOnDetach=True)
        context_id = str(context["browserContextId"])
        try:
            return await self._open_in(context_id)
        except BaseException:
            self._background.start(self._dispose(context_id))
            raise

    async def cookies(self, tab: Tab) -> list[dict[str, Any]]:
        """Return all cookies of an open tab, as the protocol's `Network.Cookie`; none of a closed one."""
        if tab.context_id not in self._tabs:
            return []
        answer = await self._call("Storage.getCookies", browserContextId=tab.context_id)
        cookies: list[dict[str, Any]] = answer["cookies"]
        return cookies

    async def close(self, tab: Tab) -> None:
        """Close a tab and forget its cookies. A browser that cannot do that in time is lost."""
        self._tabs.pop(tab.context_id, None)
        await tab.aclose()
        await self._dispose(tab.context_id)

    async def check_alive(self) -> None:
        """Mark the browser as lost where it does not answer."""
        try:
            await self._call("Browser.getVersion")
        except StageError:
            self._connection.mark_lost()

    async def check_navigation(self, url: str) -> None:
        """Mark the browser as lost where it does not open the page at `url`, which is known to be healthy."""
        tab = None
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                tab = await self.open()
                await tab.goto_trusted(url, HEALTH_SECONDS)
        except (StageError, TimeoutError):
            self._connection.mark_lost()
        if tab:
            await self.close(tab)

    async def aclose(self) -> None:
        """Kill Chromium with all its processes, and remove its files."""
        self._connection.mark_lost()
        for tab in [*self._tabs.values()]:
            await tab.aclose()
        await self._background.cancel_all()
        # in this order: the connection would wait for a closing message from a process that is stopped
        await self._process.stop()
        await self._connection.aclose()

    async def _initialize(self, flags: Sequence[str]) -> Path:
        """Return Chromium's program, once it is known to guard the network."""
        self._connection.on("Target.targetCreated", self._on_target)
        self._connection.on("Target.targetDestroyed", self._on_destroyed)
        self.version = await self._read_version()
        executable = self._process.executable()
        await asyncio.to_thread(check_guards, executable, flags)
        await self._process.find_children()
        await self._call("Target.setDiscoverTargets", discover=True)
        self._connection.lost.add_done_callback(lambda _: self._mark_tabs_lost())
        self._background.start(self._watch_process())
        return executable

    async def _check_flags(self, executable: Path, flags: Sequence[str]) -> None:
        await asyncio.sleep(FLAG_CHECK_SECONDS)
        await asyncio.to_thread(log_unknown_flags, executable, flags)

    async def _read_version(self) -> str:
        """Return the version, with which Chromium answers when it has started."""
        try:
            return str((await self._connection.call("Browser.getVersion", START_SECONDS))["product"])
        except StageTimeout:
            raise UpstreamError("Chromium started, but did not answer.") from None
        except StageError:
            raise await self._process.explain_end() from None

    async def _watch_process(self) -> None:
        """Notice the end of the process, which the connection does not always report."""
        await self._process.wait()
        self._connection.mark_lost()

    def _mark_tabs_lost(self) -> None:
        for tab in self._tabs.values():
            tab.mark_lost()

    async def _open_in(self, context_id: str) -> Tab:
        await self._call("Browser.setDownloadBehavior", behavior="deny", browserContextId=context_id)
        target = await self._call("Target.createTarget", url="", browserContextId=context_id)
        target_id = str(target["targetId"])
        session = await self._connection.attach(target_id, COMMAND_SECONDS)
        tab = Tab(session, target_id, context_id, self._settings, self._route)
        await tab.prepare()
        self._tabs[context_id] = tab
        return tab

    async def _dispose(self, context_id: str) -> None:
        try:
            await self._call("Target.disposeBrowserContext", browserContextId=context_id)
        except StageError:
            await self.check_alive()

    def _on_target(self, event: Event) -> None:
        """Close the pop-ups that a page opens."""
        target = event["targetInfo"]
        tab = self._tabs.get(target.get("browserContextId", ""))
        if tab and target["type"] == "page" and target["targetId"] != tab.target_id:
            self._background.start(self._close_target(target["targetId"]))

    def _on_destroyed(self, event: Event) -> None:
        """Mark the tab whose page closed itself as lost."""
        for tab in self._tabs.values():
            if tab.target_id == event["targetId"]:
                tab.mark_lost()

    async def _close_target(self, target_id: str) -> None:
        with contextlib.suppress(StageError):
            await self._call("Target.closeTarget", targetId=target_id)

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self._connection.call(method, COMMAND_SECONDS, **parameters)
