"""A Redis that sentinels watch over: the fleet goes on with the next master."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis_server import RedisSentinel, RedisServer
from storage_helpers import DAY, collect, finish_run, job, names, new_entries, start_run

from lens_rx.facts.errors import Unavailable
from lens_rx.settings import Settings
from lens_rx.storage.records import StoreUnusable
from lens_rx.storage.redis.redis_storage import RedisStorage

#: More than a fail-over takes, with room for a busy machine.
PATIENCE = 30.0


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[tuple[RedisServer, RedisServer, RedisSentinel]]:
    """Start a master, its replica and a sentinel that knows both."""
    for name in ("master", "replica", "sentinel"):
        (tmp_path / name).mkdir()
    with ExitStack() as stack:
        master = stack.enter_context(RedisServer(tmp_path / "master"))
        replica = stack.enter_context(
            RedisServer(tmp_path / "replica", options={"replicaof": f"127.0.0.1 {master.port}"})
        )
        sentinel = stack.enter_context(RedisSentinel(tmp_path / "sentinel", master))
        wait_for(lambda: b"num-slaves\r\n$1\r\n1" in sentinel.ask("SENTINEL", "master", "runs"))
        wait_for(lambda: b"master_link_status:up" in replica.ask("INFO", "replication"))
        yield master, replica, sentinel


@pytest.fixture
async def storage(fleet: tuple[RedisServer, RedisServer, RedisSentinel]) -> AsyncIterator[RedisStorage]:
    """Open a node that knows the sentinel alone."""
    storage = RedisStorage(fleet[2].url, Settings())
    await storage.start()
    yield storage
    await storage.aclose()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


async def when_back(call: Callable[[], Awaitable[object]]) -> None:
    """Repeat a call until the storage is there again."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with suppress(Unavailable):
            await call()
            return
        await asyncio.sleep(0.05)
    pytest.fail("the storage does not come back")


@pytest.mark.parametrize("fault", ["kill", "freeze"])
async def test_fleet_goes_on_with_the_next_master(
    fleet: tuple[RedisServer, RedisServer, RedisSentinel], storage: RedisStorage, fault: str
):
    """A run that was half done, and its lease, are there after the fail-over, and it ends in order."""
    master, replica, _ = fleet
    lease = await start_run(storage)
    await storage.append(lease, new_entries("ab"))
    wait_for(lambda: replica.ask("HGET", "lens_rx:v1:run:run", "entries") == b"$1\r\n2\r\n")
    getattr(master, fault)()
    await when_back(lambda: storage.append(lease, new_entries("c")))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(storage)) == "abc"
    await finish_run(storage, "another")
    assert names(await collect(storage, "another")) == "abc"


async def test_without_sentinels_the_storage_is_away_in_time(tmp_path: Path):
    """Where no sentinel answers, calls fail in words within their deadline."""
    storage = RedisStorage("redis+sentinel://127.0.0.1:1,127.0.0.1:2/runs/0", Settings())
    await storage.start()
    with pytest.raises(Unavailable):
        await asyncio.wait_for(storage.submit(job(), datetime.now(UTC)), PATIENCE)
    await storage.aclose()


@pytest.mark.parametrize(
    "address", ["redis+sentinel://127.0.0.1:1", "redis+sentinel:///runs", "sentinel://a/b"]
)
def test_incomplete_address_is_refused_in_words(address: str):
    """An address without hosts or without a service says how it has to look."""
    with pytest.raises(StoreUnusable, match=r"redis\+sentinel://HOST:PORT,HOST:PORT/SERVICE"):
        RedisStorage(address, Settings())
