"""A finished run in as few writes as possible, each fact still a chunk of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from aiohttp import HttpVersion11, web

from lens_rx.runs.views import EncodedReplay, EncodedRun
from lens_rx.web.chunked_response import (
    LAST_CHUNK,
    encode_chunk,
    encode_head,
    fill_head,
    has_chunks,
    open_response,
)
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.write_timeout import write_timeout

#: Frames are joined up to this size, so that a slow client has the write deadline for each so many bytes.
WRITE_BYTES = 65_536


class _SentResponse(web.StreamResponse):
    """The response to a request that is answered already, on a connection that stays open; holds nothing of either."""

    _eof_sent = _keep_alive = True


_SENT = _SentResponse()


async def send_replay(
    request: web.Request,
    run: EncodedRun,
    stream: str,
    headers: Callable[[], Mapping[str, str]],
    frames: Callable[[], Iterable[bytes]],
) -> web.StreamResponse:
    """Send the headers and frames of a finished run, made once for all who get the run as this kind of stream.

    HTTP/1.0 gets the frames themselves up to the end of the connection. A client that does not read is disconnected.
    """

    def encode() -> EncodedReplay:
        return EncodedReplay(encode_head(headers()), _encode_frames(request, frames()))

    replay = run.replay(f"{stream} {request.version.minor}", encode)
    transport = request.transport
    if transport and _is_usual(request) and len(replay.body) == 1 and _fits(transport, replay.body[0]):
        transport.write(fill_head(replay.head, request) + replay.body[0])
        return _SENT
    context = request.app[APP_CONTEXT]
    writes = replay.body if request.method != "HEAD" else (b"",)
    response = open_response(request, headers(), head_at_once=False)
    with suppress(ConnectionError), context.metrics.subscribers.track_inprogress():
        await response.prepare(request)
        await _write_all(request, response, writes, context.settings.write_deadline_seconds)
    return response


def _is_usual(request: web.Request) -> bool:
    """Return whether the head of the response is the one that is encoded."""
    return (
        request.version == HttpVersion11
        and request.keep_alive
        and request.method != "HEAD"
        and "Origin" not in request.headers
    )


async def _write_all(
    request: web.Request, response: web.StreamResponse, writes: Sequence[bytes], deadline_seconds: float
) -> None:
    for data in writes[:-1]:
        async with write_timeout(deadline_seconds, request):
            await response.write(data)
    async with write_timeout(deadline_seconds, request):
        await response.write_eof(writes[-1])


def _fits(transport: asyncio.Transport, data: bytes) -> bool:
    """Return whether the client has read enough to be given the data without waiting for it."""
    return not transport.is_closing() and transport.get_write_buffer_size() + len(data) < WRITE_BYTES


def _encode_frames(request: web.Request, frames: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return frames as they are written: each as a chunk where the protocol has chunks."""
    return tuple(_join(_chunks(frames) if has_chunks(request) else frames))


def _chunks(frames: Iterable[bytes]) -> Iterator[bytes]:
    yield from map(encode_chunk, frames)
    yield LAST_CHUNK


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
