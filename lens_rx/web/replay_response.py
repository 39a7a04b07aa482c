"""A finished run in as few writes as possible, each fact still a chunk of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from aiohttp import HttpVersion11, web

from lens_rx.runs.views import EncodedRun
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.write_timeout import write_timeout

#: Frames are joined up to this size, so that a slow client has the write deadline for each so many bytes.
WRITE_BYTES = 65_536
#: More than the headers of a replay take.
HEADER_BYTES = 4096


class _FramedResponse(web.StreamResponse):
    """A response whose chunked encoding is done by whoever writes it; its headers go out with the first write."""

    _length_check = False
    _send_headers_immediately = False


async def send_replay(
    request: web.Request,
    headers: Mapping[str, str],
    run: EncodedRun,
    stream: str,
    frames: Callable[[], Iterable[bytes]],
) -> web.StreamResponse:
    """Send the frames of a finished run; they are made once for all who get the run as this kind of stream.

    HTTP/1.0 gets the frames themselves up to the end of the connection. A client that does not read is disconnected.
    """
    context = request.app[APP_CONTEXT]
    writes = run.writes(f"{stream} {request.version.minor}", lambda: _encode_frames(request, frames()))
    if request.version < HttpVersion11:
        response = web.StreamResponse(headers=headers)
    else:
        response = _FramedResponse(headers={**headers, "Transfer-Encoding": "chunked"})
    with suppress(ConnectionError):
        await response.prepare(request)
        if request.method == "HEAD":
            writes = (b"",)
        if len(writes) == 1 and _fits(request.transport, writes[0]):
            await response.write_eof(writes[0])
            return response
        with context.metrics.subscribers.track_inprogress():
            await _write_all(request, response, writes, context.settings.write_deadline_seconds)
    return response


async def _write_all(
    request: web.Request, response: web.StreamResponse, writes: Sequence[bytes], deadline_seconds: float
) -> None:
    for data in writes[:-1]:
        async with write_timeout(deadline_seconds, request):
            await response.write(data)
    async with write_timeout(deadline_seconds, request):
        await response.write_eof(writes[-1])


def _fits(transport: asyncio.Transport | None, data: bytes) -> bool:
    """Return whether the transport takes the headers and the data without a pause, so that no time can run out."""
    if transport is None:
        return False
    _, most = transport.get_write_buffer_limits()
    return transport.get_write_buffer_size() + len(data) + HEADER_BYTES < most


def _encode_frames(request: web.Request, frames: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return frames as they are written: each as a chunk where the protocol has chunks."""
    return tuple(_join(_chunks(frames) if request.version >= HttpVersion11 else frames))


def _chunks(frames: Iterable[bytes]) -> Iterator[bytes]:
    for frame in frames:
        yield b"%x\r\n%b\r\n" % (len(frame), frame)
    yield b"0\r\n\r\n"


def _join(parts: Iterable[bytes]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        if waiting and size + len(part) > WRITE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
        waiting.append(part)
        size += len(part)
    yield b"".join(waiting)
