"""What is known of finished runs, and which results are not there, held in memory: neither costs a read of the file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from time import monotonic

from lens_rx.settings import Settings
from lens_rx.storage.bounded_lru import BoundedLru
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.records import RunInfo, StoredRun
from lens_rx.storage.sqlite.database_file import SqliteFile
from lens_rx.storage.sqlite.sqlite_run_store import SqliteRunStore

HELD_RUNS, HELD_MISSES = 10_000, 1_000
#: A use of a run is written, and its age checked, at least once in so many seconds.
HELD_SECONDS = 60.0
DAY_SECONDS = 86_400.0


class CachingRunStore(SqliteRunStore):
    """`SqliteRunStore` of the only process that writes its file; every write that changes or evicts runs clears it."""

    def __init__(self, path: Path, settings: Settings) -> None:
        super().__init__(path, settings)
        self._held = BoundedLru[tuple[RunInfo, float]](HELD_RUNS, HELD_RUNS)
        self._held_seconds = min(HELD_SECONDS, settings.kept_days * DAY_SECONDS / 1000)
        self._missing = BoundedLru[bool](HELD_MISSES, HELD_MISSES)
        self._looking_up: dict[str, object] = {}

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries."""
        held = self._held.get(key)
        if held and held[1] > monotonic():
            return held[0]
        before = self._held
        info = await super().run_info(key)
        if info and not info.is_live and self._held is before:  # nothing was written meanwhile
            self._held.put(key, (info, monotonic() + self._held_seconds), 1)
        return info

    async def create(self, run: LiveRun) -> None:
        """Write a generation with its photos."""
        try:
            await super().create(run)
        finally:
            self._clear()

    async def save_end(self, info: RunInfo) -> None:
        """Write how a generation ended, and evict what is over the bounds."""
        try:
            await super().save_end(info)
        finally:
            self._clear()

    async def import_run(self, run: StoredRun) -> None:
        """Write a finished run from elsewhere."""
        try:
            await super().import_run(run)
        finally:
            self._clear()

    async def delete(self, key: str) -> bool:
        """Delete a run."""
        try:
            return await super().delete(key)
        finally:
            self._clear()

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result; who makes it looks twice, and the second time nothing is read."""
        if self._missing.get(key):
            return None
        look_up = self._looking_up[key] = object()
        try:
            found = await super().get_result(key, now)
            if found is None and self._looking_up.get(key) is look_up:  # it was not written meanwhile
                self._missing.put(key, value=True, size=1)
        finally:
            self._looking_up.pop(key, None)
        return found

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Write a stage's result."""
        try:
            await super().put_result(key, payload, until)
        finally:
            self._looking_up.pop(key, None)
            self._missing.pop(key)

    async def _replace_file(self, broken: SqliteFile | None, reason: str) -> None:
        await super()._replace_file(broken, reason)
        self._clear()

    def _clear(self) -> None:
        self._held = BoundedLru(HELD_RUNS, HELD_RUNS)
