"""Load of raw HTTP/1.1 requests on persistent connections, cheap enough to leave the server its core."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

BOUNDARY = b"----WebKitFormBoundary7MA4YWxkTrZu0gW"
CHUNKED_END = b"0\r\n\r\n"


def upload_request(photo: bytes, path: str = "/classify") -> bytes:
    """Return a multipart upload of one photo."""
    body = (
        b'--%b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n%b\r\n--%b--\r\n" % (BOUNDARY, photo, BOUNDARY)
    )
    head = b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=%b\r\n"
    return head % (path.encode(), BOUNDARY) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def get_request(path: str) -> bytes:
    """Return a request without a body."""
    return b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode()


@dataclass
class Load:
    """The requests of a round, sent one after the other on each of so many connections.

    `differing` counts the answers whose body is another than that of the answer before.
    """

    port: int
    requests: Sequence[bytes]
    connections: int
    answered: int = 0
    sent: int = 0
    body: bytes = b""
    differing: int = 0
    open: set[asyncio.Transport] = field(default_factory=set)
    connecting: set[asyncio.Future[object]] = field(default_factory=set)
    closing: bool = False

    async def run(self, seconds: float) -> float:
        """Return the answers a second."""
        loop = asyncio.get_running_loop()
        for _ in range(self.connections):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.port)
        await asyncio.sleep(min(seconds, 0.5))
        answered, began = self.answered, time.perf_counter()
        await asyncio.sleep(seconds)
        rate = (self.answered - answered) / (time.perf_counter() - began)
        self.closing = True
        for transport in list(self.open):
            transport.abort()
        return rate

    def reconnect(self) -> None:
        """Open another connection in place of one that the server closed after its answer."""
        if not self.closing:
            connecting = asyncio.ensure_future(
                asyncio.get_running_loop().create_connection(
                    lambda: _Connection(self), "127.0.0.1", self.port
                )
            )
            self.connecting.add(connecting)
            connecting.add_done_callback(self._connected)

    def _connected(self, connecting: asyncio.Future[object]) -> None:
        self.connecting.discard(connecting)
        if not connecting.cancelled() and (error := connecting.exception()) and not self.closing:
            raise error

    def next_request(self) -> bytes:
        """Return the next request, round robin."""
        self.sent += 1
        return self.requests[self.sent % len(self.requests)]


class _Connection(asyncio.Protocol):
    def __init__(self, load: Load) -> None:
        self._load = load
        self._received = bytearray()
        self._body_at = self._ends_at = 0
        self._closes = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._load.open.add(transport)
        transport.write(self._load.next_request())

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._body_at:
            self._read_head()
        if not self._body_at or not self._is_whole():
            return
        self._load.answered += 1
        body = bytes(self._received[self._body_at :])
        self._load.differing += body != (self._load.body or body)
        self._load.body = body
        self._received.clear()
        self._body_at = self._ends_at = 0
        if self._closes:
            self._transport.close()
        else:
            self._transport.write(self._load.next_request())

    def connection_lost(self, _: Exception | None) -> None:
        self._load.open.discard(self._transport)
        self._load.reconnect()

    def _read_head(self) -> None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        if b" 200 " not in head[:16]:
            raise SystemExit(f"refused: {head.decode()}")
        self._body_at = end + 4
        self._closes = b"connection: close" in head
        _, _, length = head.partition(b"content-length: ")
        self._ends_at = self._body_at + int(length.split(b"\r\n")[0]) if length else 0

    def _is_whole(self) -> bool:
        if self._ends_at:
            return len(self._received) >= self._ends_at
        return self._received.endswith(CHUNKED_END)


def unchunk(body: bytes) -> bytes:
    """Return a body without its chunked encoding."""
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        parts.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    return b"".join(parts)
