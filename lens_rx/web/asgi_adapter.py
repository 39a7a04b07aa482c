"""Answer a request by an ASGI application, with a body that was read before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

from aiohttp import web

from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.write_timeout import write_timeout

Message = MutableMapping[str, Any]
Receive = Callable[[], Coroutine[Any, Any, Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
AsgiApp = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]
#: Headers of a connection, which are the server's and not the application's.
CONNECTION_HEADERS = frozenset({b"connection", b"transfer-encoding", b"keep-alive"})
LEAVE_SECONDS = 2.0


class AsgiExchange:
    """One request and its answer, as an ASGI application sees them; what is sent to a client that left is dropped."""

    def __init__(self, request: web.Request, body: bytes) -> None:
        self._request = request
        self._body: bytes | None = body
        self._left = asyncio.Event()
        self.response: web.StreamResponse | None = None

    def scope(self, **extra: object) -> Message:
        """Return the request as ASGI 3 describes it, with what else the application is to know."""
        request = self._request
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": f"{request.version.major}.{request.version.minor}",
            "method": request.method,
            "scheme": request.scheme,
            "path": request.path,
            "raw_path": request.rel_url.raw_path.encode(),
            "root_path": "",
            "query_string": request.rel_url.raw_query_string.encode(),
            "headers": [(name.lower(), value) for name, value in request.raw_headers],
            **extra,
        }

    async def receive(self) -> Message:
        """Return the body, then, once the client has left, that it has."""
        if self._body is None:
            await self._left.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    def disconnect(self) -> None:
        """Tell the application that the client has left."""
        self._left.set()

    async def send(self, message: Message) -> None:
        """Begin the response, or write a part of it."""
        if self._left.is_set():
            return
        try:
            seconds = self._request.app[APP_CONTEXT].settings.write_deadline_seconds
            async with write_timeout(seconds, self._request):
                await self._write(message)
        except ConnectionError:
            self.disconnect()

    async def _write(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.response = web.StreamResponse(status=message["status"])
            for name, value in message.get("headers", ()):
                if name.lower() not in CONNECTION_HEADERS:
                    self.response.headers.add(name.decode("latin-1"), value.decode("latin-1"))
            await self.response.prepare(self._request)
        elif self.response is not None:
            if body := message.get("body", b""):
                await self.response.write(body)
            if not message.get("more_body", False):
                await self.response.write_eof()


async def answer_asgi(request: web.Request, app: AsgiApp, body: bytes, **extra: object) -> web.StreamResponse:
    """Return the response that the application has sent; `extra` is added to its scope.

    An application ends by itself when it is told that its client has left, or is cancelled after `LEAVE_SECONDS`.
    """
    exchange = AsgiExchange(request, body)
    running = create_task(app(exchange.scope(**extra), exchange.receive, exchange.send))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        exchange.disconnect()
        await asyncio.wait({running}, timeout=LEAVE_SECONDS)
        raise
    finally:
        await cancel_and_wait(running)
    if exchange.response is None:
        raise web.HTTPInternalServerError
    return exchange.response
