"""Many subscribers of one running photo on one process: what each costs, and whether all get all facts.

    python benchmarks/subscribers.py [--subscribers 10000] [--seconds 0.5]

The service is a process of its own, and so are the subscribers: first WebSockets, then event streams, all on one live
run whose facts are then published one after the other. Printed are the memory for each subscriber, the longest time for
which the service's loop was held up, and the time in which a fact has reached everybody. The peer is a bare aiohttp
application that writes the same facts to as many event streams, each from a queue of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import sys
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.figures import report
from tools.service import describe_machine

TOOLS = Path(__file__).parent / "tools"
#: Connections that are opened at the same time.
CONNECTING = 200
#: What a WebSocket's server sends last: close, with code 1000.
CLOSE_FRAME = b"\x88\x02\x03\xe8"


@dataclass(slots=True)
class Subscribers:
    """Subscribers of one address; `body` counts what they received behind the head, by checksum."""

    port: int
    request: bytes
    checksums: Counter[int] = field(default_factory=Counter)
    received: Counter[int] = field(default_factory=Counter)
    open: int = 0
    unanswered: int = 0
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, number: int) -> None:
        """Open connections until there are so many, and wait until each has its response's head."""
        loop, slots = asyncio.get_running_loop(), asyncio.Semaphore(CONNECTING)
        self.unanswered = number

        async def one() -> None:
            async with slots:
                await loop.create_connection(lambda: _Subscriber(self), "127.0.0.1", self.port)

        await asyncio.gather(*(one() for _ in range(number)))
        await self.answered.wait()


class _Subscriber(asyncio.Protocol):
    """One subscriber: forgets what it received but for its checksum."""

    __slots__ = ("_all", "_checksum", "_head", "_size", "_transport")

    def __init__(self, all_: Subscribers) -> None:
        self._all = all_
        self._head: bytes | None = b""
        self._checksum = self._size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._all.open += 1
        transport.write(self._all.request)

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            head, end, data = (self._head + data).partition(b"\r\n\r\n")
            if not end:
                self._head = head
                return
            self._head = None
            self._all.unanswered -= 1
            if not self._all.unanswered:
                self._all.answered.set()
        self._checksum = zlib.crc32(data, self._checksum)
        self._size += len(data)
        if data.endswith(CLOSE_FRAME):
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        self._all.open -= 1
        self._all.checksums[self._checksum] += 1
        self._all.received[self._size] += 1
        if not self._all.open:
            self._all.ended.set()


@dataclass(slots=True)
class LiveServer:
    """A process with one live run."""

    process: asyncio.subprocess.Process
    port: int
    key: str

    async def ask(self, command: str) -> float:
        """Return the number that the process answers to a command."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{command}\n".encode())
        return float(await self.process.stdout.readline())


@asynccontextmanager
async def live_server(script: str, connections: int) -> AsyncIterator[LiveServer]:
    """Run a server until the end of the block."""
    limits = {
        "LENS_RX_CONNECTIONS": str(connections + 100),
        "LENS_RX_CONNECTIONS_PER_CLIENT": str(connections + 100),
        "LENS_RX_LOG_LEVEL": "warning",
        "LENS_RX_HEARTBEAT": "600",
    }
    with TemporaryDirectory() as directory:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(TOOLS / script), directory, stdin=-1, stdout=-1, env=os.environ | limits
        )
        assert process.stdout
        port, key = (await process.stdout.readline()).decode().split()
        try:
            yield LiveServer(process, int(port), key)
        finally:
            process.kill()
            await process.wait()


def event_stream_request(key: str) -> bytes:
    """Return the request of an `EventSource`."""
    return (
        f"GET /runs/{key}/events?events=all HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )


def websocket_request(key: str) -> bytes:
    """Return the handshake of a WebSocket, and the message that names the run, masked as clients have to."""
    nonce = base64.b64encode(os.urandom(16)).decode()
    handshake = (
        f"GET /ws?events=all HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {nonce}\r\n\r\n"
    )
    message = f'{{"key":"{key}"}}'.encode()
    return handshake.encode() + bytes([0x81, 0x80 | len(message), 0, 0, 0, 0]) + message


async def measure(title: str, script: str, number: int, seconds: float, *, websocket: bool) -> None:
    """Print the figures of one kind of subscriber."""
    async with live_server(script, number) as server:
        request = websocket_request(server.key) if websocket else event_stream_request(server.key)
        before = await server.ask("memory")
        subscribers = Subscribers(server.port, request)
        began = time.perf_counter()
        await subscribers.connect(number)
        connected = time.perf_counter() - began
        await asyncio.sleep(2)
        each = (await server.ask("memory") - before) / number
        began = time.perf_counter()
        held_up = await server.ask(f"publish {seconds}")
        async with asyncio.timeout(120):
            await subscribers.ended.wait()
        took = time.perf_counter() - began
        whole, sizes = subscribers.checksums.most_common(1)[0][1], dict(subscribers.received.most_common(3))
        print(
            f"  {title}: {whole} of {number} got the same bytes {sizes}; connected in {connected:.1f} s, "
            f"all over in {took:.1f} s"
        )
        is_ours, of = title.startswith("lens_rx"), f"{number:,} subscribers of one live run, {title}"
        limits = ("<= 20", "<= 50", f">= {number}") if is_ours else ("", "", "")
        report(f"{of}: memory of each", each / 1024, "KiB", target=limits[0], main=is_ours)
        report(f"{of}: loop held up, at most", 1000 * held_up, "ms", target=limits[1], main=is_ours)
        report(f"{of}: got all facts", whole, target=limits[2], main=is_ours)


async def main(number: int, seconds: float) -> None:
    """Print all figures."""
    print(describe_machine())
    print(f"{number} subscribers of one live run, a fact every {seconds} s")
    await measure("lens_rx, WebSocket", "live_server.py", number, seconds, websocket=True)
    await measure("lens_rx, event stream", "live_server.py", number, seconds, websocket=False)
    await measure("aiohttp, a queue each", "live_peer.py", number, seconds, websocket=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=0.5)
    asked = parser.parse_args()
    asyncio.run(main(asked.subscribers, asked.seconds))
