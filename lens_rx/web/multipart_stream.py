"""The parts of a multipart body (RFC 7578), streamed without a copy of what they hold.

aiohttp's own reader costs as much again as the reading and hashing of a photo.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import lru_cache
from typing import Protocol

from aiohttp.helpers import parse_mimetype
from aiohttp.http_parser import HeadersParser
from multidict import CIMultiDictProxy

MAX_BOUNDARY_LENGTH, MAX_LINE_LENGTH, MAX_HEADERS, MAX_PREAMBLE_LENGTH = 70, 8190, 128, 65_536
#: Characters of a Content-Disposition: parsing a longer one could hold up the loop, since its time grows with the square.
MAX_DISPOSITION_LENGTH = 6000
#: The headers of a part up to this size are remembered.
SHORT_HEAD_BYTES = 500


class ByteStream(Protocol):
    """What is needed of `aiohttp.StreamReader`."""

    def read_nowait(self) -> bytes:
        """Return what has arrived, b"" where there is nothing."""
        ...

    async def readany(self) -> bytes:
        """Return what has arrived or will arrive next, b"" at the end."""
        ...

    def at_eof(self) -> bool:
        """Return whether everything was read."""
        ...


@dataclass(frozen=True, slots=True)
class PartHeaders:
    """The headers of one part; `name` is that of its form field, None where it has none."""

    headers: CIMultiDictProxy[str]
    name: str | None

    @property
    def is_multipart(self) -> bool:
        """True for a part that has parts of its own."""
        return parse_mimetype(self.headers.get("Content-Type", "")).type == "multipart"


def _parse_part(lines: tuple[bytes, ...]) -> PartHeaders:
    headers, _ = HeadersParser().parse_headers([*lines, b""])
    return PartHeaders(headers, _field_name(headers.get("Content-Disposition", "")))


#: Many clients write the same headers for every photo, and parsing them is slow.
_parse_short_part = lru_cache(maxsize=64)(_parse_part)


def _field_name(disposition: str) -> str | None:
    """Return the name of a form field, by the standard library: aiohttp gives up where a file's name has two semicolons."""
    if len(disposition) > MAX_DISPOSITION_LENGTH:
        raise ValueError("a Content-Disposition is too long")
    header = Message()
    header["Content-Disposition"] = disposition
    name = header.get_param("name", header="Content-Disposition")
    return None if name is None else collapse_rfc2231_value(name)


class MultipartStream:
    """Yields the headers of each part, then its body in chunks; raises `ValueError` where the body is no multipart."""

    def __init__(self, content: ByteStream, content_type: str, head_seconds: float | None = None) -> None:
        boundary = parse_mimetype(content_type).parameters.get("boundary", "")
        if not 0 < len(boundary) <= MAX_BOUNDARY_LENGTH:
            raise ValueError("no boundary, or one that is too long")
        self._content = content
        self._head_seconds = head_seconds
        self._head_due: float | None = None
        self._delimiter = b"\r\n--" + boundary.encode()
        self._buffer = b""
        self._position = 0  # what is before it was read: a buffer that got shorter with each line would be copied each time
        self._in_body = False
        self._started = False

    async def next_part(self) -> PartHeaders | None:
        """Return the headers of the next part, None behind the last one; skips what was not read of this one.

        Raises `TimeoutError` where that waits for bytes beyond `head_seconds`.
        """
        if self._head_seconds is not None:
            self._head_due = asyncio.get_running_loop().time() + self._head_seconds
        try:
            return await self._next_part()
        finally:
            self._head_due = None

    async def _next_part(self) -> PartHeaders | None:
        if not self._started:
            await self._find_first()
        elif self._in_body:
            await self._skip()
        line = (await self._read_line()).rstrip()
        if line.startswith(b"--"):
            return None
        if line:
            raise ValueError("a line begins like a boundary and is none")
        lines = await self._read_headers()
        self._in_body = True
        return _parse_short_part(lines) if sum(map(len, lines)) <= SHORT_HEAD_BYTES else _parse_part(lines)

    async def chunks(self) -> AsyncIterator[memoryview]:
        """Yield the body of the part whose headers were returned last."""
        held_back = len(self._delimiter) - 1
        while (end := self._buffer.find(self._delimiter, self._position)) < 0:
            if (certain := len(self._buffer) - held_back) > self._position:
                yield self._take(certain)
            await self._read_more()
        self._in_body = False
        body = self._take(end)
        self._position += len(self._delimiter)
        if body:
            yield body

    def _take(self, end: int) -> memoryview:
        """Return what is in the buffer up to `end`."""
        taken = memoryview(self._buffer)[self._position : end]
        self._position = end
        return taken

    async def _find_first(self) -> None:
        """Go behind the first boundary, which may stand at the very beginning; otherwise it begins a line as any other."""
        self._buffer, boundary = await self._read_any(), self._delimiter[2:]
        if self._buffer.startswith(boundary):
            self._position = len(boundary)
        else:
            self._buffer = b"\r\n" + self._buffer
            await self._skip(MAX_PREAMBLE_LENGTH)
        self._started = True

    async def _skip(self, limit: float = math.inf) -> None:
        async for chunk in self.chunks():
            limit -= len(chunk)
            if limit < 0:
                raise ValueError("no boundary near the beginning")

    async def _read_headers(self) -> tuple[bytes, ...]:
        lines = []
        while line := await self._read_line():
            lines.append(line)
            if len(lines) > MAX_HEADERS:
                raise ValueError("too many headers")
        return tuple(lines)

    async def _read_line(self) -> bytes:
        while (end := self._buffer.find(b"\n", self._position)) < 0:
            if self._buffer.startswith(b"--", self._position) and self._content.at_eof():
                end = len(self._buffer)  # the last boundary needs no end of line
                break
            if len(self._buffer) - self._position > MAX_LINE_LENGTH:
                raise ValueError("a line is too long")
            await self._read_more()
        line = self._buffer[self._position : end]
        self._position = end + 1
        return line.rstrip(b"\r")

    async def _read_more(self) -> None:
        chunk = await self._read_any()
        if not chunk:
            raise ValueError("the body ends within a part")
        self._buffer, self._position = self._buffer[self._position :] + chunk, 0

    async def _read_any(self) -> bytes:
        if chunk := self._content.read_nowait():  # most photos have arrived by now, and need no timer
            return chunk
        async with asyncio.timeout_at(self._head_due):
            return await self._content.readany()
