"""The server's connections: requests that cannot be parsed get a JSON error, received bytes can be counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod, HttpProcessingError, LineTooLong

from lens_rx.web.context import APP_CONTEXT, AppContext
from lens_rx.web.middleware import add_headers, error_response
from lens_rx.web.upload_budget import Reservation

NOT_HTTP_MESSAGE = "This is no HTTP request that can be read."
ERROR_MESSAGES: dict[type[Exception], str] = {
    LineTooLong: "The address or a header is too long.",
    BadHttpMethod: "This method is not known.",
}


class CountingHandler(web.RequestHandler):
    """A connection; `on_bytes`, where set, gets the size of each read and returns whether to process it."""

    __slots__ = ("_context", "on_bytes")

    def __init__(self, manager: web.Server, *, context: AppContext, **options: Any) -> None:
        super().__init__(manager, **options)
        self._context = context
        self.on_bytes: Callable[[int], bool] | None = None

    def data_received(self, data: bytes) -> None:
        """Process the bytes, or drop them unread where `on_bytes` returns False."""
        if self.on_bytes is None or self.on_bytes(len(data)):
            super().data_received(data)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that cannot be parsed with 400 as JSON; only errors of the server are logged."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        self._context.metrics.count_error("http", exc)
        response = error_response(HTTPStatus.BAD_REQUEST, ERROR_MESSAGES.get(type(exc), NOT_HTTP_MESSAGE))
        add_headers(response, request, self._context.settings)
        response.force_close()
        return response


def count_received_bytes(request: web.Request, reservation: Reservation) -> None:
    """Count all further bytes of the request's connection against `reservation`."""
    if isinstance(request.protocol, CountingHandler):
        request.protocol.on_bytes = reservation.reserve


class CountingRunner(web.AppRunner):
    """Run the application with a `CountingHandler` for each connection; bodies are not decompressed."""

    @property
    def server(self) -> Callable[[], CountingHandler] | None:  # type: ignore[override]  # a TCPSite only calls it
        """Return the factory of connections, None until the runner is set up."""
        manager = super().server
        options = {"loop": asyncio.get_running_loop(), "access_log": None, "auto_decompress": False}
        return (
            partial(CountingHandler, manager, context=self.app[APP_CONTEXT], **options) if manager else None
        )
