"""`/mcp`: the protocol over HTTP, at the service's own port; the SDK is imported with the first request."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from aiohttp import web

from lens_rx.clients.protocols import PhotoReader
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import NotFound, TooLarge, Unavailable
from lens_rx.mcp.installation import HOW_TO_INSTALL, is_installed
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.web.access_control import check_origin, requester_of
from lens_rx.web.context import AppContext
from lens_rx.web.middleware import handle_expect
from lens_rx.web.upload_budget import Reservation
from lens_rx.web.upload_pace import UploadPace

if TYPE_CHECKING:
    from lens_rx.mcp.http_sessions import HttpSessions

PATH = "/mcp"
#: Bytes of a request at most, which is parsed in one go while all else waits, and those beside its photos.
MAX_BODY_BYTES, OVERHEAD_BYTES = 16_000_000, 100_000
TOO_SLOW = "The request took too long to arrive. Please try again."


class McpEndpoint:
    """Answers requests at `/mcp` until `aclose`."""

    def __init__(self, context: AppContext, photo_reader: PhotoReader) -> None:
        self._context = context
        self._photo_reader = photo_reader
        self._starting = asyncio.Lock()
        self._sessions: HttpSessions | None = None
        self._running: asyncio.Task[None] | None = None
        # base64 takes four bytes for three
        photo_bytes = context.settings.max_photo_bytes * 4 // 3
        self.max_body_bytes = min(MAX_BODY_BYTES, photo_bytes + OVERHEAD_BYTES)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the application."""
        return [
            web.post(PATH, self.handle, expect_handler=handle_expect),
            web.get(PATH, self.handle, allow_head=False),
            web.delete(PATH, self.handle),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request; raise what refuses it before the protocol sees it."""
        check_origin(request)  # also of a GET, which would open a stream
        if not is_installed():
            raise NotFound(f"{HOW_TO_INSTALL}.", code=ErrorCode.NOT_FOUND)
        pace, client = UploadPace(self._context.settings), requester_of(request).client
        with self._context.upload_budget.open_reservation(client, pace) as reservation:
            body = await self._read_body(request, reservation, pace)
            sessions = self._sessions or await self._start()
            return await sessions.answer(request, body)

    async def close(self, _: web.Application) -> None:
        """End all sessions and their streams."""
        async with self._starting:
            self._sessions = None
            if self._running is not None:
                await cancel_and_wait(self._running)

    async def _read_body(self, request: web.Request, reservation: Reservation, pace: UploadPace) -> bytes:
        """Return the body; raise `TooLarge`, `TooSlow` or `Busy`, as an upload does."""
        body = bytearray()
        async with pace.enforce(TOO_SLOW):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > self.max_body_bytes:
                    raise TooLarge(
                        f"A request may have {self.max_body_bytes:,} bytes at most. "
                        "Send the addresses of photos in photo_urls, or fewer and smaller ones."
                    )
                if not reservation.reserve(len(chunk)):
                    raise reservation.take_error()
        return bytes(body)

    async def _start(self) -> HttpSessions:
        """Import the SDK in a thread, once, and let sessions begin."""
        async with self._starting:
            if self._sessions is None:
                if self._running is not None:
                    raise Unavailable("The service is restarting. Please try again in a moment.", 1)
                module = await asyncio.to_thread(import_module, "lens_rx.mcp.http_sessions")
                sessions: HttpSessions = module.HttpSessions(
                    self._context, self._photo_reader, self.max_body_bytes
                )
                started = asyncio.Event()
                self._running = create_task(_run(sessions, started), "mcp")
                await started.wait()
                self._sessions = sessions
            return self._sessions


async def _run(sessions: HttpSessions, started: asyncio.Event) -> None:
    async with sessions.running():
        started.set()
        await asyncio.get_running_loop().create_future()
