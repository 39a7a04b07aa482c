"""The Redis storage on several nodes, and when Redis dies, hangs, fills up, forgets or may not be written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from secrets import token_hex

import pytest
from eventually import eventually
from redis_server import RedisServer
from storage_helpers import DAY, PHOTO, claim_one, collect, finish_run, job, names, new_entries, start_run
from structlog.testing import capture_logs

from lens_rx.facts.errors import NotFound, Unavailable
from lens_rx.reactive.interop import create_task, to_async_iterable
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Lease, LeaseLost, Position, StoreUnusable, SubmitOutcome
from lens_rx.storage.redis.redis_storage import RedisStorage

OpenNode = Callable[..., Awaitable[RedisStorage]]

#: More than any call's own deadline, with room for a busy machine.
PATIENCE = 9.0


@pytest.fixture
async def node(own_redis: RedisServer) -> AsyncIterator[OpenNode]:
    """Open another node of one fleet; its Redis is the test's own."""
    opened: list[RedisStorage] = []

    async def opening(**settings: object) -> RedisStorage:
        storage = RedisStorage(own_redis.url, Settings(**settings))
        opened.append(storage)
        await storage.start()
        return storage

    yield opening
    for storage in opened:
        await storage.aclose()


async def works(storage: Storage) -> None:
    """Bring a new run to its end, as soon as the storage is there again."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with suppress(Unavailable):
            key = token_hex(4)
            await finish_run(storage, key)
            assert names(await collect(storage, key)) == "abc"
            return
        await asyncio.sleep(0.05)
    pytest.fail("the storage does not come back")


async def refused(call: Awaitable[object]) -> Unavailable:
    """Return the error with which a call ends in time."""
    with pytest.raises(Unavailable) as error:
        await asyncio.wait_for(call, PATIENCE)
    assert error.value.retry_after
    return error.value


async def test_equal_photo_on_two_nodes_makes_one_run(node: OpenNode):
    """Both nodes are told the same run, one of them that it started it."""
    here, there = await node(), await node()
    for number in range(20):
        tickets = await asyncio.gather(
            *(
                storage.submit(job(f"run{number}"), datetime.now(UTC))
                for storage in (here, there, here, there)
            )
        )
        assert sorted(ticket.how for ticket in tickets) == [SubmitOutcome.JOINED] * 3 + [
            SubmitOutcome.STARTED
        ]
    assert await here.count_waiting() == await there.count_waiting() == 20


async def test_every_node_tells_every_fact(node: OpenNode):
    """Followers on three nodes see what a fourth one makes, in order and as it is made."""
    worker, *webs = [await node() for _ in range(4)]
    lease = await start_run(worker)
    following = [to_async_iterable(web.follow("run", Position())) for web in webs]
    for name in "abc":
        await worker.append(lease, new_entries(name))
        for follower in following:
            assert names([await asyncio.wait_for(anext(follower), 2)]) == name
    await worker.finish(lease, datetime.now(UTC) + DAY)
    assert [await anext(follower, None) for follower in following] == [None] * 3


async def test_listener_on_any_node_counts(node: OpenNode):
    """A worker is told that somebody listens, whichever node that is."""
    web, worker = await node(), await node()
    lease = await start_run(worker)
    await web.mark_watched(["run"], 5)
    assert await worker.renew(lease)


async def test_one_blocking_read_a_node(node: OpenNode, own_redis: RedisServer):
    """Sixty followers of twenty runs on one node hold one connection waiting."""
    web, worker = await node(), await node()
    leases = [await start_run(worker, f"run{number}") for number in range(20)]
    following = [create_task(collect(web, f"run{number % 20}")) for number in range(60)]
    seen = set()
    while len(web._stream_reader._feeds) < 20 or 1 not in seen:
        seen.add(blocked(own_redis))
        await asyncio.sleep(0.01)
    assert seen <= {0, 1}
    for lease in leases:
        await worker.append(lease, new_entries("ab"))
        await worker.finish(lease, datetime.now(UTC) + DAY)
    assert {names(entries) for entries in await asyncio.gather(*following)} == {"ab"}
    while blocked(own_redis):
        await asyncio.sleep(0.01)


def blocked(server: RedisServer) -> int:
    """Return how many connections wait for a stream."""
    return int(server.ask("INFO", "clients").split(b"blocked_clients:")[1].split(b"\r\n")[0])


async def test_a_fact_costs_few_round_trips(node: OpenNode, own_redis: RedisServer):
    """Two requests a fact go over the wire with one web node: an append and a read."""
    web, worker = await node(), await node()
    lease = await start_run(worker)
    follower = to_async_iterable(web.follow("run", Position()))
    await worker.append(lease, new_entries("a"))
    await anext(follower)
    await asyncio.sleep(0.1)
    before = calls(own_redis)
    for name in "bcdefghijk":
        await worker.append(lease, new_entries(name))
        await anext(follower)
    spent = calls(own_redis) - before
    assert 20 <= spent <= 22
    await worker.finish(lease, datetime.now(UTC) + DAY)
    await anext(follower, None)


def calls(server: RedisServer) -> int:
    """Return how many scripts were called and streams read; reads inside scripts are ranges."""
    stats = server.ask("INFO", "commandstats").decode()
    lines = [line for line in stats.splitlines() if line.startswith(("cmdstat_evalsha:", "cmdstat_xread:"))]
    return sum(int(line.split("calls=")[1].split(",")[0]) for line in lines)


async def test_redis_killed_and_restarted(node: OpenNode, own_redis: RedisServer):
    """Streams end with an error, calls are refused, and the same run goes on when Redis is back."""
    web, worker = await node(), await node()
    lease = await start_run(worker)
    await worker.append(lease, new_entries("ab"))
    following = to_async_iterable(web.follow("run", Position()))
    assert names([await anext(following), await anext(following)]) == "ab"
    waiting = create_task(collect(web))
    own_redis.kill()
    await refused(anext(following))
    await refused(waiting)
    await refused(web.submit(job("other"), datetime.now(UTC)))
    await refused(worker.append(lease, new_entries("x")))
    await refused(worker.claim("w", 1))
    assert not await web.ready()
    own_redis.start()
    assert await web.ready()
    await worker.append(lease, new_entries("bc"))
    await worker.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(web, after=Position(1, 2))) == "c"
    await works(web)


async def test_redis_hangs(node: OpenNode, own_redis: RedisServer):
    """A Redis that does not answer is away: every call and every stream ends in time."""
    storage = await node()
    lease = await start_run(storage)
    await storage.append(lease, new_entries("a"))
    following = create_task(collect(storage))
    await asyncio.sleep(0.1)
    own_redis.freeze()
    try:
        ends = [
            following,
            storage.submit(job("other"), datetime.now(UTC)),
            storage.append(lease, new_entries("b")),
            storage.claim("w", 0.5),
            storage.run_info("run"),
            collect(storage),
            storage.get_result("offers", datetime.now(UTC)),
            storage.count_waiting(),
        ]
        await asyncio.gather(*(refused(call) for call in ends))
    finally:
        own_redis.thaw()
    await works(storage)


async def test_redis_out_of_memory(node: OpenNode, own_redis: RedisServer):
    """A full Redis takes nothing and loses nothing; what ends a run is still taken."""
    storage = await node()
    lease = await start_run(storage)
    await storage.append(lease, new_entries("a"))
    ending = await start_run(storage, "ending")
    following = create_task(collect(storage))
    await asyncio.sleep(0.1)
    own_redis.ask("CONFIG", "SET", "maxmemory", "1")
    await refused(storage.submit(job("other"), datetime.now(UTC)))
    await refused(storage.append(lease, new_entries("b")))
    await refused(storage.put_result("offers", b"x", datetime.now(UTC) + DAY))
    await refused(following)
    assert not await storage.ready()
    await storage.renew(lease)
    await storage.finish(ending, datetime.now(UTC) + DAY)
    own_redis.ask("CONFIG", "SET", "maxmemory", "0")
    await storage.append(lease, new_entries("b"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(storage)) == "ab"
    await works(storage)


async def test_redis_becomes_a_replica(node: OpenNode, own_redis: RedisServer):
    """A read-only Redis takes nothing and ends live streams; what is finished is still told."""
    storage = await node()
    await finish_run(storage, "done")
    lease = await start_run(storage)
    await storage.append(lease, new_entries("a"))
    following = create_task(collect(storage))
    await asyncio.sleep(0.1)
    own_redis.ask("REPLICAOF", "127.0.0.1", "1")
    await refused(following)
    await refused(storage.submit(job("other"), datetime.now(UTC)))
    await refused(storage.append(lease, new_entries("b")))
    assert names(await collect(storage, "done")) == "abc"
    assert await storage.run_info("done")
    own_redis.ask("REPLICAOF", "NO", "ONE")
    await storage.append(lease, new_entries("b"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(storage)) == "ab"
    await works(storage)


async def test_redis_forgets_everything(node: OpenNode, own_redis: RedisServer):
    """After a flush, streams end, late workers are refused, and new runs work without a restart."""
    storage = await node()
    lease = await start_run(storage)
    await storage.append(lease, new_entries("a"))
    following = create_task(collect(storage))
    claiming = create_task(storage.claim("w2", 5))
    await asyncio.sleep(0.1)
    own_redis.ask("FLUSHALL")
    own_redis.ask("SCRIPT", "FLUSH")
    await refused(following)
    with pytest.raises(LeaseLost):
        await storage.append(lease, new_entries("b"))
    with pytest.raises(NotFound):
        await collect(storage)
    await storage.submit(job("new"), datetime.now(UTC))
    fresh = await claiming
    assert fresh
    assert fresh.job.key == "new"
    await works(storage)


@pytest.mark.parametrize("lost", ["jobs", "queue", "held", "open"])
async def test_lost_jobs_are_repaired(node: OpenNode, own_redis: RedisServer, lost: str):
    """Whichever record of the waiting jobs is lost, every run is still claimed, once, from its head."""
    storage = await node(lease_seconds=0.6)
    await start_run(storage, "running")
    await storage.submit(job("waiting", "me"), datetime.now(UTC))
    own_redis.ask("DEL", f"lens_rx:v1:{lost}")
    keys = []
    for _ in range(2):
        again = await taken_in(storage, 5)
        keys.append(again.job.key)
        await storage.finish(again, datetime.now(UTC) + DAY)
    assert sorted(keys) == ["running", "waiting"]
    assert await storage.claim("w", 1) is None


async def taken_in(storage: Storage, seconds: float) -> Lease:
    lease = await storage.claim("w2", seconds)
    assert lease
    return lease


async def test_permit_of_a_dead_worker_is_used(node: OpenNode, own_redis: RedisServer):
    """A worker that died between being given a permit and taking its job holds nothing up."""
    storage = await node(lease_seconds=0.6)
    assert await storage.claim("w", 0) is None
    await storage.submit(job(), datetime.now(UTC))
    own_redis.ask("XREADGROUP", "GROUP", "workers", "ghost", "STREAMS", "lens_rx:v1:jobs", ">")
    assert (await taken_in(storage, 3)).job.photos == (PHOTO,)


async def test_lost_photos_do_not_stop_the_queue(node: OpenNode, own_redis: RedisServer):
    """A job whose photos Redis lost is given up until somebody brings them again."""
    storage = await node()
    await storage.submit(job("lost"), datetime.now(UTC))
    await storage.submit(job("whole"), datetime.now(UTC))
    own_redis.ask("DEL", "lens_rx:v1:photos:lost")
    assert (await claim_one(storage)).job.key == "whole"
    assert await collect(storage, "lost") == []
    assert (await storage.submit(job("lost"), datetime.now(UTC))).how is SubmitOutcome.STARTED
    assert (await claim_one(storage)).job == job("lost")


async def test_evicted_facts_are_not_half_told(node: OpenNode, own_redis: RedisServer):
    """A finished run whose facts Redis let go of is not replayed with holes, but made anew."""
    storage = await node()
    await finish_run(storage)
    own_redis.ask("XDEL", "lens_rx:v1:facts:run:1", "2-0")
    with pytest.raises(NotFound):
        await collect(storage)
    ticket = await storage.submit(job(), datetime.now(UTC))
    assert (ticket.how, ticket.generation) == (SubmitOutcome.STARTED, 2)


async def test_redis_comes_after_us(own_redis: RedisServer):
    """A node that is started before Redis waits for it, and says so."""
    own_redis.kill()
    storage = RedisStorage(own_redis.url, Settings())
    with capture_logs() as lines:
        await storage.start()
    assert [line["event"] for line in lines] == ["redis is away, waiting for it"]
    assert not await storage.ready()
    await refused(storage.submit(job(), datetime.now(UTC)))
    own_redis.start()
    assert await storage.ready()
    await works(storage)
    await storage.aclose()


async def test_old_redis_is_refused(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch):
    """A Redis before 7.0 is refused in words."""
    storage = RedisStorage(own_redis.url, Settings())

    async def report_old_version(_: str) -> dict[str, str]:
        return {"redis_version": "6.2.14"}

    monkeypatch.setattr(storage._client, "info", report_old_version)
    with pytest.raises(StoreUnusable, match=r"7\.0 or later .* 6\.2\.14"):
        await storage.start()
    await storage.aclose()


async def test_all_keys_are_under_the_prefix_and_expire(node: OpenNode, own_redis: RedisServer):
    """Every key begins with the prefix and its version, and whatever belongs to a run ends by itself."""
    storage = await node(redis_prefix="shop")
    await finish_run(storage)
    await storage.put_result("offers", b"x", datetime.now(UTC) + DAY)
    lease = await start_run(storage, "live")
    await storage.append(lease, new_entries("a"))
    keys = [word for word in own_redis.ask("KEYS", "*").split(b"\r\n") if word[:1] not in (b"*", b"$", b"")]
    assert {key[:8] for key in keys} == {b"shop:v1:"}
    bound = (b"run:", b"facts:", b"photos:", b"ids:", b"result:")
    of_runs = [key for key in keys if key[8:].startswith(bound)]
    assert len(of_runs) == 7
    assert all(int(own_redis.ask("PTTL", key.decode())[1:]) > 0 for key in of_runs)


async def test_who_comes_back_in_the_middle_of_a_read_misses_nothing(node: OpenNode):
    """What a read brings for a follower that has left is not given to one that has come since, who begins at the first."""
    web, worker = await node(), await node()
    reader = web._stream_reader
    lease = await start_run(worker)
    await worker.append(lease, new_entries("a"))
    for last, name in enumerate("bcdefg", 2):
        seen: list[int] = []
        leaving = reader.follow("run", 1, 0).subscribe(lambda it, seen=seen: seen.append(it.position.seq))
        await eventually(lambda seen=seen, last=last: len(seen) == last - 1)
        await asyncio.sleep(0.01)  # the next read is on its way
        appending = create_task(worker.append(lease, new_entries(name)))
        leaving.dispose()
        came: list[int] = []
        staying = reader.follow("run", 1, 0).subscribe(lambda it, came=came: came.append(it.position.seq))
        await appending
        await eventually(lambda came=came, last=last: last in came)
        staying.dispose()
        assert came == list(range(1, last + 1))
