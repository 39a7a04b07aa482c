"""The Redis log on several nodes, and when Redis dies, hangs, fills up, forgets or may not be written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from secrets import token_hex

import pytest
from redis_server import RedisServer
from storage_helpers import DAY, PHOTO, drafts, finished, job, names, started, taken, told
from structlog.testing import capture_logs

from lens_rx.facts.errors import NotFound, Unavailable
from lens_rx.reactive.interop import create_task
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Lease, LeaseLost, Log, Position, StoreUnusable, SubmitOutcome
from lens_rx.storage.redis.redis_storage import RedisLog

OpenNode = Callable[..., Awaitable[RedisLog]]

#: More than any call's own deadline, with room for a busy machine.
PATIENCE = 9.0


@pytest.fixture
async def node(own_redis: RedisServer) -> AsyncIterator[OpenNode]:
    """Open another node of one fleet; its Redis is the test's own."""
    opened: list[RedisLog] = []

    async def opening(**settings: object) -> RedisLog:
        log = RedisLog(own_redis.url, Settings(**settings))
        opened.append(log)
        await log.start()
        return log

    yield opening
    for log in opened:
        await log.aclose()


async def works(log: Log) -> None:
    """Bring a new run to its end, as soon as the log is there again."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with suppress(Unavailable):
            key = token_hex(4)
            await finished(log, key)
            assert names(await told(log, key)) == "abc"
            return
        await asyncio.sleep(0.05)
    pytest.fail("the log does not come back")


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
            *(log.submit(job(f"run{number}"), datetime.now(UTC)) for log in (here, there, here, there))
        )
        assert sorted(ticket.how for ticket in tickets) == [SubmitOutcome.JOINED] * 3 + [
            SubmitOutcome.STARTED
        ]
    assert await here.waiting() == await there.waiting() == 20


async def test_every_node_tells_every_fact(node: OpenNode):
    """Followers on three nodes see what a fourth one makes, in order and as it is made."""
    worker, *webs = [await node() for _ in range(4)]
    lease = await started(worker)
    following = [web.follow("run", Position()) for web in webs]
    for name in "abc":
        await worker.append(lease, drafts(name))
        for follower in following:
            assert names([await asyncio.wait_for(anext(follower), 2)]) == name
    await worker.finish(lease, datetime.now(UTC) + DAY)
    assert [await anext(follower, None) for follower in following] == [None] * 3


async def test_listener_on_any_node_counts(node: OpenNode):
    """A worker is told that somebody listens, whichever node that is."""
    web, worker = await node(), await node()
    lease = await started(worker)
    await web.watch(["run"], 5)
    assert await worker.renew(lease)


async def test_one_blocking_read_a_node(node: OpenNode, own_redis: RedisServer):
    """Sixty followers of twenty runs on one node hold one connection waiting."""
    web, worker = await node(), await node()
    leases = [await started(worker, f"run{number}") for number in range(20)]
    following = [create_task(told(web, f"run{number % 20}")) for number in range(60)]
    seen = set()
    while len(web._hub._feeds) < 20 or 1 not in seen:
        seen.add(blocked(own_redis))
        await asyncio.sleep(0.01)
    assert seen <= {0, 1}
    for lease in leases:
        await worker.append(lease, drafts("ab"))
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
    lease = await started(worker)
    follower = web.follow("run", Position())
    await worker.append(lease, drafts("a"))
    await anext(follower)
    await asyncio.sleep(0.1)
    before = calls(own_redis)
    for name in "bcdefghijk":
        await worker.append(lease, drafts(name))
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
    lease = await started(worker)
    await worker.append(lease, drafts("ab"))
    following = web.follow("run", Position())
    assert names([await anext(following), await anext(following)]) == "ab"
    waiting = create_task(told(web))
    own_redis.kill()
    await refused(anext(following))
    await refused(waiting)
    await refused(web.submit(job("other"), datetime.now(UTC)))
    await refused(worker.append(lease, drafts("x")))
    await refused(worker.claim("w", 1))
    assert not await web.ready()
    own_redis.start()
    assert await web.ready()
    await worker.append(lease, drafts("bc"))
    await worker.finish(lease, datetime.now(UTC) + DAY)
    assert names(await told(web, after=Position(1, 2))) == "c"
    await works(web)


async def test_redis_hangs(node: OpenNode, own_redis: RedisServer):
    """A Redis that does not answer is away: every call and every stream ends in time."""
    log = await node()
    lease = await started(log)
    await log.append(lease, drafts("a"))
    following = create_task(told(log))
    await asyncio.sleep(0.1)
    own_redis.freeze()
    try:
        ends = [
            following,
            log.submit(job("other"), datetime.now(UTC)),
            log.append(lease, drafts("b")),
            log.claim("w", 0.5),
            log.head("run"),
            told(log),
            log.recall("offers", datetime.now(UTC)),
            log.waiting(),
        ]
        await asyncio.gather(*(refused(call) for call in ends))
    finally:
        own_redis.thaw()
    await works(log)


async def test_redis_out_of_memory(node: OpenNode, own_redis: RedisServer):
    """A full Redis takes nothing and loses nothing; what ends a run is still taken."""
    log = await node()
    lease = await started(log)
    await log.append(lease, drafts("a"))
    ending = await started(log, "ending")
    following = create_task(told(log))
    await asyncio.sleep(0.1)
    own_redis.ask("CONFIG", "SET", "maxmemory", "1")
    await refused(log.submit(job("other"), datetime.now(UTC)))
    await refused(log.append(lease, drafts("b")))
    await refused(log.keep("offers", b"x", datetime.now(UTC) + DAY))
    await refused(following)
    assert not await log.ready()
    await log.renew(lease)
    await log.finish(ending, datetime.now(UTC) + DAY)
    own_redis.ask("CONFIG", "SET", "maxmemory", "0")
    await log.append(lease, drafts("b"))
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert names(await told(log)) == "ab"
    await works(log)


async def test_redis_becomes_a_replica(node: OpenNode, own_redis: RedisServer):
    """A read-only Redis takes nothing and ends live streams; what is finished is still told."""
    log = await node()
    await finished(log, "done")
    lease = await started(log)
    await log.append(lease, drafts("a"))
    following = create_task(told(log))
    await asyncio.sleep(0.1)
    own_redis.ask("REPLICAOF", "127.0.0.1", "1")
    await refused(following)
    await refused(log.submit(job("other"), datetime.now(UTC)))
    await refused(log.append(lease, drafts("b")))
    assert names(await told(log, "done")) == "abc"
    assert await log.head("done")
    own_redis.ask("REPLICAOF", "NO", "ONE")
    await log.append(lease, drafts("b"))
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert names(await told(log)) == "ab"
    await works(log)


async def test_redis_forgets_everything(node: OpenNode, own_redis: RedisServer):
    """After a flush, streams end, late workers are refused, and new runs work without a restart."""
    log = await node()
    lease = await started(log)
    await log.append(lease, drafts("a"))
    following = create_task(told(log))
    claiming = create_task(log.claim("w2", 5))
    await asyncio.sleep(0.1)
    own_redis.ask("FLUSHALL")
    own_redis.ask("SCRIPT", "FLUSH")
    await refused(following)
    with pytest.raises(LeaseLost):
        await log.append(lease, drafts("b"))
    with pytest.raises(NotFound):
        await told(log)
    await log.submit(job("new"), datetime.now(UTC))
    fresh = await claiming
    assert fresh
    assert fresh.job.key == "new"
    await works(log)


@pytest.mark.parametrize("lost", ["jobs", "queue", "held", "open"])
async def test_lost_jobs_are_repaired(node: OpenNode, own_redis: RedisServer, lost: str):
    """Whichever record of the waiting jobs is lost, every run is still taken, once, from its head."""
    log = await node(lease_seconds=0.6)
    await started(log, "running")
    await log.submit(job("waiting", "me"), datetime.now(UTC))
    own_redis.ask("DEL", f"lens_rx:v1:{lost}")
    keys = []
    for _ in range(2):
        again = await taken_in(log, 5)
        keys.append(again.job.key)
        await log.finish(again, datetime.now(UTC) + DAY)
    assert sorted(keys) == ["running", "waiting"]
    assert await log.claim("w", 1) is None


async def taken_in(log: Log, seconds: float) -> Lease:
    lease = await log.claim("w2", seconds)
    assert lease
    return lease


async def test_permit_of_a_dead_worker_is_used(node: OpenNode, own_redis: RedisServer):
    """A worker that died between being given a permit and taking its job holds nothing up."""
    log = await node(lease_seconds=0.6)
    assert await log.claim("w", 0) is None
    await log.submit(job(), datetime.now(UTC))
    own_redis.ask("XREADGROUP", "GROUP", "workers", "ghost", "STREAMS", "lens_rx:v1:jobs", ">")
    assert (await taken_in(log, 3)).job.photos == (PHOTO,)


async def test_lost_photos_do_not_stop_the_queue(node: OpenNode, own_redis: RedisServer):
    """A job whose photos Redis lost is given up until somebody brings them again."""
    log = await node()
    await log.submit(job("lost"), datetime.now(UTC))
    await log.submit(job("whole"), datetime.now(UTC))
    own_redis.ask("DEL", "lens_rx:v1:photos:lost")
    assert (await taken(log)).job.key == "whole"
    assert await told(log, "lost") == []
    assert (await log.submit(job("lost"), datetime.now(UTC))).how is SubmitOutcome.STARTED
    assert (await taken(log)).job == job("lost")


async def test_evicted_facts_are_not_half_told(node: OpenNode, own_redis: RedisServer):
    """A finished run whose facts Redis let go of is not replayed with holes, but made anew."""
    log = await node()
    await finished(log)
    own_redis.ask("XDEL", "lens_rx:v1:facts:run:1", "2-0")
    with pytest.raises(NotFound):
        await told(log)
    ticket = await log.submit(job(), datetime.now(UTC))
    assert (ticket.how, ticket.generation) == (SubmitOutcome.STARTED, 2)


async def test_redis_comes_after_us(own_redis: RedisServer):
    """A node that is started before Redis waits for it, and says so."""
    own_redis.kill()
    log = RedisLog(own_redis.url, Settings())
    with capture_logs() as lines:
        await log.start()
    assert [line["event"] for line in lines] == ["redis is away, waiting for it"]
    assert not await log.ready()
    await refused(log.submit(job(), datetime.now(UTC)))
    own_redis.start()
    assert await log.ready()
    await works(log)
    await log.aclose()


async def test_old_redis_is_refused(own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch):
    """A Redis before 7.0 is refused in words."""
    log = RedisLog(own_redis.url, Settings())

    async def told_version(_: str) -> dict[str, str]:
        return {"redis_version": "6.2.14"}

    monkeypatch.setattr(log._client, "info", told_version)
    with pytest.raises(StoreUnusable, match=r"7\.0 or later .* 6\.2\.14"):
        await log.start()
    await log.aclose()


async def test_all_keys_are_under_the_prefix_and_expire(node: OpenNode, own_redis: RedisServer):
    """Every key begins with the prefix and its version, and whatever belongs to a run ends by itself."""
    log = await node(redis_prefix="shop")
    await finished(log)
    await log.keep("offers", b"x", datetime.now(UTC) + DAY)
    lease = await started(log, "live")
    await log.append(lease, drafts("a"))
    keys = [word for word in own_redis.ask("KEYS", "*").split(b"\r\n") if word[:1] not in (b"*", b"$", b"")]
    assert {key[:8] for key in keys} == {b"shop:v1:"}
    bound = (b"run:", b"facts:", b"photos:", b"ids:", b"result:")
    of_runs = [key for key in keys if key[8:].startswith(bound)]
    assert len(of_runs) == 7
    assert all(int(own_redis.ask("PTTL", key.decode())[1:]) > 0 for key in of_runs)
