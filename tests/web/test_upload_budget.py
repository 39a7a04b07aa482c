"""What all sockets hold together while photos arrive is bounded; idle ones hold nothing."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import orjson
from aiohttp import WSMsgType
from eventually import eventually
from served import HANDSHAKE, Served, connection, photo

from lens_rx.facts.errors import Busy, TooLarge
from lens_rx.web.upload_budget import READ_BUFFER_BYTES, UploadBudget

MESSAGE_BYTES = 290_000
#: So many half photos fill the room.
FULL = 3


@asynccontextmanager
async def half_a_photo(served: Served) -> AsyncIterator[None]:
    """Open a socket whose only message never arrives in full."""
    async with connection(served) as (reader, writer):
        writer.write(HANDSHAKE)
        await reader.readuntil(b"\r\n\r\n")
        before = served.room.reserved_bytes
        writer.write(
            b"\x82\xff" + struct.pack(">Q", MESSAGE_BYTES) + b"mask" + b"\x89" * (MESSAGE_BYTES - 1000)
        )
        await held(served, before + MESSAGE_BYTES - 1000)
        yield


@asynccontextmanager
async def full(served: Served) -> AsyncIterator[None]:
    """Fill the room with half photos."""
    async with AsyncExitStack() as sockets:
        for _ in range(FULL):
            await sockets.enter_async_context(half_a_photo(served))
        yield


async def held(served: Served, least: int, most: int = 1_000_000) -> None:
    """Wait until so many bytes are held."""
    await eventually(lambda: least <= served.room.reserved_bytes <= most, 20)


async def test_a_socket_beyond_what_all_may_hold_is_asked_to_come_again(served: Served):
    """While half photos fill the room another large one is refused with 1013, and starts nothing."""
    async with full(served), served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(b"\x89" * MESSAGE_BYTES)
        said = orjson.loads((await ws.receive()).data)
        assert (said["status"], said["retry_after"]) == (429, 5)
        assert (await ws.receive()).type is WSMsgType.CLOSE
        assert ws.close_code == 1013
    assert 'lens_rx_errors_total{kind="Busy",where="ws"} 1.0' in served.metrics.render().decode()
    assert await served.live() == 0


async def test_what_a_gone_client_held_is_free_again(served: Served):
    """When those that filled the room have gone, the next photo is taken."""
    async with full(served):
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
        assert served.room.reserved_bytes < 100


async def test_what_is_sent_while_facts_are_told_counts_as_well(served: Served):
    """A listener that floods is cut off, its talk only: the room is free again."""
    served.world.gate.clear()
    async with full(served), served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        await ws.receive()
        await ws.send_bytes(b"\x89" * MESSAGE_BYTES)
        assert orjson.loads((await ws.receive()).data)["status"] == 429
    await held(served, 0, 0)


async def test_several_large_photos_in_one_burst_are_taken(served: Served):
    """A client does not wait between its photos; what has arrived of the next one is no fault of the first."""
    noise = [photo(side=side, form="BMP") for side in (300, 310, 305)]
    assert all(250_000 < len(it) < 300_000 for it in noise)
    async with served.client.ws_connect("/ws?photos=3") as ws:
        for content in noise:
            await ws.send_bytes(content)
        said = orjson.loads((await ws.receive()).data)
    assert said["status"] == 415  # as no photo, and not for their size


async def test_a_share_that_was_refused_takes_no_more():
    """After the first byte too many everything is dropped, though room may be free again."""
    room = UploadBudget(10, max_photo_bytes=10)
    with room.open_reservation() as other, room.open_reservation() as share:
        assert other.reserve(8)
        assert not share.reserve(3)
        other.release(8)
        assert not share.reserve(1)
        assert isinstance(share.take_error(), Busy)
    assert room.reserved_bytes == 0


async def test_one_alone_may_not_hold_more_than_its_photos_need():
    """A message without end is too large, however much room there is."""
    with UploadBudget(10 * READ_BUFFER_BYTES, max_photo_bytes=1000).open_reservation() as share:
        assert share.reserve(READ_BUFFER_BYTES + 2000)
        assert not share.reserve(1)
        error = share.take_error()
        assert isinstance(error, TooLarge)
        assert "1,000 bytes at most" in str(error)


async def test_a_client_may_hold_so_much_over_all_its_connections():
    """What one client holds is counted over its connections, apart from others', and is free again at their end."""
    budget = UploadBudget(100, max_photo_bytes=100, client_bytes=10)
    with budget.open_reservation("a") as first, budget.open_reservation("b") as other:
        with budget.open_reservation("a") as second:
            assert all((first.reserve(6), second.reserve(4), other.reserve(10)))
            assert not budget.has_room("a", 1)
        assert budget.has_room("a", 4)
        assert not budget.has_room("a", 5)
    assert budget.has_room("a", 10)
    assert budget.reserved_bytes == 0


async def test_what_arrives_after_the_end_is_not_counted():
    """Bytes that are read between the end of the talk and that of its connection would stay counted for good."""
    budget = UploadBudget(100, max_photo_bytes=100)
    with budget.open_reservation("a") as reservation:
        assert reservation.reserve(5)
    assert not reservation.reserve(5)
    assert budget.reserved_bytes == 0
