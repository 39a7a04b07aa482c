"""The server's connections: requests that cannot be parsed get a JSON error, received bytes can be counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod, HttpProcessingError, LineTooLong
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import _ErrInfo

from lens_rx.facts.error_codes import ErrorCode
from lens_rx.settings import Settings
from lens_rx.web.client_address import is_in, limit_key, parse_address
from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.descriptors import FULL_MESSAGE, FULL_RETRY_SECONDS, max_connections
from lens_rx.web.middleware import add_headers, error_response
from lens_rx.web.upload_budget import Reservation

#: An open connection without a request; longer than proxies keep theirs.
IDLE_SECONDS = 75.0
NOT_HTTP_MESSAGE = "This is no HTTP request that can be read."


class RequestHeadTimeout(HttpProcessingError):
    """The head of a request did not arrive in time."""

    code = HTTPStatus.REQUEST_TIMEOUT


class TooManyConnections(HttpProcessingError):
    """There are as many connections as descriptors allow."""

    code = HTTPStatus.SERVICE_UNAVAILABLE


class TooManyFromClient(HttpProcessingError):
    """One client has as many connections as it may."""

    code = HTTPStatus.TOO_MANY_REQUESTS


ERROR_MESSAGES: dict[type[Exception], str] = {
    LineTooLong: "The address or a header is too long.",
    BadHttpMethod: "This method is not known.",
    RequestHeadTimeout: "The request took too long to arrive.",
    TooManyConnections: FULL_MESSAGE,
    TooManyFromClient: "There are too many open connections from this address. Please close some of them.",
}
#: Code and `Retry-After` of errors that are no 400.
KNOWN_CODES: dict[type[Exception], tuple[ErrorCode, int | None]] = {
    RequestHeadTimeout: (ErrorCode.TOO_SLOW, None),
    TooManyConnections: (ErrorCode.UNAVAILABLE, FULL_RETRY_SECONDS),
    TooManyFromClient: (ErrorCode.BUSY, FULL_RETRY_SECONDS),
}


class CountingHandler(web.RequestHandler):
    """A connection; `on_bytes`, where set, gets the size of each read and returns whether to process it.

    The head of a request must arrive within `head_deadline_seconds`, and a connection beyond the limit of
    `max_connections` is answered with 503 at once. A client that reads nothing of an answer for
    `write_deadline_seconds` is disconnected.
    """

    __slots__ = ("_client", "_clients", "_context", "_head_timer", "_write_timer", "on_bytes")

    def __init__(
        self, manager: web.Server, *, context: AppContext, clients: Counter[str], **options: Any
    ) -> None:
        super().__init__(manager, **options)
        self._context = context
        self._clients = clients
        self._client: str | None = None
        self.on_bytes: Callable[[int], bool] | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the deadline for the first request's head, or refuse a connection beyond a limit."""
        super().connection_made(transport)
        settings = self._context.settings
        self._client = _limited_client(transport, settings)
        if self._client is not None:
            self._clients[self._client] += 1
        if self._manager and len(self._manager.connections) > min(max_connections(), settings.connections):
            self._fail(TooManyConnections(message=""))
        elif self._client and self._clients[self._client] > settings.connections_per_client:
            self._fail(TooManyFromClient(message=""))
        else:
            self._start_head_timer()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Stop the deadlines with the connection."""
        self._stop_head_timer()
        self._stop_write_timer()
        if self._client is not None:
            self._clients[self._client] -= 1
            if not self._clients[self._client]:
                del self._clients[self._client]
            self._client = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Process the bytes, or drop them unread where `on_bytes` returns False."""
        if self.on_bytes is None or self.on_bytes(len(data)):
            super().data_received(data)
            if self._messages or self._current_request is not None or self._payload_parser is not None:
                self._stop_head_timer()
            elif self._head_timer is None:
                self._start_head_timer()

    def pause_writing(self) -> None:
        """Start the deadline for a client that does not read, as far as the transport holds its answer."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """Stop that deadline: the client has read."""
        self._stop_write_timer()
        super().resume_writing()

    def _await_reader(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            loop, seconds = asyncio.get_running_loop(), self._context.settings.write_deadline_seconds
            unread = self.transport.get_write_buffer_size()
            self._write_timer = loop.call_later(seconds, self._check_reader, self.transport, unread)

    def _check_reader(self, transport: asyncio.WriteTransport, unread_before: int) -> None:
        if transport.get_write_buffer_size() < unread_before:
            self._await_reader()
        else:
            transport.abort()

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _start_head_timer(self) -> None:
        seconds = self._context.settings.head_deadline_seconds
        self._head_timer = asyncio.get_running_loop().call_later(seconds, self._end_head_wait)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end_head_wait(self) -> None:
        self._head_timer = None
        if self._waiter is not None and not self._waiter.done():
            self._fail(RequestHeadTimeout(message=""))

    def _fail(self, error: HttpProcessingError) -> None:
        """Answer with an error instead of the next request, and close the connection."""
        self._messages.append((_ErrInfo(status=error.code, exc=error, message=error.message), EMPTY_PAYLOAD))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no complete request with an error as JSON; only errors of the server are logged."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        self._context.metrics.count_error("http", exc)
        code, retry_after = KNOWN_CODES.get(type(exc), (ErrorCode.BAD_REQUEST, None))
        response = error_response(code, ERROR_MESSAGES.get(type(exc), NOT_HTTP_MESSAGE), retry_after)
        add_headers(response, request, self._context.settings)
        response.force_close()
        return response


def _limited_client(transport: asyncio.BaseTransport, settings: Settings) -> str | None:
    """Return whose connection it is; None for a trusted proxy, which has one for each of its clients."""
    peer = transport.get_extra_info("peername")
    address = parse_address(peer[0]) if isinstance(peer, tuple) else None
    if address is None or is_in(address, settings.trusted_proxies):
        return None
    return limit_key(peer[0])


def count_received_bytes(request: web.Request, reservation: Reservation) -> None:
    """Count all further bytes of the request's connection against `reservation`."""
    if isinstance(request.protocol, CountingHandler):
        request.protocol.on_bytes = reservation.reserve


class CountingRunner(web.AppRunner):
    """Run the application with a `CountingHandler` for each connection; bodies are not decompressed."""

    def __init__(self, app: web.Application, **options: Any) -> None:
        super().__init__(app, **options)
        self._connections_by_client: Counter[str] = Counter()

    @property
    def server(self) -> Callable[[], CountingHandler] | None:  # type: ignore[override]  # a TCPSite only calls it
        """Return the factory of connections, None until the runner is set up."""
        manager = super().server
        if manager is None:
            return None
        return partial(
            CountingHandler,
            manager,
            context=self.app[APP_CONTEXT],
            clients=self._connections_by_client,
            loop=asyncio.get_running_loop(),
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
        )
