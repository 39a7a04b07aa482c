"""The storage of one process: live runs in memory, everything that is written in a `RunStore`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

import reactivex as rx
from reactivex import Observable

from lens_rx.facts.errors import NotFound
from lens_rx.reactive.composition import then
from lens_rx.reactive.interop import from_coroutine
from lens_rx.settings import Settings
from lens_rx.storage.local.fair_queue import FairQueue
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.local.local_results import LocalResults
from lens_rx.storage.local.run_store import RunStore
from lens_rx.storage.local.ttl_locks import TtlLocks
from lens_rx.storage.local.write_watch import WriteWatch
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
    Submission,
    SubmitOutcome,
)
from lens_rx.storage.revisions import Revision
from lens_rx.storage.run_feed import RunFeed


class LocalStorage(LocalResults):
    """`Storage` of one process."""

    name = "local"

    def __init__(self, store: RunStore, settings: Settings) -> None:
        super().__init__(store)
        self._lease_seconds = settings.lease_seconds
        self._queue = FairQueue(settings)
        self._live: dict[str, LiveRun] = {}
        self._writes = WriteWatch(settings, self._live)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._watchers = TtlLocks()

    async def start(self) -> None:
        """Open the store and queue what a dead process left."""
        for run in await self._store.open():
            self._live[run.key] = run
            self._queue.restore(run)

    async def aclose(self) -> None:
        """Close the store."""
        await self._store.close()

    async def ready(self) -> bool:
        """Return whether the store can be written."""
        return await self._store.ready()

    async def submit(self, job: Job, now: datetime) -> Submission:
        """Join, replay or queue, as the protocol says."""
        async with self._lock(job.key):
            if live := self._live.get(job.key):
                return Submission(job.key, live.generation, SubmitOutcome.JOINED)
            info = await self._store.run_info(job.key)
            if info and info.is_fresh(now):
                return Submission(job.key, info.generation, SubmitOutcome.REPLAYED)
            run = await self._open_generation(job, info, now)
            await self._enqueue(run)
            return Submission(job.key, run.generation, SubmitOutcome.STARTED)

    async def revise(self, revision: Revision, now: datetime) -> Submission:
        """Put a new generation in place of an ended one, as the protocol says."""
        async with self._lock(revision.key):
            revision.check(await self.run_info(revision.key))
            run = LiveRun.of_revision(revision, now)
            ended = None
            if revision.job:
                await self._enqueue(run)
            else:
                ended = replace(run.info(), state=RunState.COMPLETE, fresh_until=revision.fresh_until)
                await self._store.import_run(StoredRun(ended, run.entries, revision.options))
            return Submission(run.key, run.generation, SubmitOutcome.STARTED, ended)

    async def _enqueue(self, run: LiveRun) -> None:
        self._queue.reserve_place(run.job.client, time.monotonic())
        try:
            await self._store.create(run)
        except BaseException:
            self._queue.release_place(run.job.client)
            raise
        self._live[run.key] = run
        self._queue.put(run)

    async def _open_generation(self, job: Job, info: RunInfo | None, now: datetime) -> LiveRun:
        if info and info.state is RunState.ABANDONED and (run := await self._store.load_abandoned(job.key)):
            run.job = replace(run.job, client=job.client)
            return run
        return LiveRun(job, info.generation + 1 if info else 1, now)

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose lease ran out."""
        ends = time.monotonic() + wait_seconds
        while True:
            now = time.monotonic()
            if lease := self._queue.take(worker, now):
                return await self._save_attempt(lease)
            if now >= ends:
                return None
            await self._queue.wait_for_change(ends - now, now)

    async def _save_attempt(self, lease: Lease) -> Lease:
        """Return a lease once its attempt is written; where it cannot be, the run is queued again."""
        run = self._leased_run(lease)
        try:
            await self._writes.watch(run, self._store.save_attempts(run), is_proof=False)
        except BaseException:
            with suppress(LeaseLost):
                self._queue.requeue(self._leased_run(lease))
            raise
        return lease

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease; return whether anybody watches."""
        run, now = self._leased_run(lease), time.monotonic()
        run.expires_at = now + self._lease_seconds
        return self._watchers.is_held(run.key, now)

    async def append(self, lease: Lease, entries: Sequence[NewEntry]) -> None:
        """Write facts, then show them to the followers."""
        run = self._leased_run(lease)
        async with run.lock:
            run.check_lease(lease)
            if written := run.number_new(entries):
                await self._writes.watch(run, self._store.append(run, written))
                run.publish(written)

    async def finish(self, lease: Lease, fresh_until: datetime) -> None:
        """End the generation as complete."""
        await self._end(lease, RunState.COMPLETE, fresh_until)

    async def abandon(self, lease: Lease) -> None:
        """End the generation unfinished."""
        await self._end(lease, RunState.ABANDONED, None)

    async def _end(self, lease: Lease, state: RunState, fresh_until: datetime | None) -> None:
        run = self._leased_run(lease)
        async with self._lock(run.key), run.lock:
            run.check_lease(lease)
            ended = replace(run.info(), state=state, fresh_until=fresh_until)
            await self._writes.watch(run, self._store.save_end(ended))
            run.end(state)
            self._remove_live(run)

    async def requeue(self, lease: Lease) -> None:
        """Put the job back first in the queue."""
        run = self._leased_run(lease)
        self._queue.requeue(run)
        await self._store.save_attempts(run)

    async def read(self, key: str) -> StoredRun | None:
        """Return a run with the entries that it has now."""
        async with self._lock(key):
            if live := self._live.get(key):
                return StoredRun(live.info(), tuple(live.entries), live.job.options)
            return await self._store.read(key)

    def follow(self, key: str, after: Position) -> Observable[Entry]:
        """Return the entries behind `after`, then live ones."""

        def follow_feed(feed: RunFeed | None) -> Observable[Entry]:
            return feed.follow(after.seq) if feed else rx.empty()

        return from_coroutine(lambda: self._feed(key, after.generation)).pipe(then(follow_feed))

    async def _feed(self, key: str, generation: int) -> RunFeed | None:
        """Return a generation's live or stored entries (0: the latest), None where it was replaced."""
        async with self._lock(key):
            live = self._live.get(key)
            stored = None if live else await self._store.read(key)
        if live:
            return live.feed if generation in (0, live.generation) else None
        if stored is None:
            raise NotFound("There is no such run.")
        return RunFeed.of_ended(stored.entries) if generation in (0, stored.info.generation) else None

    async def mark_watched(self, keys: Collection[str], seconds: float) -> None:
        """Note that somebody watches these runs."""
        for key in keys:
            self._watchers.acquire(key, "", seconds, time.monotonic())

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries."""
        return live.info() if (live := self._live.get(key)) else await self._store.run_info(key)

    async def list_runs(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first."""
        stored = await self._store.list_runs(limit, before)
        return [live.info() if (live := self._live.get(info.key)) else info for info in stored]

    async def delete(self, key: str) -> bool:
        """Delete a run; a worker that runs it loses its lease."""
        async with self._lock(key):
            if not (run := self._live.get(key)):
                return await self._store.delete(key)
            async with run.lock:
                run.end(RunState.ABANDONED)
                self._remove_live(run)
                return await self._store.delete(key)

    async def import_run(self, info: RunInfo, entries: Sequence[Entry]) -> bool:
        """Store a finished run from elsewhere, unless there is one."""
        async with self._lock(info.key):
            if info.key in self._live or await self._store.run_info(info.key):
                return False
            await self._store.import_run(StoredRun(info, entries))
            return True

    async def count_waiting(self) -> int:
        """Return how many jobs wait."""
        return self._queue.waiting

    def _leased_run(self, lease: Lease) -> LiveRun:
        run = self._live.get(lease.job.key)
        if run is None:
            raise LeaseLost("this run has ended")
        run.check_lease(lease)
        return run

    def _remove_live(self, run: LiveRun) -> None:
        del self._live[run.key]
        self._queue.remove(run, time.monotonic())

    def _lock(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())
