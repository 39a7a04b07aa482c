"""The worker: claims jobs, runs the graph for each, and writes the facts into the storage."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Protocol

import structlog

from lens_rx.facts import Fact, Failed, Item, Outcome, Photo, PhotoCopy, Stage
from lens_rx.facts.changes import Corrections
from lens_rx.facts.errors import Unavailable
from lens_rx.graph import Steps, analysis
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import cancel_and_wait, create_task, to_async_batches
from lens_rx.runs.freshness import Freshness
from lens_rx.runs.generation_plan import GenerationPlan, plan_of
from lens_rx.runs.kept_facts import with_kept
from lens_rx.runs.new_entries import new_entry
from lens_rx.runs.usage import RunOutcome, UsageMeter
from lens_rx.settings import Settings
from lens_rx.storage.protocols import EventLog, JobQueue
from lens_rx.storage.records import Job, Lease, LeaseLost
from lens_rx.storage.retry_unavailable import retry_unavailable

StepsFor = Callable[[UsageMeter, GenerationPlan], Steps]

#: Seconds that a claim waits for a job.
CLAIM_SECONDS = 5.0
#: Seconds that a worker whose Chromium is not ready leaves jobs to others, before it takes one anyway.
WARM_SECONDS = 10.0
WARM_LOOKS = 100
#: A photo that ended its worker so often is given up; a few times may be the machine's fault.
MAX_ATTEMPTS = 10
GIVEN_UP_MESSAGE = "This photo stopped its worker again and again. Please try another one."
NOT_WATCHED = "nobody listens"
#: Runs' directories are named by it and by their process, so that those of a dead process can be found.
DIRECTORY_PREFIX = "lens_rx-run-"
_log = structlog.get_logger()


class WorkerStorage(JobQueue, EventLog, Protocol):
    """What a worker needs of the storage."""


class Worker:
    """Runs up to `settings.concurrency` jobs at a time, each under its lease.

    `steps_for(usage, plan)` returns what the stages do in one run; `is_warm()` returns whether they could start
    at once.
    """

    def __init__(
        self,
        storage: WorkerStorage,
        steps_for: StepsFor,
        settings: Settings,
        metrics: Metrics,
        is_warm: Callable[[], bool] = lambda: True,
    ) -> None:
        self.name = f"{os.uname().nodename}-{os.getpid()}-{token_hex(3)}"
        self._storage = storage
        self._steps_for = steps_for
        self._settings = settings
        self._metrics = metrics
        self._is_warm = is_warm
        self._running: set[asyncio.Task[None]] = set()
        self._claiming: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take jobs."""
        self._claiming = create_task(self._claim(), "worker")

    async def aclose(self) -> None:
        """Take no more jobs, let running ones end within the drain time, requeue the rest."""
        if self._claiming:
            await cancel_and_wait(self._claiming)
        if self._running:
            await asyncio.wait(self._running, timeout=self._settings.drain_seconds)
        for task in list(self._running):
            await cancel_and_wait(task)

    async def _claim(self) -> None:
        free = asyncio.Semaphore(self._settings.concurrency)
        while True:
            await free.acquire()
            await self._wait_until_warm()
            try:
                lease = await self._storage.claim(self.name, CLAIM_SECONDS)
            except Unavailable:
                lease = None
                await asyncio.sleep(1)
            if lease is None:
                free.release()
                continue
            task = create_task(self._work(lease))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            task.add_done_callback(lambda _: free.release())
            # of many that wait the first asks the outside before the last one begins
            await asyncio.sleep(0)

    async def _wait_until_warm(self) -> None:
        for _ in range(WARM_LOOKS):
            if self._is_warm():
                return
            await asyncio.sleep(WARM_SECONDS / WARM_LOOKS)

    async def _work(self, lease: Lease) -> None:
        self._metrics.runs_live.inc()
        log = _log.bind(run=lease.job.key, generation=lease.generation)
        analysing, watching = create_task(self._analyse(lease)), create_task(self._keep_lease(lease))
        try:
            await asyncio.wait({analysing, watching}, return_when=asyncio.FIRST_COMPLETED)
            if analysing.done():
                self._log_end(log, analysing)
                if isinstance(analysing.exception(), Unavailable):
                    await self._ignore_lost_lease(self._storage.requeue(lease))
            else:
                await cancel_and_wait(analysing)
                await self._stop(log, lease, watching.result())
        except asyncio.CancelledError:
            await cancel_and_wait(analysing)
            await self._ignore_lost_lease(self._storage.requeue(lease))
            log.info("run requeued")
        finally:
            await cancel_and_wait(watching)
            self._metrics.runs_live.dec()

    def _log_end(self, log: structlog.stdlib.BoundLogger, analysing: asyncio.Task[Outcome]) -> None:
        if error := analysing.exception():
            # where the storage is away there is nothing to trace
            trace = None if isinstance(error, Unavailable) else error
            log.warning("run lost", error=type(error).__name__, exc_info=trace)
            self._metrics.count_error("worker", error)
        else:
            log.info("run ended", outcome=str(analysing.result()))

    async def _stop(self, log: structlog.stdlib.BoundLogger, lease: Lease, why: str) -> None:
        log.info("run stopped", why=why)
        if why == NOT_WATCHED:
            await self._ignore_lost_lease(self._storage.abandon(lease))

    async def _ignore_lost_lease(self, call: Coroutine[Any, Any, None]) -> None:
        """Await a call that ends a lease; where the lease is lost or the storage is away, another worker has the run."""
        with suppress(LeaseLost, Unavailable):
            await call

    async def _keep_lease(self, lease: Lease) -> str:
        """Prolong the lease as long as somebody watches; return why the run has to stop.

        Only the pauses between two looks are counted: while the process itself stood still, who watches could not say so.
        """
        pause = min(self._settings.lease_seconds / 3, max(self._settings.grace_seconds / 4, 0.05))
        unwatched_seconds = 0.0
        while unwatched_seconds <= self._settings.grace_seconds:
            await asyncio.sleep(pause)
            try:
                watched = await self._storage.renew(lease)
            except LeaseLost:
                return "lease lost"
            except Unavailable:
                watched = True
            unwatched_seconds = 0.0 if watched else unwatched_seconds + pause
        return NOT_WATCHED

    async def _analyse(self, lease: Lease) -> Outcome:
        outcome = RunOutcome(UsageMeter(self._metrics), Freshness(self._settings))
        if lease.attempt > MAX_ATTEMPTS:
            return await self._end(lease, outcome, Failed(Stage.IDENTIFY, Outcome.ERROR, GIVEN_UP_MESSAGE))
        plan = await self._plan(lease)
        steps = with_kept(self._steps_for(outcome.usage, plan), plan.kept, has_photos=bool(lease.job.photos))
        async with (
            _photos_on_disk(lease.job, plan.corrections) as item,
            aclosing(to_async_batches(analysis(item, steps))) as arriving,  # type: ignore[type-var]
        ):
            async for facts in arriving:
                outcome.record(facts)
                await self._append(lease, facts)
        return await self._end(lease, outcome)

    async def _plan(self, lease: Lease) -> GenerationPlan:
        """Return what is known of a generation; of a first one that is what was submitted."""
        job, generation = lease.job, lease.generation
        if generation == 1:
            return plan_of(job.options, generation, None)
        run = await retry_unavailable(lambda: self._storage.read(job.key))
        return await asyncio.to_thread(plan_of, job.options, generation, run)

    async def _end(self, lease: Lease, outcome: RunOutcome, *last: Fact) -> Outcome:
        outcome.record(last)
        complete = outcome.complete()
        await self._append(lease, [*last, complete])
        await retry_unavailable(lambda: self._storage.finish(lease, outcome.fresh_until()))
        return complete.outcome

    async def _append(self, lease: Lease, facts: Iterable[Fact]) -> None:
        entries = [new_entry(fact) for fact in facts]
        await retry_unavailable(lambda: self._storage.append(lease, entries))


@asynccontextmanager
async def _photos_on_disk(job: Job, said: Corrections) -> AsyncIterator[Item]:
    """Write the photos into a directory of the run, which is deleted when the run ends."""
    directory = TemporaryDirectory(prefix=f"{DIRECTORY_PREFIX}{os.getpid()}-")
    try:
        yield said.item(tuple(_write_photo(copy, Path(directory.name)) for copy in job.photos))
    finally:
        # a disk takes up to some milliseconds for it
        await asyncio.to_thread(directory.cleanup)


def _write_photo(copy: PhotoCopy, directory: Path) -> Photo:
    path = directory / f"{copy.sha256}.jpg"
    path.write_bytes(copy.content)
    return Photo(copy.sha256, path, copy.width, copy.height)


def remove_leftovers(directory: Path | None = None) -> None:
    """Delete the runs' directories that dead processes left."""
    for leftover in (directory or Path(gettempdir())).glob(f"{DIRECTORY_PREFIX}*"):
        owner = leftover.name.removeprefix(DIRECTORY_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(leftover, ignore_errors=True)
