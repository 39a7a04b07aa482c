"""The protocol over streamable HTTP: sessions, which are bounded and end when idle, or requests that need none."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from lens_rx.clients.protocols import PhotoReader
from lens_rx.mcp.tool_server import ToolServer
from lens_rx.web.access_control import requester_of
from lens_rx.web.asgi_adapter import answer_asgi
from lens_rx.web.context import AppContext, Requester

#: Open sessions of one node, and the seconds after which one without a request ends.
MAX_SESSIONS, IDLE_SECONDS = 1000, 900.0
#: Where the scope of a request says who sent it.
REQUESTER = "lens_rx.requester"


class HttpSessions:
    """The sessions of one service; they are there while `running()` is entered."""

    def __init__(self, context: AppContext, photo_reader: PhotoReader, max_body_bytes: int) -> None:
        self._manager = StreamableHTTPSessionManager(
            ToolServer(context, photo_reader, _requester).build(),
            session_idle_timeout=IDLE_SECONDS,
            max_sessions=MAX_SESSIONS,
            max_request_body_size=max_body_bytes,
        )

    def running(self) -> AbstractAsyncContextManager[None]:
        """Return the block in which requests are answered; all sessions end with it."""
        return self._manager.run()

    async def answer(self, request: web.Request, body: bytes) -> web.StreamResponse:
        """Answer a request whose access was checked; a session is its token's alone."""
        requester = requester_of(request)
        owner = AccessToken(token="", client_id=requester.author, scopes=[], subject=requester.tenant)
        extra: dict[str, object] = {"user": AuthenticatedUser(owner), REQUESTER: requester}
        return await answer_asgi(request, self._manager.handle_request, body, **extra)


def _requester(request: Any) -> Requester:
    """Return who sent the HTTP request of a call."""
    requester: Requester = request.scope[REQUESTER]
    return requester
