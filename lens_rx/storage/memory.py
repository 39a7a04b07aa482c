"""The log in memory: as fast as can be, and gone with the process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from typing import Generic, TypeVar

from lens_rx.facts import Options
from lens_rx.settings import Settings
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.local.local_storage import LocalLog
from lens_rx.storage.local.run_store import RESULTS_A_RUN, Record
from lens_rx.storage.protocols import Entry, Job, RunInfo, RunState

T = TypeVar("T")


class MemoryLog(LocalLog):
    """`Log` in memory, bounded by count, bytes and age."""

    name = "memory"

    def __init__(self, settings: Settings) -> None:
        super().__init__(MemoryShelf(settings), settings)


class MemoryShelf:
    """`RunStore` in memory: the least recently used run goes first, and so does a stage's result.

    Runs and results are bounded by `kept_bytes` each.
    """

    def __init__(self, settings: Settings) -> None:
        self._age = timedelta(days=settings.kept_days)
        self._runs = _Bounded[tuple[LiveRun, RunInfo]](settings.kept_runs, settings.kept_bytes)
        self._results = _Bounded[tuple[bytes, datetime]](
            RESULTS_A_RUN * settings.kept_runs, settings.kept_bytes
        )
        self._live: dict[str, LiveRun] = {}
        self._settled: dict[str, datetime] = {}

    async def open(self) -> Sequence[LiveRun]:
        """Return nothing: no process leaves anything here."""
        return ()

    async def close(self) -> None:
        """Do nothing: memory needs no closing."""

    async def ready(self) -> bool:
        """Return True."""
        return True

    async def begin(self, run: LiveRun) -> None:
        """Keep a new or revived generation."""
        self._discard(run.key)
        self._live[run.key] = run

    async def add(self, run: LiveRun, written: Sequence[tuple[str, Entry]]) -> None:
        """Do nothing: the run itself holds its facts."""

    async def count(self, run: LiveRun) -> None:
        """Do nothing: the run itself counts."""

    async def settle(self, head: RunInfo) -> None:
        """Keep how a generation ended."""
        run = self._live.pop(head.key)
        kept = LiveRun(run.job, run.generation, run.created_at, run.entries, run.ids)
        if head.state is RunState.COMPLETE:
            kept.job, kept.ids = replace(run.job, photos=()), {}
        self._put(kept, head)

    async def adopt(self, record: Record) -> None:
        """Keep a finished run from elsewhere."""
        it = record.head
        job = Job(it.key, (), Options())
        self._put(LiveRun(job, it.generation, it.created_at, list(record.entries)), it)

    async def head(self, key: str) -> RunInfo | None:
        """Return the run at a glance."""
        if live := self._live.get(key):
            return live.head()
        self._age_out()
        kept = self._runs.get(key)
        return kept[1] if kept else None

    async def read(self, key: str) -> Record | None:
        """Return the whole run."""
        self._age_out()
        kept = self._runs.get(key)
        return Record(kept[1], kept[0].entries) if kept else None

    async def revive(self, key: str) -> LiveRun | None:
        """Return an abandoned run."""
        kept = self._runs.get(key)
        return kept[0] if kept else None

    async def heads(self, limit: int, before: RunInfo | None) -> Sequence[RunInfo]:
        """Return the latest runs."""
        self._age_out()
        heads = [run.head() for run in self._live.values()] + [head for _, head in self._runs.values()]
        if before:
            heads = [head for head in heads if _birth(head) < _birth(before)]
        return nlargest(limit, heads, key=_birth)

    async def drop(self, key: str) -> bool:
        """Remove a run."""
        return self._live.pop(key, None) is not None or self._discard(key)

    async def recall(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's kept result."""
        kept = self._results.get(key)
        if kept and kept[1] <= now:
            self._results.pop(key)
            return None
        return kept[0] if kept else None

    async def keep(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep a stage's result."""
        self._results.put(key, (payload, until), len(payload))

    def _put(self, run: LiveRun, head: RunInfo) -> None:
        self._settled.pop(head.key, None)
        self._settled[head.key] = datetime.now(UTC)
        self._unsettle(self._runs.put(head.key, (run, head), _size(run)))
        self._age_out()

    def _discard(self, key: str) -> bool:
        self._unsettle((key,))
        return self._runs.pop(key)

    def _unsettle(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._settled.pop(key, None)

    def _age_out(self) -> None:
        """Remove what is too old; runs lie here in the order in which they ended."""
        too_old = datetime.now(UTC) - self._age
        while self._settled and self._settled[oldest := next(iter(self._settled))] <= too_old:
            self._discard(oldest)


class _Bounded(Generic[T]):
    """Things by key, bounded by count and bytes: the least recently used goes first."""

    def __init__(self, count: int, size: int) -> None:
        self._count = count
        self._size = size
        self._things: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._total = 0

    def put(self, key: str, thing: T, size: int) -> list[str]:
        """Keep a thing and return the keys that had to go for it."""
        self.pop(key)
        self._things[key] = (thing, size)
        self._total += size
        evicted = []
        while len(self._things) > self._count or self._total > self._size:
            oldest = next(iter(self._things))
            self.pop(oldest)
            evicted.append(oldest)
        return evicted

    def get(self, key: str) -> T | None:
        """Return a thing and count it as used."""
        if key not in self._things:
            return None
        self._things.move_to_end(key)
        return self._things[key][0]

    def pop(self, key: str) -> bool:
        """Remove a thing; tell whether it was there."""
        if key not in self._things:
            return False
        self._total -= self._things.pop(key)[1]
        return True

    def values(self) -> list[T]:
        """Return all things."""
        return [thing for thing, _ in self._things.values()]


def _size(run: LiveRun) -> int:
    facts = sum(len(entry.payload) for entry in run.entries)
    return facts + sum(len(photo.content) for photo in run.job.photos)


def _birth(head: RunInfo) -> tuple[datetime, str]:
    return head.created_at, head.key
