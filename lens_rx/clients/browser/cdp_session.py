"""Sessions of the Chrome DevTools Protocol through pyppeteer: calls with deadlines, and typed errors.

Only pyppeteer's connection and sessions are used. Its `Page` waits for ever where a renderer is gone
(pyppeteer/pyppeteer#144) and breaks on events that newer Chromiums send, so that tabs are driven by the
protocol's own methods (https://chromedevtools.github.io/devtools-protocol/).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from pyppeteer.connection import CDPSession, Connection
from pyppeteer.errors import PyppeteerError

from lens_rx.clients.browser.devtools_pipe import DevToolsPipe
from lens_rx.facts.errors import StageTimeout, UpstreamError
from lens_rx.reactive.interop import create_task

CLOSE_SECONDS = 2.0

Event = Mapping[str, Any]
Handler = Callable[[Event], None]


class ConnectionLost(UpstreamError):
    """The page that was called is gone: it navigated, or was closed."""


class CdpSession:
    """One session of the protocol: with the browser itself, or with one page of it.

    `lost` is done once nothing will be answered any more; open calls then fail at once.
    """

    def __init__(self, session: Connection | CDPSession) -> None:
        self._session = session
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on(self, event: str, handler: Handler) -> None:
        """Call `handler` with the parameters of each `event`."""
        self._session.on(event, handler)

    def mark_lost(self) -> None:
        """Mark the session as lost: nothing will be answered any more."""
        if not self.lost.done():
            self.lost.set_result(None)

    async def call(self, method: str, seconds: float, **parameters: Any) -> dict[str, Any]:
        """Return Chromium's answer; raise `StageTimeout` after `seconds`, else `UpstreamError` or `ConnectionLost`."""
        answer = self._send(method, parameters)
        # never cancelled: an answer to a cancelled future ends pyppeteer's reader
        ends: set[asyncio.Future[Any]] = {answer, self.lost}
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return _result(answer)
        if self.lost.done():
            raise UpstreamError("The browser was lost on the way.", transient=True)
        raise StageTimeout(f"The browser did not answer within {seconds:g} s.")

    def _send(self, method: str, parameters: dict[str, Any]) -> asyncio.Future[dict[str, Any] | None]:
        try:
            answer: asyncio.Future[dict[str, Any] | None] = self._session.send(method, parameters)
        except (PyppeteerError, ConnectionError) as error:
            raise UpstreamError("The browser is gone.", transient=True) from error
        answer.add_done_callback(_ignore_failure)
        return answer


class BrowserConnection(CdpSession):
    """The session with the browser itself; attaches those with its pages."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._connection = connection
        connection.setClosedCallback(self.mark_lost)

    @classmethod
    async def connect(cls, pipe: DevToolsPipe) -> BrowserConnection:
        """Return the connection to the browser at the other end of `pipe`."""
        connection = _QuietConnection(pipe)
        # one turn of the loop; `send` before that is a busy loop in pyppeteer
        while not connection.has_started:  # noqa: ASYNC110 # nothing else tells it
            await asyncio.sleep(0)
        return cls(connection)

    async def attach(self, target_id: str, seconds: float) -> CdpSession:
        """Return the session with a page."""
        session_id = (await self.call("Target.attachToTarget", seconds, targetId=target_id))["sessionId"]
        session = CDPSession(self._connection, "page", session_id, asyncio.get_running_loop())
        # as its `createSession` does, whose wait has no deadline
        self._connection._sessions[session_id] = session  # noqa: SLF001
        return CdpSession(session)

    async def aclose(self) -> None:
        """Close the connection."""
        self.mark_lost()
        closing = create_task(self._connection.dispose())
        await asyncio.wait({closing}, timeout=CLOSE_SECONDS)
        closing.cancel()


class _QuietConnection(Connection):  # type: ignore[misc] # pyppeteer is untyped
    """A connection over a pipe whose unread failures are not printed at exit; closing a page leaves some."""

    def __init__(self, pipe: DevToolsPipe) -> None:
        super().__init__("ws://pipe", asyncio.get_running_loop())
        # instead of the web socket, before the reader, which was made above, runs for the first time
        self._ws = pipe

    def send(self, method: str, params: dict[str, Any] | None = None) -> asyncio.Future[Any]:
        """Send a message; the future is its answer."""
        answer: asyncio.Future[Any] = super().send(method, params)
        answer.add_done_callback(_ignore_failure)
        return answer

    @property
    def has_started(self) -> bool:
        """True once messages are read, also when their end was read already."""
        return bool(self._connected) or self._recv_fut.done()


def _ignore_failure(answer: asyncio.Future[Any]) -> None:
    """Read the failure of a call that nobody waits for, so that asyncio does not report it."""
    if not answer.cancelled():
        answer.exception()


def _result(answer: asyncio.Future[dict[str, Any] | None]) -> dict[str, Any]:
    """Return the answer of a call; raise `ConnectionLost` where the page is gone, else `UpstreamError`."""
    try:
        result = answer.result()
    except (PyppeteerError, ConnectionError) as error:
        raise _to_error(str(error)) from error
    if result is None:
        raise UpstreamError("The browser was lost on the way.", transient=True)
    return result


_NAVIGATION_MESSAGES = (
    "context was destroyed",
    "cannot find context",
    "navigated or closed",
    "context with specified id",
)


def _to_error(words: str) -> UpstreamError:
    if any(sign in words.lower() for sign in _NAVIGATION_MESSAGES):
        return ConnectionLost("The page went elsewhere.", transient=True)
    return UpstreamError("The browser could not do what was asked.", transient=True)
