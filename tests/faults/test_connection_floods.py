"""Connections without number, from one client and from many, idle and half open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network

import orjson
import pytest
from served import Served, connection, photo, serve

from lens_rx.settings import Settings

MOST, FLOOD = 20, 60
HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return settings with a low limit for a client."""
    return settings.model_copy(update={"connections_per_client": MOST, "head_deadline_seconds": 1.0})


@asynccontextmanager
async def half_request(
    served: Served, address: str, sent: bytes = HEAD
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect from an address of this machine and send half a head."""
    async with connection(served, address) as (reader, writer):
        writer.write(sent)
        yield reader, writer


async def status(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(10):
        return (await reader.readuntil(b"\r\n")).split()[1]


async def test_one_client_takes_so_many_connections_and_no_more(served: Served):
    """Beyond them it gets 429 in words with `Retry-After`; others come in, and it again when it has closed some."""
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(half_request(served, "127.0.0.2")) for _ in range(MOST)]
        async with half_request(served, "127.0.0.2") as (reader, _):
            answer = await asyncio.wait_for(reader.read(), 10)
        assert answer.split()[1] == b"429"
        assert b"Retry-After: 5" in answer
        assert "from this address" in orjson.loads(answer.partition(b"\r\n\r\n")[2])["error"]
        async with served.client.post("/classify", data=served.form(photo())) as response:
            assert (await response.read()).count(b"data: ") == 5
        held[0][1].write(b"Connection: close\r\n\r\n")
        assert await status(held[0][0]) == b"200"
        await held[0][0].read()
        async with half_request(served, "127.0.0.2", HEAD + b"\r\n") as (reader, _):
            assert await status(reader) == b"200"


async def test_a_flood_leaves_nothing_behind(served: Served):
    """Half-sent heads of many clients are answered and closed in time; then all have room again."""
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(half_request(served, f"127.0.0.{2 + number % 4}"))
            for number in range(FLOOD)
        ]
        assert {await status(reader) for reader, _ in opened} == {b"408"}
    async with half_request(served, "127.0.0.2", HEAD + b"\r\n") as (reader, _):
        assert await status(reader) == b"200"


async def test_all_together_take_so_many_and_no_more(settings: Settings):
    """Beyond the limit for all a connection gets 503, whoever it is of."""
    async with serve(settings.model_copy(update={"connections": 5})) as served, AsyncExitStack() as stack:
        for number in range(5):
            await stack.enter_async_context(half_request(served, f"127.0.0.{2 + number}"))
        async with half_request(served, "127.0.0.9") as (reader, _):
            assert await status(reader) == b"503"


async def test_a_trusted_proxy_has_a_connection_for_each_of_its_clients(settings: Settings):
    """It stands for many, so that the limit of one client does not hold for it."""
    trusting = settings.model_copy(update={"trusted_proxies": (ip_network("127.0.0.2/32"),)})
    async with serve(trusting) as served, AsyncExitStack() as stack:
        for _ in range(MOST + 5):
            await stack.enter_async_context(half_request(served, "127.0.0.2"))
        async with half_request(served, "127.0.0.2", HEAD + b"\r\n") as (reader, _):
            assert await status(reader) == b"200"
