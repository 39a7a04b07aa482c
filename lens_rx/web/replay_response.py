"""A finished run in as few writes as possible, each fact still a chunk of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from aiohttp import HttpVersion11, web

from lens_rx.web.heartbeat import write_timeout

#: Frames are joined up to this size, so that a slow client has the write deadline for each so many bytes.
WRITE_BYTES = 65_536


class _FramedResponse(web.StreamResponse):
    """A response whose chunked encoding is done by whoever writes it."""

    _length_check = False


async def send_replay(
    request: web.Request, headers: Mapping[str, str], frames: Iterable[bytes], deadline_seconds: float
) -> web.StreamResponse:
    """Send all frames, each as a chunk; HTTP/1.0 gets them one after the other up to the end of the connection.

    A client that does not read for `deadline_seconds` is disconnected.
    """
    if request.version < HttpVersion11:
        response, writes = web.StreamResponse(headers=headers), _join(frames)
    else:
        response = _FramedResponse(headers={**headers, "Transfer-Encoding": "chunked"})
        writes = _join(_chunks(frames))
    await response.prepare(request)
    with suppress(ConnectionError):
        for data in writes:
            async with write_timeout(deadline_seconds, request):
                await response.write(data)
        async with write_timeout(deadline_seconds, request):
            await response.write_eof()
    return response


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
