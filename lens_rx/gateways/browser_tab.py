"""One tab of Chromium: everything it does ends under a deadline, and fails only by a `StageError`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lens_rx.errors import Broken, DeadlineMissed, Refused
from lens_rx.gateways.addresses import checked
from lens_rx.gateways.browser_wire import Event, Gone, Line
from lens_rx.settings import Settings
from lens_rx.world import Route

BLANK = "about:blank"
POLL_SECONDS = 0.05
#: What a page may load that nobody here looks at.
UNSEEN = ("Image", "Font", "Media")

_HTML = "limit => document.documentElement ? document.documentElement.outerHTML.slice(0, limit) : ''"


class Tab:
    """A page that can be driven. `url` is where it is, `status` what its server answered (0: unknown).

    A tab that missed a deadline, was cancelled in a call, or was lost is `spoiled`: it is not used again.
    """

    def __init__(
        self, line: Line, target_id: str, context_id: str, settings: Settings, route: Route | None
    ) -> None:
        self.target_id = target_id
        self.context_id = context_id
        self.uses = 0
        self.spoiled = False
        self.url = BLANK
        self.status = 0
        self._line = line
        self._seconds = settings.page_deadline
        self._settings = settings
        self._route = route
        self._parsed = asyncio.Event()
        self._open_requests: set[str] = set()
        self._chooser: int | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._frame = ""

    async def prepare(self) -> None:
        """Switch on what the tab needs to be told, and off what nobody looks at."""
        self._listen()
        tree = await self._call("Page.enable", then="Page.getFrameTree")
        self._frame = tree["frameTree"]["frame"]["id"]
        await self._call("Page.setLifecycleEventsEnabled", enabled=True)
        await self._call("Page.setInterceptFileChooserDialog", enabled=True)
        # what it received is read from the document: the browser need not keep the bodies
        await self._call("Network.enable", maxTotalBufferSize=0, maxResourceBufferSize=0)
        await self._call("Inspector.enable")
        if not self._settings.media:
            patterns = [{"urlPattern": "http*", "resourceType": kind} for kind in UNSEEN]
            await self._call("Fetch.enable", patterns=patterns)

    async def goto(self, url: str, seconds: float | None = None) -> int:
        """Open `url` and return its HTTP status once the document is parsed; only public addresses."""
        checked(url, self._route)
        return await self._open(url, seconds or self._seconds)

    async def leave(self, seconds: float) -> None:
        """Go to an empty page, which ends all that the last one does."""
        await self._open(BLANK, seconds)
        self._chooser = None

    async def html(self, seconds: float | None = None) -> str:
        """Return the document as it stands now, cut after `settings.page_bytes` characters."""
        return str(await self.evaluate(_HTML, self._settings.page_bytes, seconds=seconds))

    async def evaluate(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Return what a JavaScript function returns (JSON values); `Gone` where the page went on meanwhile."""
        answer = await self._run(function, arguments, seconds, returnByValue=True)
        return answer.get("value")

    async def click(self, finder: str, *arguments: Any, seconds: float | None = None) -> bool:
        """Click the element that the JavaScript function returns; False where it returns none."""
        script = f"(...a) => {{ const e = ({finder})(...a); if (e) e.click(); return !!e; }}"
        return bool(await self.evaluate(script, *arguments, seconds=seconds))

    async def upload(self, path: Path, finder: str, seconds: float | None = None) -> bool:
        """Give a file to the open file chooser, else to the input that `finder` returns; False without both."""
        if self._chooser is not None:
            place: dict[str, Any] = {"backendNodeId": self._chooser}
            self._chooser = None
        else:
            found = await self._run(finder, (), seconds)
            place = {"objectId": found.get("objectId")}
        if None in place.values():
            return False
        await self._call("DOM.setFileInputFiles", seconds=seconds, files=[str(path)], **place)
        return True

    async def wait_for_chooser(self, finder: str, seconds: float | None = None) -> None:
        """Return when a file chooser is open, or `finder` returns an input for files; else `DeadlineMissed`."""
        found = f"() => !!({finder})()"
        await self._poll(lambda: self._chooser is not None, found, (), seconds)

    @property
    def is_quiet(self) -> bool:
        """True where the page waits for nothing from the network."""
        return not self._open_requests

    async def wait_until(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Return the first true value of a JavaScript function, across navigations; else `DeadlineMissed`."""
        return await self._poll(lambda: False, function, arguments, seconds)

    def lose(self) -> None:
        """Say that the tab is gone: who waits for it is told at once."""
        self.spoiled = True
        self._line.lose()

    async def aclose(self) -> None:
        """End what the tab does by itself; its page is closed by the browser."""
        self.lose()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _poll(
        self, known: Callable[[], bool], function: str, arguments: Sequence[Any], seconds: float | None
    ) -> Any:
        limit = seconds or self._seconds
        loop = asyncio.get_running_loop()
        ends = loop.time() + limit
        while loop.time() < ends:
            if value := known() or await self._glance(function, arguments):
                return value
            await asyncio.sleep(POLL_SECONDS)
        raise DeadlineMissed(f"The page did not get there within {limit:g} s.")

    async def _glance(self, function: str, arguments: Sequence[Any]) -> Any:
        try:
            return await self.evaluate(function, *arguments)
        except Gone:
            return None

    async def _open(self, url: str, seconds: float) -> int:
        self._parsed.clear()
        self._open_requests.clear()
        self.status = 0
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        answer = await self._call("Page.navigate", seconds=seconds, url=url)
        if answer.get("isDownload"):
            raise Refused("The address leads to a file, not to a page.")
        if failure := answer.get("errorText"):
            raise _navigation_failure(failure, self.status)
        try:
            async with asyncio.timeout_at(ends):
                await self._parsed.wait()
        except TimeoutError:
            self.spoiled = True
            raise DeadlineMissed(f"The page did not load within {seconds:g} s.") from None
        return self.status

    async def _run(
        self, function: str, arguments: Sequence[Any], seconds: float | None, **how: Any
    ) -> dict[str, Any]:
        call = f"({function})({', '.join(json.dumps(argument) for argument in arguments)})"
        answer = await self._call(
            "Runtime.evaluate", seconds=seconds, expression=call, awaitPromise=True, userGesture=True, **how
        )
        if "exceptionDetails" in answer:
            raise Broken("The page's script failed.")
        result: dict[str, Any] = answer["result"]
        return result

    async def _call(
        self, method: str, *, seconds: float | None = None, then: str = "", **parameters: Any
    ) -> dict[str, Any]:
        """Ask Chromium; whatever goes wrong, but a page that went on, spoils the tab."""
        try:
            answer = await self._line.call(method, seconds or self._seconds, **parameters)
        except Gone:
            raise
        except BaseException:
            self.spoiled = True
            raise
        return await self._call(then, seconds=seconds) if then else answer

    def _listen(self) -> None:
        handlers: dict[str, Callable[[Event], None]] = {
            "Page.lifecycleEvent": self._on_lifecycle,
            "Page.frameNavigated": self._on_navigated,
            "Page.navigatedWithinDocument": self._on_moved,
            "Page.javascriptDialogOpening": self._on_dialog,
            "Page.fileChooserOpened": self._on_chooser,
            "Network.requestWillBeSent": self._on_request,
            "Network.responseReceived": self._on_response,
            "Network.loadingFinished": self._on_end,
            "Network.loadingFailed": self._on_end,
            "Fetch.requestPaused": self._on_paused,
            "Inspector.targetCrashed": lambda _: self.lose(),
        }
        for event, handler in handlers.items():
            self._line.on(event, handler)

    def _on_lifecycle(self, event: Event) -> None:
        if event["frameId"] != self._frame:
            return
        if event["name"] == "init":
            self._parsed.clear()
        elif event["name"] == "DOMContentLoaded":
            self._parsed.set()

    def _on_navigated(self, event: Event) -> None:
        frame = event["frame"]
        if "parentId" not in frame:
            self.url = frame["url"] + frame.get("urlFragment", "")

    def _on_moved(self, event: Event) -> None:
        if event["frameId"] == self._frame:
            self.url = event["url"]

    def _on_dialog(self, event: Event) -> None:
        # a page that is left asks whether to stay: yes means leave there, elsewhere nobody answers
        leaving = event["type"] == "beforeunload"
        self._do("Page.handleJavaScriptDialog", accept=leaving)

    def _on_chooser(self, event: Event) -> None:
        self._chooser = event.get("backendNodeId")

    def _on_request(self, event: Event) -> None:
        if event.get("type") == "Document" and event.get("frameId") == self._frame:
            self._open_requests.clear()
        if not event["request"]["url"].startswith(("data:", "blob:")):
            self._open_requests.add(event["requestId"])

    def _on_response(self, event: Event) -> None:
        if event.get("type") == "Document" and event.get("frameId") == self._frame:
            self.status = int(event["response"]["status"])

    def _on_end(self, event: Event) -> None:
        self._open_requests.discard(event["requestId"])

    def _on_paused(self, event: Event) -> None:
        self._do("Fetch.failRequest", requestId=event["requestId"], errorReason="BlockedByClient")

    def _do(self, method: str, **parameters: Any) -> None:
        """Answer an event; should that fail, the call that waits for the page tells it."""
        task = asyncio.create_task(self._quietly(method, parameters))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _quietly(self, method: str, parameters: dict[str, Any]) -> None:
        await asyncio.gather(self._line.call(method, self._seconds, **parameters), return_exceptions=True)


def _navigation_failure(failure: str, status: int) -> Broken | Refused:
    """Return what Chromium's word for a failed navigation means to us."""
    if status >= 400:
        return Broken(f"The site answered with status {status}.", transient=status >= 500)
    if "SOCKS" in failure or "BLOCKED" in failure:
        # the guard, which is a proxy, says no to nothing else
        return Refused("The address is not public.")
    return Broken("The site cannot be reached.", transient=True)
