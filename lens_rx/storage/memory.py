"""The storage in memory: gone with the process."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import nlargest

from lens_rx.settings import Settings
from lens_rx.storage.bounded_lru import BoundedLru
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.local.local_storage import LocalStorage
from lens_rx.storage.local.run_store import RESULTS_A_RUN
from lens_rx.storage.records import Entry, Job, RunInfo, RunState, StoredRun
from lens_rx.storage.run_feed import RunFeed


class MemoryStorage(LocalStorage):
    """`Storage` in memory, bounded by count, bytes and age."""

    name = "memory"

    def __init__(self, settings: Settings) -> None:
        super().__init__(MemoryRunStore(settings), settings)


class MemoryRunStore:
    """`RunStore` in memory: the least recently used run goes first, and so does a stage's result.

    Runs and results are bounded by `kept_bytes` each.
    """

    def __init__(self, settings: Settings) -> None:
        self._age = timedelta(days=settings.kept_days)
        self._runs = BoundedLru[tuple[LiveRun, RunInfo]](settings.kept_runs, settings.kept_bytes)
        self._results = BoundedLru[tuple[bytes, datetime]](
            RESULTS_A_RUN * settings.kept_runs, settings.kept_bytes
        )
        self._live: dict[str, LiveRun] = {}
        self._ended_at: dict[Hashable, datetime] = {}

    async def open(self) -> Sequence[LiveRun]:
        """Return nothing: memory outlives no process."""
        return ()

    async def close(self) -> None:
        """Do nothing: memory needs no closing."""

    async def ready(self) -> bool:
        """Return True."""
        return True

    async def create(self, run: LiveRun) -> None:
        """Hold a generation as live."""
        self._discard(run.key)
        self._live[run.key] = run

    async def append(self, run: LiveRun, written: Sequence[tuple[str, Entry]]) -> None:
        """Do nothing: the run itself holds its entries."""

    async def save_attempts(self, run: LiveRun) -> None:
        """Do nothing: the run itself counts."""

    async def save_end(self, info: RunInfo) -> None:
        """Hold an ended generation."""
        run = self._live.pop(info.key)
        ended = LiveRun(run.job, run.generation, run.created_at, RunFeed(run.entries), run.ids)
        if info.state is RunState.COMPLETE:
            ended.job, ended.ids = replace(run.job, photos=()), {}
        self._put(ended, info)

    async def import_run(self, run: StoredRun) -> None:
        """Hold a finished run from elsewhere."""
        info, job = run.info, Job(run.info.key, (), run.options)
        self._put(LiveRun(job, info.generation, info.created_at, RunFeed(run.entries)), info)

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries."""
        if live := self._live.get(key):
            return live.info()
        self._expire()
        ended = self._runs.get(key)
        return ended[1] if ended else None

    async def read(self, key: str) -> StoredRun | None:
        """Return the whole run."""
        self._expire()
        ended = self._runs.get(key)
        return StoredRun(ended[1], ended[0].entries, ended[0].job.options) if ended else None

    async def load_abandoned(self, key: str) -> LiveRun | None:
        """Return an abandoned run."""
        ended = self._runs.get(key)
        return ended[0] if ended else None

    async def list_runs(self, limit: int, before: RunInfo | None) -> Sequence[RunInfo]:
        """Return the latest runs."""
        self._expire()
        infos = [run.info() for run in self._live.values()] + [info for _, info in self._runs.values()]
        if before:
            infos = [info for info in infos if _created(info) < _created(before)]
        return nlargest(limit, infos, key=_created)

    async def delete(self, key: str) -> bool:
        """Delete a run."""
        return self._live.pop(key, None) is not None or self._discard(key)

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result."""
        result = self._results.get(key)
        if result and result[1] <= now:
            self._results.pop(key)
            return None
        return result[0] if result else None

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Hold a stage's result."""
        self._results.put(key, (payload, until), len(payload))

    def _put(self, run: LiveRun, info: RunInfo) -> None:
        self._ended_at.pop(info.key, None)
        self._ended_at[info.key] = datetime.now(UTC)
        self._forget_ends(self._runs.put(info.key, (run, info), _size(run)))
        self._expire()

    def _discard(self, key: Hashable) -> bool:
        self._forget_ends((key,))
        return self._runs.pop(key)

    def _forget_ends(self, keys: Iterable[Hashable]) -> None:
        for key in keys:
            self._ended_at.pop(key, None)

    def _expire(self) -> None:
        """Delete what is too old; `_ended_at` is in the order in which runs ended."""
        too_old = datetime.now(UTC) - self._age
        while self._ended_at and self._ended_at[oldest := next(iter(self._ended_at))] <= too_old:
            self._discard(oldest)


def _size(run: LiveRun) -> int:
    facts = sum(len(entry.payload) for entry in run.entries)
    return facts + sum(len(photo.content) for photo in run.job.photos)


def _created(info: RunInfo) -> tuple[datetime, str]:
    return info.created_at, info.key
