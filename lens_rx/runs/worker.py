"""The worker: claims jobs, runs the graph for each, and writes the facts into the log."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import aclosing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, gettempdir
from time import monotonic
from typing import Any

import structlog

from lens_rx.facts import (
    Extra,
    Fact,
    Failed,
    Item,
    MarketplaceOffers,
    Outcome,
    Photo,
    PhotoCopy,
    Progress,
    Stage,
)
from lens_rx.facts.errors import Unavailable
from lens_rx.graph import Steps, analysis
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import cancel_and_wait, create_task, to_async_batches
from lens_rx.runs.usage import RunOutcome, UsageMeter
from lens_rx.settings import Settings
from lens_rx.storage.codec import encode, stored_name
from lens_rx.storage.protocols import Job, Lease, LeaseLost, Log, NewEntry
from lens_rx.storage.retry_unavailable import retry_unavailable

StepsFor = Callable[[UsageMeter, int], Steps]

#: Seconds a worker waits for a job before it looks whether it should stop.
CLAIM_SECONDS = 5.0
#: Seconds that a worker whose Chromium is not there leaves jobs to others, before it takes one all the same.
WARM_SECONDS = 10.0
WARM_LOOKS = 100
#: A photo that ended its worker so often is not tried again by itself; a few times may be the machine's fault.
MAX_ATTEMPTS = 10
GIVEN_UP_MESSAGE = "This photo stopped its worker again and again. Please try another one."
NOBODY_LISTENS = "nobody listens"
#: Runs' directories are named by it and by their process, so that a dead one's can be found.
DIRECTORY_PREFIX = "lens_rx-run-"
_log = structlog.get_logger()


class Worker:
    """Runs up to `settings.concurrency` jobs at a time, each under its lease.

    `steps_for(ledger, generation)` returns what the stages do in one run; `warm()` tells whether they could
    begin at once.
    """

    def __init__(
        self,
        log: Log,
        steps_for: StepsFor,
        settings: Settings,
        metrics: Metrics,
        warm: Callable[[], bool] = lambda: True,
    ) -> None:
        self.name = f"{os.uname().nodename}-{os.getpid()}-{token_hex(3)}"
        self._log = log
        self._steps_for = steps_for
        self._settings = settings
        self._metrics = metrics
        self._warm = warm
        self._working: set[asyncio.Task[None]] = set()
        self._claiming: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take jobs."""
        self._claiming = create_task(self._claim(), "worker")

    async def aclose(self) -> None:
        """Take no more jobs, let running ones end within `drain` seconds, hand back the rest."""
        if self._claiming:
            await cancel_and_wait(self._claiming)
        if self._working:
            await asyncio.wait(self._working, timeout=self._settings.drain_seconds)
        for task in list(self._working):
            await cancel_and_wait(task)

    async def _claim(self) -> None:
        free = asyncio.Semaphore(self._settings.concurrency)
        while True:
            await free.acquire()
            await self._wait_until_warm()
            try:
                lease = await self._log.claim(self.name, CLAIM_SECONDS)
            except Unavailable:
                lease = None
                await asyncio.sleep(1)
            if lease is None:
                free.release()
                continue
            task = create_task(self._work(lease))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
            task.add_done_callback(lambda _: free.release())

    async def _wait_until_warm(self) -> None:
        for _ in range(WARM_LOOKS):
            if self._warm():
                return
            await asyncio.sleep(WARM_SECONDS / WARM_LOOKS)

    async def _work(self, lease: Lease) -> None:
        self._metrics.runs_live.inc()
        log = _log.bind(run=lease.job.key, generation=lease.generation)
        analysing, watching = create_task(self._analyse(lease)), create_task(self._watch(lease))
        try:
            await asyncio.wait({analysing, watching}, return_when=asyncio.FIRST_COMPLETED)
            if analysing.done():
                self._log_end(log, analysing)
            else:
                await cancel_and_wait(analysing)
                await self._stop(log, lease, watching.result())
        except asyncio.CancelledError:
            await cancel_and_wait(analysing)
            await self._quietly(self._log.hand_back(lease))
            log.info("run handed back")
        finally:
            await cancel_and_wait(watching)
            self._metrics.runs_live.dec()

    def _log_end(self, log: structlog.stdlib.BoundLogger, analysing: asyncio.Task[Outcome]) -> None:
        if error := analysing.exception():
            log.warning("run lost", error=type(error).__name__, exc_info=error)
            self._metrics.count_error("worker", error)
        else:
            log.info("run ended", outcome=str(analysing.result()))

    async def _stop(self, log: structlog.stdlib.BoundLogger, lease: Lease, why: str) -> None:
        log.info("run stopped", why=why)
        if why == NOBODY_LISTENS:
            await self._quietly(self._log.abandon(lease))

    async def _quietly(self, last_word: Coroutine[Any, Any, None]) -> None:
        """Say the last word on a lease; where it is lost or the log is away, another worker has it."""
        with suppress(LeaseLost, Unavailable):
            await last_word

    async def _watch(self, lease: Lease) -> str:
        """Prolong the lease as long as somebody listens; return why the run has to stop."""
        listened = monotonic()
        while monotonic() - listened <= self._settings.grace_seconds:
            await asyncio.sleep(
                min(self._settings.lease_seconds / 3, max(self._settings.grace_seconds / 4, 0.05))
            )
            try:
                if await self._log.renew(lease):
                    listened = monotonic()
            except LeaseLost:
                return "lease lost"
            except Unavailable:
                listened = monotonic()
        return NOBODY_LISTENS

    async def _analyse(self, lease: Lease) -> Outcome:
        account = RunOutcome(UsageMeter(self._metrics), self._settings)
        if lease.attempt > MAX_ATTEMPTS:
            return await self._end(lease, account, Failed(Stage.IDENTIFY, Outcome.ERROR, GIVEN_UP_MESSAGE))
        steps = self._steps_for(account.usage, lease.generation)
        with _photos_on_disk(lease.job) as item:
            async with aclosing(to_async_batches(analysis(item, steps))) as arriving:  # type: ignore[type-var]
                async for facts in arriving:
                    account.record(facts)
                    await self._append(lease, facts)
        return await self._end(lease, account)

    async def _end(self, lease: Lease, account: RunOutcome, *last: Fact) -> Outcome:
        account.record(last)
        complete = account.complete()
        await self._append(lease, [*last, complete])
        await retry_unavailable(lambda: self._log.finish(lease, account.fresh_until()))
        return complete.outcome

    async def _append(self, lease: Lease, facts: Iterable[Fact]) -> None:
        drafts = [_new_entry(fact) for fact in facts]
        await retry_unavailable(lambda: self._log.append(lease, drafts))


@contextmanager
def _photos_on_disk(job: Job) -> Iterator[Item]:
    """Lay the photos into a directory of the run's own, which goes when the run ends."""
    with TemporaryDirectory(prefix=f"{DIRECTORY_PREFIX}{os.getpid()}-") as directory:
        yield Item(tuple(_write_photo(copy, Path(directory)) for copy in job.photos), job.options)


def _write_photo(copy: PhotoCopy, directory: Path) -> Photo:
    path = directory / f"{copy.sha256}.jpg"
    path.write_bytes(copy.content)
    return Photo(copy.sha256, path, copy.width, copy.height)


def remove_leftovers(directory: Path | None = None) -> None:
    """Remove the runs' directories that dead processes left."""
    for left in (directory or Path(gettempdir())).glob(f"{DIRECTORY_PREFIX}*"):
        owner = left.name.removeprefix(DIRECTORY_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)


def _new_entry(fact: Fact) -> NewEntry:
    read_at: datetime | None = getattr(fact, "observed_at", None)
    return NewEntry(fact_id(fact), read_at or datetime.now(UTC), encode(fact))


def fact_id(fact: Fact) -> str:
    """Return the name of a fact in its generation: a stage that runs again does not tell it twice."""
    match fact:
        case Progress(stage, "started"):
            return f"{stage}/started"
        case Progress(stage):
            return f"{stage}/ended"
        case Failed(stage):
            return f"{stage}/failed"
        case MarketplaceOffers(marketplace):
            return f"offers.{marketplace}"
        case Extra(kind):
            return f"extra.{kind}"
        case _:
            return stored_name(fact)
