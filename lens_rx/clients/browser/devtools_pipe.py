"""The DevTools protocol over two pipes, each message ended by a zero byte: no other process can connect to it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from websockets.exceptions import ConnectionClosedError

_CHUNK = 1 << 18


class DevToolsPipe:
    """The two pipes, as pyppeteer uses a web socket: `send`, `recv`, `close`, and `ConnectionClosed` at the end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()
        self._searched = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, message: str) -> None:
        """Send a message; raise `ConnectionClosed` where Chromium has ended."""
        try:
            self._writer.write(message.encode() + b"\0")
            await self._writer.drain()
        except (OSError, RuntimeError) as error:  # the latter is what uvloop raises where the pipe is closed
            raise ConnectionClosedError(None, None) from error

    async def recv(self) -> str:
        """Return the next message; raise `ConnectionClosed` where Chromium has ended."""
        while (end := self._buffer.find(b"\0", self._searched)) < 0:
            self._searched = len(self._buffer)
            if not (chunk := await self._read()):
                raise ConnectionClosedError(None, None)
            self._buffer += chunk
        message = self._buffer[:end].decode()
        del self._buffer[: end + 1]
        self._searched = 0
        return message

    async def close(self) -> None:
        """Close the pipe to Chromium, which ends it."""
        self._writer.close()

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK)
        except OSError:
            return b""
