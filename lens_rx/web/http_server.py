"""One connection: what is no HTTP is refused as everything else is, and what arrives can be counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import BadHttpMethod, HttpProcessingError, LineTooLong

from lens_rx.web.context import SERVICE, AppContext
from lens_rx.web.middleware import add_headers, error_response
from lens_rx.web.upload_budget import Reservation

UNREADABLE = "This is no HTTP request that can be read."
WORDS: dict[type[Exception], str] = {
    LineTooLong: "The address or a header is too long.",
    BadHttpMethod: "This method is not known.",
}


class CountingHandler(web.RequestHandler):
    """A connection; `counted` is told how many bytes arrived, and says whether they may be taken."""

    __slots__ = ("_service", "counted")

    def __init__(self, manager: web.Server, *, service: AppContext, **options: Any) -> None:
        super().__init__(manager, **options)
        self._service = service
        self.counted: Callable[[int], bool] | None = None

    def data_received(self, data: bytes) -> None:
        """Take what arrived, unless the one that counts it says no: then it is dropped unread."""
        if self.counted is None or self.counted(len(data)):
            super().data_received(data)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Refuse in JSON what never reached a handler; only what is a fault of ours is logged."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        self._service.metrics.count_error("http", exc)
        response = error_response(HTTPStatus.BAD_REQUEST, WORDS.get(type(exc), UNREADABLE))
        add_headers(response, request, self._service.settings)
        response.force_close()
        return response


def counted(request: web.Request, share: Reservation) -> None:
    """Count from now on what arrives on a request's connection as part of a share."""
    if isinstance(request.protocol, CountingHandler):
        request.protocol.counted = share.take


class Runner(web.AppRunner):
    """Runs the application behind connections that are a `CountingHandler` each; bodies arrive as they were sent."""

    @property
    def server(self) -> Callable[[], CountingHandler] | None:  # type: ignore[override]  # a site only calls it
        """Return what makes a connection, once the runner is set up."""
        manager = super().server
        options = {"loop": asyncio.get_running_loop(), "access_log": None, "auto_decompress": False}
        return partial(CountingHandler, manager, service=self.app[SERVICE], **options) if manager else None
