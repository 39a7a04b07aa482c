"""Uploads that stall, drip or pile up: others' photos get through, and memory stays bounded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from served import Served, connection, photo
from token_holders import Tokens, bearer

from lens_rx.facts.errors import Busy, TooSlow
from lens_rx.settings import Settings
from lens_rx.web.upload_pace import FAST_SECONDS, UploadPace
from lens_rx.web.upload_slots import UploadSlots

STALLED_BYTES, CONNECTIONS, MOST_DELAY_SECONDS = 420_000, 64, 2.0
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
#: Large enough to need a turn.
LARGE = photo() + bytes(STALLED_BYTES)


@dataclass(eq=False)
class Upload:
    """A large upload that holds so many bytes."""

    client: str
    pace: UploadPace
    size: int = 0

    def held_bytes(self) -> int:
        return self.size


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings for photos of 2 MB, and the usual time for an upload."""
    return settings.model_copy(update={"max_photo_bytes": 2_000_000, "upload_deadline_seconds": 30.0})


@asynccontextmanager
async def stalled(
    served: Served, address: str, extra: bytes = b"", size: int = STALLED_BYTES
) -> AsyncIterator[asyncio.StreamReader]:
    """Send the beginning of a photo from an address of this machine, and then nothing."""
    async with connection(served, address) as (reader, writer):
        writer.write(
            b"POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: 1900000\r\n" + extra + b"\r\n" + PART + b"\x89" * size
        )
        await writer.drain()
        yield reader


@pytest.mark.parametrize(
    "addresses", [["127.0.0.2"], ["127.0.0.2", "127.0.0.3"], ["127.0.0.1"]], ids=["one", "two", "the same"]
)
async def test_stalled_uploads_delay_nobody(served: Served, addresses: list[str]):
    """64 connections that stall within a photo hold another client's, and even one of their own, up by 2 s at most."""
    async with AsyncExitStack() as stack:
        for number in range(CONNECTIONS):
            await stack.enter_async_context(stalled(served, addresses[number % len(addresses)]))
        began = time.monotonic()
        async with served.client.post("/classify", data=served.form(LARGE)) as response:
            assert (await response.read()).count(b"data: ") == 5
        assert time.monotonic() - began < MOST_DELAY_SECONDS


@pytest.mark.parametrize("size", [STALLED_BYTES, 200_000], ids=["large", "small"])
async def test_what_slow_uploads_hold_is_bounded(served: Served, size: int):
    """Beyond their share of memory the largest slow ones get 429, those too that are too small to wait for a turn."""
    async with AsyncExitStack() as stack:
        opening = [stalled(served, "127.0.0.2", size=size) for _ in range(CONNECTIONS)]
        readers = [await stack.enter_async_context(it) for it in opening]
        endings = [asyncio.create_task(reader.readuntil(b"\r\n")) for reader in readers]
        done, pending = await asyncio.wait(endings, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().split()[1] for task in done} == {b"429"}
        for task in pending:
            task.cancel()


async def test_a_slow_upload_goes_on_as_long_as_it_brings_its_minimum():
    """Its time is renewed by each minimum; without it, it is too slow."""
    pace = UploadPace(Settings(upload_deadline_seconds=0.2, upload_rate=100))
    began = time.monotonic()
    with pytest.raises(TooSlow):
        async with pace.enforce("too slow"):
            for _ in range(8):
                await asyncio.sleep(0.05)
                pace.add(10)
            await asyncio.Event().wait()
    assert 0.4 < time.monotonic() - began < 2


async def test_clients_take_turns():
    """A client that waits with many uploads gets no more than its share, and others come before them."""
    slots, turns = UploadSlots(3, 2, 1000), []

    async def upload(client: str, ended: asyncio.Event) -> None:
        async with slots.turn(Upload(client, UploadPace(Settings()))):
            turns.append(client)
            await ended.wait()

    ended = asyncio.Event()
    tasks = [asyncio.create_task(upload(client, ended)) for client in "aaaab"]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert turns == ["a", "a", "b"]
    ended.set()
    await asyncio.gather(*tasks)
    assert sorted(turns) == list("aaaab")


async def test_the_largest_slow_upload_is_ended_first():
    """Where slow ones hold too much, the least is ended that makes room, and fast ones are left alone."""
    slots, paces = UploadSlots(9, 9, 1000), [UploadPace(Settings()) for _ in range(3)]

    async def upload(number: int, size: int) -> str:
        with slots.register(Upload(str(number), paces[number], size)):
            try:
                async with paces[number].enforce("too slow"):
                    await asyncio.sleep(4 * FAST_SECONDS)
            except Busy:
                return "ended"
        return "through"

    assert await asyncio.gather(upload(0, 400), upload(1, 450), upload(2, 300)) == [
        "through",
        "ended",
        "through",
    ]


async def test_a_stalled_upload_needs_a_token_as_any(guarded: Served, tokens: Tokens):
    """Without one it is refused before a byte of it is read; with one it is read."""
    async with stalled(guarded, "127.0.0.2") as reader:
        assert b" 401 " in await reader.readuntil(b"\r\n")
    head = "".join(f"{name}: {value}\r\n" for name, value in bearer(tokens.ann).items()).encode()
    async with stalled(guarded, "127.0.0.2", head) as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.readuntil(b"\r\n")
