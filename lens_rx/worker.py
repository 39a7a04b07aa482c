"""The worker: claims jobs, runs the graph for each, and writes the facts into the log."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory, gettempdir
from time import monotonic

import structlog

from lens_rx.errors import Unavailable
from lens_rx.facts import Fact, Failed, Item, MarketplaceOffers, Photo, PhotoCopy, Progress
from lens_rx.flow.bridge import batches, ended, spawn
from lens_rx.graph import Steps, analysis
from lens_rx.ledger import Account, Ledger
from lens_rx.metrics import Metrics
from lens_rx.replay.codec import encode
from lens_rx.replay.log import Draft, Job, Lease, LeaseLost, Log
from lens_rx.settings import Settings

StepsFor = Callable[[Ledger, int], Steps]

#: Seconds a worker waits for a job before it looks whether it should stop.
CLAIM_SECONDS = 5.0
#: Runs' directories are named by it and by their process, so that a dead one's can be found.
DIRECTORY_PREFIX = "lens_rx-run-"
_log = structlog.get_logger()


class Worker:
    """Runs up to `settings.concurrency` jobs at a time, each under its lease.

    `steps_for(ledger, generation)` returns what the stages do in one run.
    """

    def __init__(self, log: Log, steps_for: StepsFor, settings: Settings, metrics: Metrics) -> None:
        self.name = f"{os.uname().nodename}-{os.getpid()}-{token_hex(3)}"
        self._log = log
        self._steps_for = steps_for
        self._settings = settings
        self._metrics = metrics
        self._working: set[asyncio.Task[None]] = set()
        self._claiming: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to take jobs."""
        self._claiming = spawn(self._claim(), "worker")

    async def aclose(self) -> None:
        """Take no more jobs, let running ones end within `drain` seconds, hand back the rest."""
        if self._claiming:
            await ended(self._claiming)
        if self._working:
            await asyncio.wait(self._working, timeout=self._settings.drain)
        for task in list(self._working):
            await ended(task)

    async def _claim(self) -> None:
        free = asyncio.Semaphore(self._settings.concurrency)
        while True:
            await free.acquire()
            try:
                lease = await self._log.claim(self.name, CLAIM_SECONDS)
            except Unavailable:
                lease = None
                await asyncio.sleep(1)
            if lease is None:
                free.release()
                continue
            task = spawn(self._work(lease))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
            task.add_done_callback(lambda _: free.release())

    async def _work(self, lease: Lease) -> None:
        log = _log.bind(run=lease.job.key, generation=lease.generation)
        self._metrics.runs_live.inc()
        analysing = spawn(self._analyse(lease))
        renewing = spawn(self._renew(lease, analysing))
        try:
            await asyncio.wait({analysing})
            if analysing.cancelled():
                log.info("run stopped", why=renewing.result() if renewing.done() else "unknown")
            elif error := analysing.exception():
                log.warning("run lost", error=type(error).__name__, exc_info=error)
                self._metrics.errors.labels("worker", type(error).__name__).inc()
        except asyncio.CancelledError:
            await ended(analysing)
            await self._log.hand_back(lease)
            log.info("run handed back")
        finally:
            await ended(renewing)
            self._metrics.runs_live.dec()

    async def _renew(self, lease: Lease, analysing: asyncio.Task[None]) -> str:
        """Prolong the lease until the run ends; stop the run when it is lost or nobody listens."""
        listened = monotonic()
        while True:
            await asyncio.sleep(min(self._settings.lease / 3, max(self._settings.grace / 4, 0.05)))
            try:
                if await self._log.renew(lease):
                    listened = monotonic()
            except LeaseLost:
                await ended(analysing)
                return "lease lost"
            except Unavailable:
                continue
            if monotonic() - listened > self._settings.grace:
                await ended(analysing)
                await self._log.abandon(lease)
                return "nobody listens"

    async def _analyse(self, lease: Lease) -> None:
        account = Account(Ledger(self._metrics), self._settings)
        steps = self._steps_for(account.ledger, lease.generation)
        with _unpacked(lease.job) as item:
            async with aclosing(batches(analysis(item, steps))) as arriving:  # type: ignore[type-var]
                async for facts in arriving:
                    account.enter(facts)
                    await self._log.append(lease, [_draft(fact) for fact in facts])
        await self._log.append(lease, [_draft(account.complete())])
        await self._log.finish(lease, account.fresh_until())


@contextmanager
def _unpacked(job: Job) -> Iterator[Item]:
    """Lay the photos into a directory of the run's own, which goes when the run ends."""
    with TemporaryDirectory(prefix=f"{DIRECTORY_PREFIX}{os.getpid()}-") as directory:
        yield Item(tuple(_laid(copy, Path(directory)) for copy in job.photos), job.options)


def _laid(copy: PhotoCopy, directory: Path) -> Photo:
    path = directory / f"{copy.sha256}.jpg"
    path.write_bytes(copy.content)
    return Photo(copy.sha256, path, copy.width, copy.height)


def sweep(directory: Path | None = None) -> None:
    """Remove the runs' directories that dead processes left."""
    for left in (directory or Path(gettempdir())).glob(f"{DIRECTORY_PREFIX}*"):
        owner = left.name.removeprefix(DIRECTORY_PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)


def _draft(fact: Fact) -> Draft:
    read_at: datetime | None = getattr(fact, "observed_at", None)
    return Draft(fact_id(fact), read_at or datetime.now(UTC), encode(fact))


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
        case _:
            return type(fact).__name__
