"""A page on loopback that every healthy Chromium can open: its opening proves that a navigation works."""

from __future__ import annotations

import asyncio
import contextlib
from secrets import token_hex

ANSWER_SECONDS = 10.0
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n"
    b"Cache-Control: no-store\r\nConnection: close\r\n\r\n<p>ok"
)


class HealthPage:
    """The page, at `url`; it owns its port from `start` to `aclose`. Its name is known to this process alone."""

    def __init__(self) -> None:
        self.host = f"{token_hex(8)}.health.invalid"
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """The page's address; Chromium resolves its name."""
        return f"http://{self.host}/"

    async def aclose(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with contextlib.suppress(OSError, EOFError, TimeoutError, ValueError):
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ANSWER_SECONDS)
            writer.write(_ANSWER)
            await writer.drain()
    finally:
        writer.close()
