"""WebSockets flooded: messages that never end, tiny ones without number, pings, and no one else suffers."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import orjson
import pytest
from aiohttp import WSMsgType
from eventually import eventually
from served import HANDSHAKE, Served, connection, photo

from lens_rx.facts.errors import Busy
from lens_rx.settings import Settings
from lens_rx.web.upload_budget import UploadBudget
from lens_rx.web.upload_pace import UploadPace

MESSAGE_BYTES, FLOODS = 100_000, 40


@asynccontextmanager
async def unfinished(
    served: Served, address: str, sent_bytes: int = MESSAGE_BYTES - 1
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Send the beginning of a message, by default all but its last byte."""
    async with connection(served, address) as (reader, writer):
        writer.write(HANDSHAKE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x82\xff" + struct.pack(">Q", MESSAGE_BYTES) + b"mask" + b"\x89" * sent_bytes)
        await writer.drain()
        yield reader, writer


async def test_messages_that_never_end_hold_a_bounded_amount(served: Served):
    """Beyond what all may hold the flooding connections are closed; another client's photo is taken all the same."""
    async with AsyncExitStack() as stack:
        for number in range(FLOODS):
            await stack.enter_async_context(unfinished(served, f"127.0.0.{2 + number % 3}"))
            assert served.room.reserved_bytes <= served.room.limit_bytes
        async with asyncio.timeout(5):
            while not await is_taken(served, photo() + bytes(200_000)):
                pass  # what has only just come is not slow yet


async def is_taken(served: Served, content: bytes) -> bool:
    """Send a photo and return whether it is taken, or else to be sent again."""
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(content)
        return "key" in orjson.loads((await ws.receive()).data)


async def test_one_client_holds_no_more_than_its_share(served: Served):
    """With a limit for a client its floods leave the rest to others, however fast they are."""
    served.room.client_bytes = 500_000
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(unfinished(served, "127.0.0.2"))
        await eventually(lambda: served.room.reserved_bytes > 300_000)
        for _ in range(FLOODS):
            await stack.enter_async_context(unfinished(served, "127.0.0.2"))
            assert served.room.reserved_bytes <= 500_000


async def test_slow_uploads_make_room_for_another_client(monkeypatch: pytest.MonkeyPatch):
    """The largest slow one of others is ended first, and one's own never; fast ones stay."""
    budget, settings = UploadBudget(100, 100), Settings()
    slow, fast, own = UploadPace(settings), UploadPace(settings), UploadPace(settings)
    monkeypatch.setattr(UploadPace, "is_slow", lambda pace: pace is not fast)
    with (
        budget.open_reservation("a", slow) as first,
        budget.open_reservation("b", fast) as second,
        budget.open_reservation("c", own) as third,
        budget.open_reservation("c", own) as fourth,
    ):
        assert all((first.reserve(40), second.reserve(30), third.reserve(30)))
        assert fourth.reserve(20)
        assert isinstance(first.take_error(), Busy)
        assert not fourth.reserve(30)
        assert second.reserve(5)
    assert budget.reserved_bytes == 0


async def test_pings_and_empty_messages_cost_little(served: Served):
    """Thousands of them are answered or passed over while facts are told, which arrive as ever."""
    served.world.gate.clear()
    async with served.client.ws_connect("/ws") as ws:
        await ws.send_bytes(photo())
        await ws.receive()
        for _ in range(2000):
            await ws.ping()
            await ws.send_str("")
        assert served.room.reserved_bytes < 200_000
        served.world.gate.set()
        facts = [message async for message in ws if message.type is WSMsgType.TEXT]
    assert len(facts) == 5


async def drip(writer: asyncio.StreamWriter) -> None:
    """Send a message by a few bytes at a time, far less than the minimum of an upload."""
    while True:
        writer.write(b"\x89" * 8)
        await writer.drain()
        await asyncio.sleep(0.1)


async def test_a_message_that_drips_is_ended(served: Served, settings: Settings):
    """One that goes on bringing bytes, but less than its minimum, is closed after the deadline, in words."""
    began = time.monotonic()
    async with unfinished(served, "127.0.0.2", sent_bytes=0) as (reader, writer):
        dripping = asyncio.create_task(drip(writer))
        async with asyncio.timeout(10):
            answer = await reader.readuntil(b"}")  # pings come before it
        assert not dripping.done()
        dripping.cancel()
    assert orjson.loads(answer[answer.index(b"{") :])["status"] == 408
    assert time.monotonic() - began >= settings.upload_deadline_seconds
