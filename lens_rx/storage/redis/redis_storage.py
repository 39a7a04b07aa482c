"""The storage in Redis, for many nodes: jobs through a consumer group, facts in one stream a generation.

What must be atomic over all nodes is a script in `lua/`. Redis counts as away when it does not answer in time, is
full or is a replica; then every call raises `Unavailable`, and works again when it is back.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import reactivex as rx
import structlog
from reactivex import Observable
from reactivex import operators as ops
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError

from lens_rx.facts.errors import NotFound, Unavailable
from lens_rx.reactive.interop import from_coroutine
from lens_rx.settings import Settings
from lens_rx.storage.local.run_store import RESULTS_A_RUN
from lens_rx.storage.records import (
    Entry,
    Job,
    Lease,
    LeaseLost,
    NewEntry,
    Position,
    RunInfo,
    RunState,
    StoredRun,
    StoreUnusable,
    Submission,
    SubmitOutcome,
)
from lens_rx.storage.redis import redis_codec as wire
from lens_rx.storage.redis.connection_pool import connection_pool
from lens_rx.storage.redis.job_group import JobGroup
from lens_rx.storage.redis.lua_scripts import Scripts, redis_call
from lens_rx.storage.redis.stream_reader import StreamReader
from lens_rx.storage.revisions import Revision, refusal
from lens_rx.storage.timestamps import to_timestamp

VERSION = 1
DAY_MS = 86_400_000

_log = structlog.get_logger()


class RedisStorage:
    """`Storage` in Redis 7.0 or later, or Valkey, shared by every node that names the same prefix."""

    name = "redis"

    def __init__(self, url: str, settings: Settings) -> None:
        self._settings = settings
        self._prefix = f"{settings.redis_prefix}:v{VERSION}:"
        self._age_ms = round(settings.kept_days * DAY_MS)
        self._client = Redis.from_pool(connection_pool(url))
        self._call = Scripts(self._client, self._prefix)
        self._stream_reader = StreamReader(self._client, self._call, self._prefix)
        self._jobs = JobGroup(self._client, self._call, self._prefix, settings.lease_seconds)
        self._checked = False

    async def start(self) -> None:
        """Check that Redis is new enough; where it is away, go on without it and check later.

        Raises `StoreUnusable` where it is too old, or refuses the user.
        """
        try:
            await self._check()
        except Unavailable as error:
            if isinstance(error.__cause__, AuthenticationError | NoPermissionError):
                raise StoreUnusable(f"Redis refuses the user of LENS_RX_REDIS: {error.__cause__}") from error
            _log.warning("redis is away, waiting for it", error=str(error.__cause__))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._stream_reader.aclose()
        await self._client.aclose()
        await self._client.connection_pool.aclose()

    async def ready(self) -> bool:
        """Return whether Redis answers and can be written."""
        try:
            await self._check()
            await self._call("run_states")
        except Unavailable:
            return False
        return True

    async def _check(self) -> None:
        if self._checked:
            return
        async with redis_call():
            server = await self._client.info("server")
        if int(server["redis_version"].split(".")[0]) < 7:
            raise StoreUnusable(
                f"Redis 7.0 or later is needed, or Valkey; this is {server['redis_version']}."
            )
        await self._jobs.repair()
        self._checked = True

    async def submit(self, job: Job, now: datetime) -> Submission:
        """Join, replay or queue, in one step for all nodes; photos are sent only where they are needed."""
        of = self._settings
        bounds = (of.queue, of.queue_per_client, of.run_deadline_seconds, self._age_ms)
        arguments = (job.key, to_timestamp(now), *bounds, job.client)
        answer = await self._call("submit", *arguments)
        if answer[0] == b"wanted":
            answer = await self._call("submit", *arguments, *wire.job_arguments(job))
        wire.check_not_busy(answer)
        return Submission(job.key, int(answer[1]), SubmitOutcome(answer[0].decode()))

    async def revise(self, revision: Revision, now: datetime) -> Submission:
        """Put a new generation in place of an ended one, in one step for all nodes."""
        of, key = self._settings, revision.key
        queue = (of.queue, of.queue_per_client, of.run_deadline_seconds)
        run = (key, revision.replaces, to_timestamp(now), *queue, *self._bounds())
        answer = await self._call("revise", *run, *wire.revision_arguments(revision))
        wire.check_not_busy(answer)
        if answer[0] != b"started":
            raise refusal(answer[0].decode())
        return Submission(key, int(answer[1]), SubmitOutcome.STARTED)

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose lease ran out."""
        return await self._jobs.claim(worker, wait_seconds)

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease; return whether anybody watches, on any node."""
        answer = await self._call("renew", lease.job.key, lease.token, lease.worker)
        if answer < 0:
            raise LeaseLost("another worker has this run now")
        return bool(answer)

    async def append(self, lease: Lease, entries: Sequence[NewEntry]) -> None:
        """Write facts, in one round trip."""
        arguments = wire.new_entry_arguments(entries)
        if await self._call("append", lease.job.key, lease.token, self._age_ms, *arguments) < 0:
            raise LeaseLost("another worker has this run now")

    async def finish(self, lease: Lease, fresh_until: datetime) -> None:
        """End the generation as complete."""
        await self._end(lease, RunState.COMPLETE, to_timestamp(fresh_until))

    async def abandon(self, lease: Lease) -> None:
        """End the generation unfinished."""
        await self._end(lease, RunState.ABANDONED, 0)

    async def _end(self, lease: Lease, state: RunState, fresh: int) -> None:
        run = (lease.job.key, lease.token, state, fresh)
        if not await self._call("end_run", *run, *self._bounds()):
            raise LeaseLost("another worker has this run now")

    async def requeue(self, lease: Lease) -> None:
        """Put the job back first in the queue."""
        if not await self._call("requeue", lease.job.key, lease.token):
            raise LeaseLost("another worker has this run now")

    async def read(self, key: str) -> StoredRun | None:
        """Return a run with the entries that it has now, in one round trip."""
        answer = await self._call("read_run", key, self._age_ms, "0-0", "live")
        if answer is None:
            return None
        await self._note_use(key)
        return wire.parse_run(answer, 0)

    def follow(self, key: str, after: Position) -> Observable[Entry]:
        """Return the entries behind `after`: stored ones in one round trip, live ones as the node reads them."""

        async def read() -> StoredRun:
            answer = await self._call("read_run", key, self._age_ms, f"{after.seq}-0")
            if answer is None:
                raise NotFound("There is no such run.")
            return wire.parse_run(answer, after.seq)

        def entries(run: StoredRun) -> Observable[Entry]:
            if after.generation not in (0, run.info.generation):
                return rx.empty()
            if run.info.is_live:
                return self._stream_reader.follow(key, run.info.generation, after.seq)
            return rx.from_iterable(run.entries)

        return from_coroutine(read).pipe(ops.flat_map(entries))

    async def mark_watched(self, keys: Collection[str], seconds: float) -> None:
        """Note that somebody here watches these runs."""
        await self._call("mark_watched", round(seconds * 1000), *keys)

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries."""
        answer = await self._call("read_run", key, self._age_ms)
        if answer is None:
            return None
        await self._note_use(key)
        return wire.parse_run_info(answer[0])

    async def _note_use(self, key: str) -> None:
        with suppress(Unavailable):  # a replica cannot be written
            async with redis_call():
                used = {key: round(time.time() * 1000)}
                await self._client.zadd(f"{self._prefix}kept", used, xx=True)

    async def list_runs(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first."""
        place = (to_timestamp(before.created_at), before.key) if before else ("+inf", "")
        answer = await self._call("list_runs", self._age_ms, limit, *place)
        return [wire.parse_run_info(run) for run in answer]

    async def delete(self, key: str) -> bool:
        """Delete a run; a worker that runs it loses its lease."""
        return bool(await self._call("delete_run", key, self._age_ms))

    async def import_run(self, info: RunInfo, entries: Sequence[Entry]) -> bool:
        """Store a finished run from elsewhere, unless there is one."""
        fresh = to_timestamp(info.fresh_until) if info.fresh_until else 0
        run = (info.key, info.generation, to_timestamp(info.created_at), fresh)
        return bool(await self._call("import_run", *run, *self._bounds(), *wire.entry_arguments(entries)))

    async def count_waiting(self) -> int:
        """Return how many jobs wait."""
        async with redis_call():
            return int(await self._client.zcard(f"{self._prefix}queue"))

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result."""
        found: bytes | None = await self._call("get_result", key, to_timestamp(now))
        return found

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Store a stage's result."""
        left_ms = round((until - datetime.now(UTC)).total_seconds() * 1000)
        most = RESULTS_A_RUN * self._settings.kept_runs
        await self._call("put_result", key, payload, to_timestamp(until), max(1, left_ms), most)

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to make a stage's result."""
        return bool(await self._call("reserve_result", key, owner, max(1, round(seconds * 1000))))

    async def release(self, key: str, owner: str) -> None:
        """Give that right back."""
        await self._call("release_result", key, owner)

    def _bounds(self) -> tuple[int, int, int]:
        return self._settings.kept_runs, self._settings.kept_bytes, self._age_ms
