"""The state of a page, kept up by its events, and the automatic answers to some of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from lens_rx.clients.browser.cdp_session import CdpSession, Event
from lens_rx.reactive.background_tasks import BackgroundTasks

BLANK = "about:blank"
#: Types of requests that a page does not wait for.
_IGNORED_TYPES = frozenset({"EventSource", "Manifest", "Media", "Ping", "Prefetch"})


class PageEvents:
    """The page's state, kept up by its events: `url`, `status` (0: unknown), an open file `chooser`.

    `request_headers` are those that the page set on the request for its document, without cookies.
    `parsed` is set while the document of the main frame can be read, and when it never will be, because its
    transfer broke off (`is_broken`). Dialogs are dismissed, and intercepted requests fail.
    """

    def __init__(self, session: CdpSession, seconds: float) -> None:
        self.frame = ""
        self.url = BLANK
        self.status = 0
        self.chooser: int | None = None
        self.parsed = asyncio.Event()
        self.requests: set[str] = set()
        self.request_headers: Mapping[str, str] = {}
        self._begun: deque[str] = deque(maxlen=16)
        self._expected = ""
        self._asked: set[str] = set()
        self._document = ""
        self._requested = ""
        self._answered = ""
        self._received = ""
        self._broken = ""
        self._session = session
        self._seconds = seconds
        self._background = BackgroundTasks()
        self._subscribe()

    def reset(self) -> None:
        """Reset the state, because another document is about to be opened."""
        self.parsed.clear()
        self._begun.clear()
        self._asked.clear()
        self._expected = ""
        self.requests.clear()
        self.status = 0
        self.chooser = None

    def expect(self, document: str) -> None:
        """Wait for this document, or a later one: `parsed` is not set for the page that is being left."""
        self._expected = document
        if document not in self._begun:
            self.parsed.clear()

    def is_contested(self, document: str) -> bool:
        """Tell whether the page that is being left has asked for another document before this one was answered."""
        return bool(self._asked - {document})

    @property
    def is_last(self) -> bool:
        """True where no other document was asked for that may still take the place of the expected one."""
        return not self.is_contested(self._expected)

    @property
    def is_broken(self) -> bool:
        """True where the transfer of the document broke off."""
        return bool(self._document) and self._document == self._broken

    @property
    def document_status(self) -> int:
        """The status that came with this very document, 0 where none did or where it is not whole.

        Nor is there one where a later document was asked for: it may be shown although it is not announced.
        """
        is_whole = self._document == self._requested == self._answered == self._received
        return self.status if is_whole else 0

    async def aclose(self) -> None:
        """Cancel the answers that are being sent."""
        await self._background.cancel_all()

    def _subscribe(self) -> None:
        handlers: dict[str, Callable[[Event], None]] = {
            "Page.lifecycleEvent": self._on_lifecycle,
            "Page.frameNavigated": self._on_navigated,
            "Page.navigatedWithinDocument": self._on_navigated_within,
            "Page.javascriptDialogOpening": self._on_dialog,
            "Page.fileChooserOpened": self._on_chooser,
            "Network.requestWillBeSent": self._on_request,
            "Network.responseReceived": self._on_response,
            "Network.loadingFinished": self._on_finished,
            "Network.loadingFailed": self._on_failure,
            "Fetch.requestPaused": self._on_paused,
        }
        for event, handler in handlers.items():
            self._session.on(event, handler)

    def _on_lifecycle(self, event: Event) -> None:
        if event["frameId"] != self.frame:
            return
        if event["name"] == "init":
            self.parsed.clear()
        elif event["name"] == "DOMContentLoaded":
            self._set_parsed()

    def _set_parsed(self) -> None:
        if not self._expected or self._expected in self._begun:
            self.parsed.set()

    def _on_navigated(self, event: Event) -> None:
        frame = event["frame"]
        if "parentId" not in frame:
            self.url = frame["url"] + frame.get("urlFragment", "")
            self._document = frame["loaderId"]
            self._begun.append(self._document)
            self.requests &= {self._document}  # those of the document before end without a word

    def _on_navigated_within(self, event: Event) -> None:
        if event["frameId"] == self.frame:
            self.url = event["url"]

    def _on_dialog(self, event: Event) -> None:
        # a page that is left may ask for confirmation: it is given there, and nowhere else
        self._reply("Page.handleJavaScriptDialog", accept=event["type"] == "beforeunload")

    def _on_chooser(self, event: Event) -> None:
        self.chooser = event.get("backendNodeId")

    def _on_request(self, event: Event) -> None:
        if self._is_document(event):
            self.requests.clear()
            if not self.status:
                self._asked.add(event["requestId"])
            self._requested = event["requestId"]  # that of a document has the number of its loader
            self.request_headers = event["request"]["headers"]
        if event.get("type") not in _IGNORED_TYPES and event["request"]["url"].startswith("http"):
            self.requests.add(event["requestId"])

    def _on_response(self, event: Event) -> None:
        if self._is_document(event):
            self.status = int(event["response"]["status"])
            self._answered = event["loaderId"]

    def _on_finished(self, event: Event) -> None:
        self._on_end(event)
        if event["requestId"] == self._answered:
            self._received = self._answered

    def _on_end(self, event: Event) -> None:
        self.requests.discard(event["requestId"])

    def _on_failure(self, event: Event) -> None:
        self._on_end(event)
        # one that the page itself left is no failure
        if event["requestId"] == self._document and not event.get("canceled"):
            self._broken = self._document
            self._set_parsed()

    def _on_paused(self, event: Event) -> None:
        self._reply("Fetch.failRequest", requestId=event["requestId"], errorReason="BlockedByClient")

    def _is_document(self, event: Event) -> bool:
        return event.get("type") == "Document" and event.get("frameId") == self.frame

    def _reply(self, method: str, **parameters: Any) -> None:
        self._background.start(self._send(method, parameters))

    async def _send(self, method: str, parameters: dict[str, Any]) -> None:
        # a failure is reported by the call that waits for the page
        await asyncio.gather(self._session.call(method, self._seconds, **parameters), return_exceptions=True)
