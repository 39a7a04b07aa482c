"""Several nodes on one Redis, killed while they work."""

from __future__ import annotations

import asyncio
import random
import signal

import pytest
from cluster import LONG_LEASE, Fleet, assert_whole, photo
from redis_server import RedisServer
from schedules import Schedule, schedules

#: Only a guard against hanging: processes start slowly on a busy machine.
PATIENCE = 220.0
pytestmark = pytest.mark.timeout(240)


def looked(redis: RedisServer, what: str) -> int:
    """Return how often the outside world was asked for something."""
    keys = [word for word in redis.ask("KEYS", f"outside:{what}").split(b"\r\n") if word[:8] == b"outside:"]
    return sum(int(redis.ask("GET", key.decode()).split(b"\r\n")[1]) for key in keys)


async def test_one_photo_at_two_nodes_in_the_same_moment(own_redis: RedisServer):
    """The run happens once in the fleet, and every node tells the same bytes."""
    async with (
        Fleet(own_redis.url, ["both", "both"], random.Random(1), LONG_LEASE) as fleet,
        asyncio.timeout(PATIENCE),
    ):
        keys = await asyncio.gather(*(fleet.upload(photo(1), number % 2) for number in range(8)))
        assert len(set(keys)) == 1
        streams = await asyncio.gather(*(fleet.followed(keys[0], number % 2) for number in range(8)))
    assert_whole(streams[0])
    assert all(stream == streams[0] for stream in streams)
    assert looked(own_redis, "lens:*") == looked(own_redis, "offers") == 1


async def test_worker_killed_in_the_middle(own_redis: RedisServer):
    """Another worker runs only the missing stages; who listens sees one sequence."""
    async with (
        Fleet(own_redis.url, ["web", "worker", "worker"], random.Random(2), LONG_LEASE) as fleet,
        asyncio.timeout(PATIENCE),
    ):
        own_redis.ask("SET", "hold:page", "1")
        key = await fleet.upload(photo(2), 0)
        following = asyncio.create_task(fleet.followed(key, 0))
        while not looked(own_redis, "page"):
            await asyncio.sleep(0.01)
        worker = own_redis.ask("HGET", f"lens_rx:v1:run:{key}", "worker").decode()
        number = next(n for n in (1, 2) if (it := fleet.nodes[n]) and f"-{it.process.pid}-" in worker)
        await fleet.end(number, signal.SIGKILL)
        own_redis.ask("DEL", "hold:page")
        stream = await following
    assert_whole(stream)
    assert looked(own_redis, "lens:*") == 1
    assert looked(own_redis, "page") == 2


async def test_rolling_restart(own_redis: RedisServer):
    """Nodes that are told to end, one after the other, finish or hand back; nobody misses a fact."""
    async with (
        Fleet(own_redis.url, ["both", "both"], random.Random(3), LONG_LEASE) as fleet,
        asyncio.timeout(PATIENCE),
    ):
        keys = [await fleet.upload(photo(number)) for number in range(4)]
        following = [asyncio.create_task(fleet.followed(key, number % 2)) for number, key in enumerate(keys)]
        for number in range(2):
            await fleet.end(number, signal.SIGTERM)
            fleet.nodes[number] = await fleet._node("both")
        streams = await asyncio.gather(*following)
    for stream in streams:
        assert_whole(stream)
    assert looked(own_redis, "lens:*") == 4


@schedules(short=4, long=16)
async def test_random_kills(own_redis: RedisServer, schedule: Schedule):
    """Nodes and Redis are killed at random; every subscriber of every node sees one whole sequence."""
    chance = random.Random(schedule.seed)
    victims = chance.choices(["node", "redis"], [3, 1], k=schedule.faults)
    async with (
        Fleet(own_redis.url, ["both"] * 3, random.Random(schedule.seed)) as fleet,
        asyncio.timeout(PATIENCE),
    ):

        async def watched(number: int) -> list[list[tuple[bytes, bytes]]]:
            await asyncio.sleep(number * 0.5)
            # a port of a killed node may go to a node of another fleet, which must not know the run
            key = await fleet.upload(photo(number, schedule.seed))
            return await asyncio.gather(*(fleet.followed(key, node) for node in range(3)))

        watching = [asyncio.create_task(watched(number)) for number in range(schedule.faults + 2)]
        for victim in victims:
            await asyncio.sleep(chance.uniform(0.2, 1.0))
            if victim == "node":
                await fleet.kill(chance.randrange(3))
            else:
                own_redis.kill()
                await asyncio.sleep(chance.uniform(0, 0.5))
                await asyncio.to_thread(own_redis.start)
        runs = await asyncio.gather(*watching)
    for first, *others in runs:
        assert_whole(first)
        for stream in others:
            assert stream == first
