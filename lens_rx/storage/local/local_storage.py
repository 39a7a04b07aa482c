"""The log of one process: live runs in memory, all that is written on a shelf."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from lens_rx.facts.errors import NotFound
from lens_rx.settings import Settings
from lens_rx.storage.local.fair_queue import FairQueue
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.local.run_store import Record, RunStore
from lens_rx.storage.local.ttl_locks import TtlLocks
from lens_rx.storage.protocols import (
    Entry,
    Job,
    Lease,
    LeaseLost,
    NewEntry,
    Position,
    RunInfo,
    RunState,
    Submission,
    SubmitOutcome,
)


class LocalLog:
    """`Log` for one process. Followers are woken at once; the queue does not outgrow its bounds."""

    name = "local"

    def __init__(self, shelf: RunStore, settings: Settings) -> None:
        self._shelf = shelf
        self._lease_seconds = settings.lease_seconds
        self._desk = FairQueue(settings)
        self._live: dict[str, LiveRun] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._listeners = TtlLocks()
        self._makers = TtlLocks()

    async def start(self) -> None:
        """Open the shelf and queue what a dead process left."""
        for run in await self._shelf.open():
            self._live[run.key] = run
            self._desk.restore(run)

    async def aclose(self) -> None:
        """Close the shelf."""
        await self._shelf.close()

    async def ready(self) -> bool:
        """Tell whether the shelf can be written."""
        return await self._shelf.ready()

    async def submit(self, job: Job, now: datetime) -> Submission:
        """Join, replay or queue, as the protocol says."""
        async with self._lock(job.key):
            if live := self._live.get(job.key):
                return Submission(job.key, live.generation, SubmitOutcome.JOINED)
            head = await self._shelf.head(job.key)
            if head and head.fresh_until and now < head.fresh_until:
                return Submission(job.key, head.generation, SubmitOutcome.REPLAYED)
            run = await self._queued(job, head, now)
            return Submission(job.key, run.generation, SubmitOutcome.STARTED)

    async def _queued(self, job: Job, head: RunInfo | None, now: datetime) -> LiveRun:
        self._desk.admit(job.client, time.monotonic())
        try:
            run = await self._opened(job, head, now)
            await self._shelf.begin(run)
        except BaseException:
            self._desk.withdraw(job.client)
            raise
        self._live[job.key] = run
        self._desk.put(run)
        return run

    async def _opened(self, job: Job, head: RunInfo | None, now: datetime) -> LiveRun:
        if head and head.state is RunState.ABANDONED and (run := await self._shelf.revive(job.key)):
            run.job = replace(run.job, client=job.client)
            return run
        return LiveRun(job, head.generation + 1 if head else 1, now)

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose lease ran out."""
        ends = time.monotonic() + wait_seconds
        while True:
            now = time.monotonic()
            if lease := self._desk.take(worker, now):
                return await self._counted(lease)
            if now >= ends:
                return None
            await self._desk.news(ends - now, now)

    async def _counted(self, lease: Lease) -> Lease:
        """Return a lease once it is kept as an attempt; where it cannot be, its run waits again."""
        try:
            await self._shelf.count(self._held(lease))
        except BaseException:
            with suppress(LeaseLost):
                self._desk.put_first(self._held(lease))
            raise
        return lease

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease; tell whether anybody listens."""
        run = self._held(lease)
        now = time.monotonic()
        run.expires_at = now + self._lease_seconds
        return self._listeners.is_held(run.key, now)

    async def append(self, lease: Lease, drafts: Sequence[NewEntry]) -> None:
        """Write facts, then show them to the followers."""
        run = self._held(lease)
        async with run.lock:
            run.check(lease)
            if written := run.numbered(drafts):
                await self._shelf.add(run, written)
                run.publish(written)

    async def finish(self, lease: Lease, fresh_until: datetime) -> None:
        """End the generation as complete."""
        await self._settle(lease, RunState.COMPLETE, fresh_until)

    async def abandon(self, lease: Lease) -> None:
        """End the generation unfinished."""
        await self._settle(lease, RunState.ABANDONED, None)

    async def _settle(self, lease: Lease, state: RunState, fresh_until: datetime | None) -> None:
        run = self._held(lease)
        async with self._lock(run.key), run.lock:
            run.check(lease)
            await self._shelf.settle(replace(run.head(), state=state, fresh_until=fresh_until))
            run.end(state)
            self._let_go(run)

    async def hand_back(self, lease: Lease) -> None:
        """Put the job back first in the queue."""
        run = self._held(lease)
        self._desk.put_first(run)
        await self._shelf.count(run)

    async def follow(self, key: str, after: Position) -> AsyncGenerator[Entry, None]:
        """Yield the entries behind `after`, then live ones."""
        async with self._lock(key):
            live = self._live.get(key)
            record = None if live else await self._shelf.read(key)
        if live is None and record is None:
            raise NotFound("There is no such run.")
        if after.generation not in (0, _generation(live or record)):
            return
        if record:
            for entry in record.entries[after.seq :]:
                yield entry
        if live:
            async with aclosing(live.follow(after.seq)) as entries:
                async for entry in entries:
                    yield entry

    async def watch(self, keys: Collection[str], seconds: float) -> None:
        """Note that somebody listens to these runs."""
        now = time.monotonic()
        for key in keys:
            self._listeners.acquire(key, "", seconds, now)

    async def head(self, key: str) -> RunInfo | None:
        """Return the run at a glance."""
        if live := self._live.get(key):
            return live.head()
        return await self._shelf.head(key)

    async def heads(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first."""
        kept = await self._shelf.heads(limit, before)
        return [live.head() if (live := self._live.get(head.key)) else head for head in kept]

    async def forget(self, key: str) -> bool:
        """Remove a run; a worker that runs it loses its lease."""
        async with self._lock(key):
            if not (run := self._live.get(key)):
                return await self._shelf.drop(key)
            async with run.lock:
                run.end(RunState.ABANDONED)
                self._let_go(run)
                return await self._shelf.drop(key)

    async def adopt(self, head: RunInfo, entries: Sequence[Entry]) -> bool:
        """Keep a finished run from elsewhere, unless there is one."""
        async with self._lock(head.key):
            if head.key in self._live or await self._shelf.head(head.key):
                return False
            await self._shelf.adopt(Record(head, entries))
            return True

    async def waiting(self) -> int:
        """Return how many jobs wait."""
        return self._desk.waiting

    async def recall(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's kept result."""
        return await self._shelf.recall(key, now)

    async def keep(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep a stage's result."""
        await self._shelf.keep(key, payload, until)

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to make a stage's result."""
        return self._makers.acquire(key, owner, seconds, time.monotonic())

    async def release(self, key: str, owner: str) -> None:
        """Give that right back."""
        self._makers.release(key, owner)

    def _held(self, lease: Lease) -> LiveRun:
        run = self._live.get(lease.job.key)
        if run is None:
            raise LeaseLost("this run has ended")
        run.check(lease)
        return run

    def _let_go(self, run: LiveRun) -> None:
        del self._live[run.key]
        self._desk.leave(run, time.monotonic())

    def _lock(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())


def _generation(run: LiveRun | Record | None) -> int:
    if isinstance(run, Record):
        return run.head.generation
    return run.generation if run else 0
