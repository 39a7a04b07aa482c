"""The log in Redis, for many nodes: jobs through a consumer group, facts in one stream a generation.

What must be one step for the whole fleet is a script in `lua/`. Redis counts as away when it does not
answer in time, is full or is a replica; then every call raises `Unavailable`, and goes on when it is back.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from lens_rx.facts.errors import Busy, NotFound, Unavailable
from lens_rx.settings import Settings
from lens_rx.storage.local.run_store import RESULTS_A_RUN
from lens_rx.storage.protocols import (
    Entry,
    Job,
    Lease,
    LeaseLost,
    NewEntry,
    Position,
    RunInfo,
    RunState,
    StoreUnusable,
    Submission,
    SubmitOutcome,
)
from lens_rx.storage.redis import redis_codec as wire
from lens_rx.storage.redis.job_group import Jobs
from lens_rx.storage.redis.lua_scripts import CALL_SECONDS, Scripts, reached
from lens_rx.storage.redis.stream_reader import StreamReader
from lens_rx.storage.timestamps import to_timestamp

VERSION = 1
CONNECTIONS = 64
DAY_MS = 86_400_000

_BUSY = {b"queue": "Too many photos are waiting.", b"client": "Too many of your photos are waiting."}
_log = structlog.get_logger()


class RedisLog:
    """`Log` in Redis 7.0 or later, or Valkey, shared by every node that names the same prefix."""

    name = "redis"

    def __init__(self, url: str, settings: Settings) -> None:
        self._settings = settings
        self._prefix = f"{settings.redis_prefix}:v{VERSION}:"
        self._age_ms = round(settings.kept_days * DAY_MS)
        self._client = Redis.from_pool(_pool(url))
        self._call = Scripts(self._client, self._prefix)
        self._hub = StreamReader(self._client, self._call, self._prefix)
        self._jobs = Jobs(self._client, self._call, self._prefix, settings.lease_seconds)
        self._checked = False

    async def start(self) -> None:
        """Look whether Redis is new enough; where it is away, go on without, and look later.

        Raises `StoreUnusable` where it is too old.
        """
        try:
            await self._check()
        except Unavailable as error:
            _log.warning("redis is away, waiting for it", error=repr(error.__cause__))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._hub.aclose()
        await self._client.aclose()

    async def ready(self) -> bool:
        """Tell whether Redis answers and can be written."""
        try:
            await self._check()
            await self._call("check")
        except Unavailable:
            return False
        return True

    async def _check(self) -> None:
        if self._checked:
            return
        async with reached():
            told = await self._client.info("server")
        if int(told["redis_version"].split(".")[0]) < 7:
            raise StoreUnusable(f"Redis 7.0 or later is needed, or Valkey; this is {told['redis_version']}.")
        await self._jobs.repair()
        self._checked = True

    async def submit(self, job: Job, now: datetime) -> Submission:
        """Join, replay or queue, in one step for the fleet; photos are sent only where they are wanted."""
        of = self._settings
        bounds = (of.queue, of.queue_per_client, of.run_deadline_seconds, self._age_ms)
        arguments = (job.key, to_timestamp(now), *bounds, job.client)
        answer = await self._call("submit", *arguments)
        if answer[0] == b"wanted":
            answer = await self._call("submit", *arguments, *wire.job_arguments(job))
        if answer[0] == b"busy":
            raise Busy(_BUSY[answer[1]], int(answer[2]))
        return Submission(job.key, int(answer[1]), SubmitOutcome(answer[0].decode()))

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose worker was silent for a lease."""
        return await self._jobs.claim(worker, wait_seconds)

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease; tell whether anybody listens, on any node."""
        answer = await self._call("renew", lease.job.key, lease.token, lease.worker)
        if answer < 0:
            raise LeaseLost("another worker has this run now")
        return bool(answer)

    async def append(self, lease: Lease, drafts: Sequence[NewEntry]) -> None:
        """Write facts, in one round trip."""
        arguments = wire.draft_arguments(drafts)
        if await self._call("append", lease.job.key, lease.token, self._age_ms, *arguments) < 0:
            raise LeaseLost("another worker has this run now")

    async def finish(self, lease: Lease, fresh_until: datetime) -> None:
        """End the generation as complete."""
        await self._settle(lease, RunState.COMPLETE, to_timestamp(fresh_until))

    async def abandon(self, lease: Lease) -> None:
        """End the generation unfinished."""
        await self._settle(lease, RunState.ABANDONED, 0)

    async def _settle(self, lease: Lease, state: RunState, fresh: int) -> None:
        run = (lease.job.key, lease.token, state, fresh)
        if not await self._call("settle", *run, *self._bounds()):
            raise LeaseLost("another worker has this run now")

    async def hand_back(self, lease: Lease) -> None:
        """Put the job back first in the queue."""
        if not await self._call("hand_back", lease.job.key, lease.token):
            raise LeaseLost("another worker has this run now")

    async def follow(self, key: str, after: Position) -> AsyncGenerator[Entry, None]:
        """Yield the entries behind `after`: kept ones in one round trip, live ones from the hub."""
        answer = await self._call("read", key, self._age_ms, f"{after.seq}-0")
        if answer is None:
            raise NotFound("There is no such run.")
        head = wire.head(answer[0])
        if after.generation not in (0, head.generation):
            return
        if head.state in (RunState.QUEUED, RunState.RUNNING):
            async with aclosing(self._hub.follow(key, head.generation, after.seq)) as live:
                async for found in live:
                    yield found
            return
        entries = wire.entries(answer[1], head.generation)
        if len(entries) < head.entries - after.seq:
            raise NotFound("The log has lost this run; send the photo again.")
        for kept in entries:
            yield kept

    async def watch(self, keys: Collection[str], seconds: float) -> None:
        """Say that somebody here listens to these runs."""
        await self._call("watch", round(seconds * 1000), *keys)

    async def head(self, key: str) -> RunInfo | None:
        """Return the run at a glance."""
        answer = await self._call("read", key, self._age_ms)
        if answer is None:
            return None
        with suppress(Unavailable):  # a replica tells what it has
            async with reached():
                used = {key: round(time.time() * 1000)}
                await self._client.zadd(f"{self._prefix}kept", used, xx=True)
        return wire.head(answer[0])

    async def heads(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first."""
        place = (to_timestamp(before.created_at), before.key) if before else ("+inf", "")
        answer = await self._call("heads", self._age_ms, limit, *place)
        return [wire.head(found) for found in answer]

    async def forget(self, key: str) -> bool:
        """Remove a run; a worker that runs it loses its lease."""
        return bool(await self._call("forget", key, self._age_ms))

    async def adopt(self, head: RunInfo, entries: Sequence[Entry]) -> bool:
        """Keep a finished run from elsewhere, unless there is one."""
        fresh = to_timestamp(head.fresh_until) if head.fresh_until else 0
        run = (head.key, head.generation, to_timestamp(head.created_at), fresh)
        return bool(await self._call("adopt", *run, *self._bounds(), *wire.entry_arguments(entries)))

    async def waiting(self) -> int:
        """Return how many jobs wait."""
        async with reached():
            return int(await self._client.zcard(f"{self._prefix}queue"))

    async def recall(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's kept result."""
        found: bytes | None = await self._call("recall", key, to_timestamp(now))
        return found

    async def keep(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep a stage's result."""
        left_ms = round((until - datetime.now(UTC)).total_seconds() * 1000)
        most = RESULTS_A_RUN * self._settings.kept_runs
        await self._call("keep", key, payload, to_timestamp(until), max(1, left_ms), most)

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to make a stage's result."""
        return bool(await self._call("reserve", key, owner, max(1, round(seconds * 1000))))

    async def release(self, key: str, owner: str) -> None:
        """Give that right back."""
        await self._call("release", key, owner)

    def _bounds(self) -> tuple[int, int, int]:
        return self._settings.kept_runs, self._settings.kept_bytes, self._age_ms


def _pool(url: str) -> BlockingConnectionPool:
    """Return a bounded pool; deadlines are ours, and one retry finds out that a connection is dead."""
    try:
        return BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=CALL_SECONDS,
            socket_timeout=None,
            socket_connect_timeout=CALL_SECONDS / 2,
            retry=Retry(NoBackoff(), 1),
            protocol=2,
        )
    except ValueError as error:
        raise StoreUnusable(
            "The address of Redis is redis://HOST:PORT/NUMBER, or rediss:// by TLS."
        ) from error
