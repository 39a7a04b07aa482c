"""A run as it goes on, over HTTP: frames that all clients of a view share, written to the connection as they are.

aiohttp's own `write` is a coroutine, and would need an encoding and a wake-up for each client and fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from aiohttp import web

from lens_rx.facts.errors import Unavailable
from lens_rx.runs.views import Chunk
from lens_rx.storage.records import Entry, Position
from lens_rx.web.chunked_response import LAST_CHUNK, encode_chunk, has_chunks, open_response
from lens_rx.web.context import APP_CONTEXT
from lens_rx.web.view import View, transport_error
from lens_rx.web.write_timeout import write_timeout

#: A client for which more bytes wait is given nothing until it has read.
MAX_WAITING_BYTES = 65_536

#: Returns what is written of a fact; None as position: it is none that is stored.
Frame = Callable[[Position | None, bytes], bytes]


@dataclass(frozen=True, slots=True)
class FramedView:
    """A view whose entries are encoded as they stand on the line; `stream` names the frame."""

    view: View
    stream: str
    frame: Frame
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.stream} {self.view.name}")

    def encode(self, entry: Entry) -> bytes:
        """Return the frame of an entry, b"" where the view leaves it out."""
        fact = self.view.encode(entry)
        return self.frame(entry.position, fact) if fact else b""


@lru_cache(maxsize=256)
def framed_view(view: View, stream: str, frame: Frame) -> FramedView:
    """Return the framed view, one for all subscribers who share it."""
    return FramedView(view, stream, frame)


class ConnectionSink:
    """A `Sink` that writes frames to a connection."""

    __slots__ = ("_heartbeat", "_transport")

    def __init__(self, request: web.Request, heartbeat: bytes = b"") -> None:
        if request.transport is None:
            raise ConnectionResetError("the client is gone")
        self._transport = request.transport
        self._heartbeat = heartbeat

    def is_full(self) -> bool:
        """Return whether the client has to read before it is given more."""
        return self._transport.get_write_buffer_size() > MAX_WAITING_BYTES

    def is_closed(self) -> bool:
        """Return whether the connection is closed."""
        return self._transport.is_closing()

    def send(self, chunks: Sequence[Chunk]) -> None:
        """Write frames."""
        frames = [frame for _, frame in chunks]
        self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))

    def send_heartbeat(self) -> None:
        """Write what keeps the connection open, where that is not done elsewhere."""
        if self._heartbeat:
            self._transport.write(self._heartbeat)

    def abort(self) -> None:
        """Close the connection at once: an orderly close would wait for the client to read."""
        self._transport.abort()


@dataclass(frozen=True, slots=True)
class LiveFormat:
    """How a live run is written: the name of the stream, a fact's frame, heartbeats, and what comes first and last."""

    stream: str
    frame: Frame
    heartbeat: bytes
    first: bytes = b""
    last: bytes = b""


@lru_cache(maxsize=16)
def _chunked(form: LiveFormat) -> LiveFormat:
    """Return the format with each part as a chunk of HTTP/1.1."""

    def frame(position: Position | None, fact: bytes) -> bytes:
        return encode_chunk(form.frame(position, fact))

    first = encode_chunk(form.first) if form.first else b""
    return LiveFormat(f"{form.stream} chunked", frame, encode_chunk(form.heartbeat), first, LAST_CHUNK)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a client follows: a run from a position on, in a view."""

    key: str
    after: Position
    view: View


async def send_live(
    request: web.Request, headers: Mapping[str, str], subscription: Subscription, form: LiveFormat
) -> web.StreamResponse:
    """Send the facts of a run until it ends; where its storage goes away, the last one says so.

    HTTP/1.0 gets the frames themselves up to the end of the connection. A client that does not read is disconnected.
    """
    response = open_response(request, headers)
    if has_chunks(request):
        form = _chunked(form)
    with suppress(ConnectionError):
        await response.prepare(request)
        response.headers.clear()  # a KiB that is sent
        if request.method != "HEAD":
            await _send(request, response, subscription, form)
    return response


async def _send(
    request: web.Request, response: web.StreamResponse, subscription: Subscription, form: LiveFormat
) -> None:
    context, last = request.app[APP_CONTEXT], form.last
    if form.first:
        await response.write(form.first)
    framed = framed_view(subscription.view, form.stream, form.frame)
    sink = ConnectionSink(request, form.heartbeat)
    try:
        with context.runs.delivering(subscription.key, subscription.after, framed, sink) as done:
            await done
    except Unavailable as error:
        last = form.frame(None, transport_error(error)) + last
    async with write_timeout(context.settings.write_deadline_seconds, request):
        await response.write_eof(last)
