"""What all sockets hold together while photos arrive is bounded; idle ones hold nothing."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
from aiohttp import WSMsgType
from served import Served, photo

from lens_rx.errors import Busy
from lens_rx.web.room import Room

MESSAGE_BYTES = 290_000
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: lens\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@asynccontextmanager
async def half_a_photo(served: Served) -> AsyncIterator[None]:
    """Open a socket whose only message never arrives in full."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
    writer.write(HANDSHAKE)
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x82\xff" + struct.pack(">Q", MESSAGE_BYTES) + b"mask" + b"\x89" * (MESSAGE_BYTES - 1000))
    await held(served, MESSAGE_BYTES - 1000)
    yield
    writer.close()


async def held(served: Served, least: int, most: int = 1_000_000) -> None:
    """Wait until so many bytes are held."""
    async with asyncio.timeout(20):
        while not least <= served.room.held <= most:
            await asyncio.sleep(0.01)


async def test_a_socket_beyond_what_all_may_hold_is_asked_to_come_again(served: Served):
    """While a half photo fills the room a second large one is refused with 1013, and starts nothing."""
    async with half_a_photo(served), served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(b"\x89" * MESSAGE_BYTES)
        said = orjson.loads((await ws.receive()).data)
        assert (said["status"], said["retry_after"]) == (429, 5)
        assert (await ws.receive()).type is WSMsgType.CLOSE
        assert ws.close_code == 1013
    assert 'lens_rx_errors_total{kind="Busy",where="ws"} 1.0' in served.metrics.text().decode()
    assert await served.live() == 0


async def test_what_a_gone_client_held_is_free_again(served: Served):
    """When the one that filled the room has gone, the next photo is taken."""
    async with half_a_photo(served):
        pass
    await held(served, 0, 0)
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        assert "key" in orjson.loads((await ws.receive()).data)


async def test_open_sockets_and_told_photos_hold_nothing(served: Served):
    """A photo is let go of once it is read; a socket that says nothing, or listens, needs no room."""
    served.world.gate.clear()
    async with served.client.ws_connect("/ws"), served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        await ws.receive()
        assert served.room.held == 0


async def test_what_is_sent_while_facts_are_told_counts_as_well(served: Served):
    """A listener that floods is cut off, its talk only: the room is free again."""
    served.world.gate.clear()
    async with half_a_photo(served), served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        await ws.receive()
        await ws.send_bytes(b"\x89" * MESSAGE_BYTES)
        assert orjson.loads((await ws.receive()).data)["status"] == 429
    await held(served, 0, MESSAGE_BYTES)


async def test_a_share_that_was_refused_takes_no_more():
    """After the first byte too many everything is dropped, though room may be free again."""
    room = Room(10)
    with room.share() as other, room.share() as share:
        assert other.take(8)
        assert not share.take(3)
        other.give_back()
        assert not share.take(1)
        with pytest.raises(Busy):
            await share.overrun()
    assert room.held == 0
