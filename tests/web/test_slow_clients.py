"""Clients that do not read: they hold nothing for longer than the write deadline, and harm nobody."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import orjson
import pytest
from served import Served, photo

from lens_rx.facts import Product, Retail
from lens_rx.settings import Settings

#: More than the buffers of a line hold.
LONG = "leather " * 2_000_000
#: Seconds of the write deadline.
PATIENCE = 0.5


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings with little patience; the heartbeat is longer, so that it cuts nobody off first."""
    return settings.model_copy(update={"write_deadline_seconds": PATIENCE, "heartbeat_seconds": 30.0})


@pytest.fixture
async def key(served: Served) -> str:
    """Return the key of a run that is longer than a line holds."""
    retail = served.world.facts["retail"]
    assert isinstance(retail, Retail)
    served.world.facts["retail"] = replace(retail, product=replace(Product("Hike 2"), description=LONG))
    async with served.client.post("/classify", data=served.form()) as answer:
        await answer.read()
        return answer.headers["X-Run-Key"]


async def deaf(served: Served, head: str, frames: bytes = b"") -> socket.socket:
    """Return a client that asks and never reads."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", int(served.url.rsplit(":", 1)[1])))
    await loop.sock_sendall(line, head.replace("\n", "\r\n").encode())
    if frames:
        await asyncio.sleep(0.1)
        await loop.sock_sendall(line, frames)
    return line


async def is_cut(line: socket.socket) -> bool:
    """Read nothing for longer than the deadline, then tell whether the line breaks off."""
    await asyncio.sleep(4 * PATIENCE)
    loop = asyncio.get_running_loop()
    size = 0
    try:
        async with asyncio.timeout(5):
            while chunk := await loop.sock_recv(line, 1_000_000):
                size += len(chunk)
    except ConnectionError:
        return True
    return size < len(LONG)


async def test_an_event_source_that_does_not_read_is_cut_off(served: Served, key: str):
    """Its stream ends at the write deadline, and so does its line."""
    line = await deaf(served, f"GET /runs/{key}/events HTTP/1.1\nHost: x\n\n")
    with line:
        assert await is_cut(line)


async def test_an_answer_that_is_not_read_is_cut_off(served: Served, key: str):
    """A client that asks for a run as one answer and never reads it is disconnected as well."""
    line = await deaf(served, f"GET /runs/{key} HTTP/1.1\nHost: x\n\n")
    with line:
        assert await is_cut(line)


async def test_a_socket_that_does_not_read_is_cut_off(served: Served, key: str):
    """The same for a WebSocket: no words are sent after it, for they would wait as well."""
    head = (
        "GET /ws HTTP/1.1\nHost: x\nUpgrade: websocket\nConnection: Upgrade\n"
        "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n"
    )
    asking = orjson.dumps({"key": key})
    frame = bytes([0x81, 0x80 | len(asking)]) + bytes(4) + asking
    line = await deaf(served, head, frame)
    with line:
        assert await is_cut(line)


async def test_others_read_on_meanwhile(served: Served, key: str):
    """A client that reads gets everything while another one does not."""
    with await deaf(served, f"GET /runs/{key}/events HTTP/1.1\nHost: x\n\n"):
        async with served.client.post("/classify", data=served.form(photo())) as answer:
            assert (await answer.read()).count(b"data: ") == 5
