"""One tab of Chromium: every call has a deadline, and fails only with a `StageError`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lens_rx.clients.browser.cdp_session import CdpSession, ConnectionLost
from lens_rx.clients.browser.navigation import Navigation
from lens_rx.clients.browser.page_events import PageEvents
from lens_rx.clients.browser.page_scripts import HTML, STOP
from lens_rx.clients.endpoints import Route
from lens_rx.clients.http.url_policy import check_url
from lens_rx.facts.errors import StageError, StageTimeout, UpstreamError
from lens_rx.settings import Settings

POLL_SECONDS = 0.025
#: The least time that one evaluation in the page gets.
MIN_EVALUATE_SECONDS = 2.0
#: Types of resources that are not loaded unless `settings.media` is set.
BLOCKED_RESOURCES = ("Image", "Font", "Media")


class Tab:
    """A page that can be driven; a call without `seconds` has `settings.page_deadline_seconds`.

    A tab that missed a deadline, was cancelled in a call, or was lost is `tainted`, and not used again. It is
    `unanswered` where its last page did not come before the deadline, or before the caller was cancelled.
    """

    def __init__(
        self, session: CdpSession, target_id: str, context_id: str, settings: Settings, route: Route | None
    ) -> None:
        self.target_id = target_id
        self.context_id = context_id
        self.uses = 0
        self.tainted = False
        self.unanswered = False
        self._session = session
        self._seconds = settings.page_deadline_seconds
        self._settings = settings
        self._route = route
        self._events = PageEvents(session, self._seconds)
        self._navigation = Navigation(session, self._events, self._call)

    async def prepare(self) -> None:
        """Enable the events that the tab needs, and block resources that are not needed."""
        self._session.on("Inspector.targetCrashed", lambda _: self.mark_lost())
        tree = await self._call("Page.enable", then="Page.getFrameTree")
        self._events.frame = tree["frameTree"]["frame"]["id"]
        await self._call("Page.setLifecycleEventsEnabled", enabled=True)
        await self._call("Page.setInterceptFileChooserDialog", enabled=True)
        # content is read from the document: the browser need not keep the response bodies
        await self._call("Network.enable", maxTotalBufferSize=0, maxResourceBufferSize=0)
        await self._call("Inspector.enable")
        if not self._settings.media:
            patterns = [{"urlPattern": "http*", "resourceType": kind} for kind in BLOCKED_RESOURCES]
            await self._call("Fetch.enable", patterns=patterns)

    async def goto(self, url: str, seconds: float | None = None) -> int:
        """Open `url` and return its HTTP status once the document is parsed; only public addresses."""
        check_url(url, self._route)
        return await self.goto_trusted(url, seconds or self._seconds)

    async def goto_trusted(self, url: str, seconds: float) -> int:
        """Open `url` without a check of the address, and return its HTTP status once the document is parsed."""
        self.unanswered = True
        try:
            status = await self._navigation.goto(url, seconds)
        except StageTimeout:
            self.tainted = True
            raise
        except StageError:
            self.unanswered = False
            raise
        self.unanswered = False
        return status

    async def reset(self, seconds: float) -> None:
        """Go to an empty page, which ends everything that the last one does; raise a `StageError` where that goes on."""
        try:
            await self._navigation.goto_blank(seconds)
        except StageTimeout:
            self.tainted = True
            raise

    async def stop(self, seconds: float) -> bool:
        """End what the page does, and tell whether it let itself be ended; raise a `StageError` where it does not answer."""
        return bool(await self._try_evaluate(STOP, (), seconds))  # one that went on meanwhile is not ended

    async def html(self, seconds: float | None = None) -> str:
        """Return the document as it stands now, cut after `settings.page_bytes` characters."""
        return str(await self.evaluate(HTML, self._settings.page_bytes, seconds=seconds))

    async def evaluate(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Return what a JavaScript function returns (JSON values); `ConnectionLost` where the page went on meanwhile."""
        answer = await self._evaluate(function, arguments, seconds, returnByValue=True)
        return answer.get("value")

    async def click(self, finder: str, *arguments: Any, seconds: float | None = None) -> bool:
        """Click the element that the JavaScript function returns; False where it returns none."""
        script = f"(...a) => {{ const e = ({finder})(...a); if (e) e.click(); return !!e; }}"
        return bool(await self.evaluate(script, *arguments, seconds=seconds))

    async def upload(self, path: Path, finder: str, seconds: float | None = None) -> bool:
        """Give a file to the open file chooser, else to the input that `finder` returns; False without both."""
        if self._events.chooser is not None:
            place: dict[str, Any] = {"backendNodeId": self._events.chooser}
            self._events.chooser = None
        else:
            found = await self._evaluate(finder, (), seconds)
            place = {"objectId": found.get("objectId")}
        if None in place.values():
            return False
        await self._call("DOM.setFileInputFiles", seconds=seconds, files=[str(path)], **place)
        return True

    async def wait_for_chooser(self, finder: str, seconds: float | None = None) -> None:
        """Return when a file chooser is open, or `finder` returns an input for files; else `StageTimeout`."""
        found = f"() => !!({finder})()"
        await self._poll(lambda: self._events.chooser is not None, found, (), seconds)

    @property
    def url(self) -> str:
        """Where the page is now."""
        return self._events.url

    @property
    def status(self) -> int:
        """What the page's server answered, 0 where that is not known."""
        return self._events.status

    @property
    def document_status(self) -> int:
        """What the server answered with this very document, 0 where it did not, or broke off in it."""
        return self._events.document_status

    @property
    def request_headers(self) -> Mapping[str, str]:
        """What was sent to ask for the document, without cookies and the headers that the network adds."""
        return self._events.request_headers

    @property
    def is_quiet(self) -> bool:
        """True where the page waits for nothing from the network."""
        return not self._events.requests

    async def wait_until(self, function: str, *arguments: Any, seconds: float | None = None) -> Any:
        """Return the first truthy value of a JavaScript function, across navigations; else raise `StageTimeout`."""
        return await self._poll(lambda: False, function, arguments, seconds)

    def mark_lost(self) -> None:
        """Mark the tab as lost: callers that wait for it fail at once."""
        self.tainted = True
        self._session.mark_lost()
        self._events.parsed.set()

    async def aclose(self) -> None:
        """Cancel the tab's background tasks; the browser closes its page."""
        self.mark_lost()
        await self._events.aclose()

    async def _poll(
        self, known: Callable[[], bool], function: str, arguments: Sequence[Any], seconds: float | None
    ) -> Any:
        limit = seconds or self._seconds
        loop = asyncio.get_running_loop()
        ends = loop.time() + limit
        # a page that waits for a navigation does not answer: it gets the time that is left, but never so little
        # that a healthy page would count as hanging
        while (left := ends - loop.time()) > 0:
            if value := known() or await self._try_evaluate(
                function, arguments, max(left, MIN_EVALUATE_SECONDS)
            ):
                return value
            await asyncio.sleep(POLL_SECONDS)
        raise StageTimeout(f"The page did not get there within {limit:g} s.")

    async def _try_evaluate(self, function: str, arguments: Sequence[Any], seconds: float) -> Any:
        try:
            return await self.evaluate(function, *arguments, seconds=seconds)
        except ConnectionLost:
            return None

    async def _evaluate(
        self, function: str, arguments: Sequence[Any], seconds: float | None, **how: Any
    ) -> dict[str, Any]:
        call = f"({function})({', '.join(json.dumps(argument) for argument in arguments)})"
        answer = await self._call(
            "Runtime.evaluate", seconds=seconds, expression=call, awaitPromise=True, userGesture=True, **how
        )
        if "exceptionDetails" in answer:
            raise UpstreamError("The page's script failed.")
        result: dict[str, Any] = answer["result"]
        return result

    async def _call(
        self, method: str, *, seconds: float | None = None, then: str = "", **parameters: Any
    ) -> dict[str, Any]:
        """Call Chromium; any failure but a navigated page taints the tab."""
        try:
            answer = await self._session.call(method, seconds or self._seconds, **parameters)
        except ConnectionLost:
            raise
        except BaseException:
            self.tainted = True
            raise
        return await self._call(then, seconds=seconds) if then else answer
