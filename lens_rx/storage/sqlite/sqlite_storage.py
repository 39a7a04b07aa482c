"""The log in a SQLite file: what is written survives the process, whatever ends it.

Write-ahead log with `synchronous=FULL`: a fact that was told is on the disk, also after a power cut.
Facts that arrive while a commit is under way share the next one.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from lens_rx.facts.errors import Unavailable
from lens_rx.settings import Settings
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.local.local_storage import LocalLog
from lens_rx.storage.local.run_store import Record
from lens_rx.storage.protocols import Entry, RunInfo
from lens_rx.storage.sqlite import eviction as bounds
from lens_rx.storage.sqlite import run_rows as rows
from lens_rx.storage.sqlite.database_file import Lock, SqliteFile, damaged, set_aside
from lens_rx.storage.timestamps import to_timestamp

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

#: Seconds after which the disk counts as away.
DISK_SECONDS = 10.0
RETRY_SECONDS = 5

_log = structlog.get_logger()


class SqliteLog(LocalLog):
    """`Log` in one SQLite file, for one process at a time.

    `start` raises `StoreUnusable` where another process has the file, or it is not ours to open.
    """

    name = "sqlite"

    def __init__(self, path: Path, settings: Settings) -> None:
        super().__init__(SqliteShelf(path, settings), settings)


class SqliteReader(LocalLog):
    """A look into a store that another process may write: every change is refused as `Unavailable`.

    Live runs end where they are. `start` raises `StoreUnusable` where there is no store to read.
    """

    name = "sqlite"

    def __init__(self, path: Path, settings: Settings) -> None:
        super().__init__(ReadingShelf(path, settings), settings)


class SqliteShelf:
    """`RunStore` in a SQLite file. A file that turns out to be damaged is set aside, and live runs go on."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._bounds = bounds.Bounds.of(settings)
        self._lock = Lock(path)
        self._file: SqliteFile | None = None
        self._mending = asyncio.Lock()
        self._live: dict[str, LiveRun] = {}

    async def open(self) -> Sequence[LiveRun]:
        """Open the file; return the runs that were cut off, with their photos."""
        self._lock.take()
        try:
            self._file = await asyncio.to_thread(SqliteFile, self._path)
            left = await self._read(rows.unfinished)
        except BaseException:
            await self.close()
            raise
        self._live.update({run.key: run for run in left})
        return left

    async def close(self) -> None:
        """Close the file and give back the right to it."""
        if self._file:
            await self._file.close()
        self._file = None
        self._lock.release()

    async def ready(self) -> bool:
        """Tell whether the file can be written."""
        try:
            await self._write(rows.probe)
        except Unavailable:
            return False
        return True

    async def begin(self, run: LiveRun) -> None:
        """Write a new or revived generation with its photos."""
        await self._write(lambda connection: rows.begin(connection, run, _now()))
        self._live[run.key] = run

    async def add(self, run: LiveRun, written: Sequence[tuple[str, Entry]]) -> None:
        """Write facts."""
        await self._write(lambda connection: rows.add(connection, run.key, written))

    async def count(self, run: LiveRun) -> None:
        """Write how many attempts were made, so that a photo that ends the process is known after it."""
        await self._write(lambda connection: rows.count(connection, run.key, run.attempt))

    async def settle(self, head: RunInfo) -> None:
        """Write how a generation ended, and evict what is over bounds."""

        def work(connection: sqlite3.Connection) -> None:
            rows.settle(connection, head, _now())
            bounds.evict_runs(connection, self._bounds, _now())

        await self._write(work)
        self._live.pop(head.key, None)

    async def adopt(self, record: Record) -> None:
        """Write a finished run from elsewhere."""

        def work(connection: sqlite3.Connection) -> None:
            rows.adopt(connection, record, _now())
            bounds.evict_runs(connection, self._bounds, _now())

        await self._write(work)

    async def head(self, key: str) -> RunInfo | None:
        """Return the run at a glance."""
        found = await self._read(lambda connection: rows.head(connection, key, self._too_old()))
        return self._used(key, found)

    async def read(self, key: str) -> Record | None:
        """Return the whole run; one that cannot be read as it was written is no more."""
        try:
            found = await self._read(lambda connection: rows.read(connection, key, self._too_old()))
        except rows.Unreadable:
            _log.error("kept run damaged, forgotten", run=key)
            await self.drop(key)
            return None
        return self._used(key, found)

    async def revive(self, key: str) -> LiveRun | None:
        """Return an abandoned run with its photos."""
        return await self._read(lambda connection: rows.revived(connection, key))

    async def heads(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs."""
        place = (to_timestamp(before.created_at), before.key) if before else (rows.NEVER, "")
        return await self._read(lambda connection: rows.heads(connection, limit, place, self._too_old()))

    async def drop(self, key: str) -> bool:
        """Remove a run."""
        self._live.pop(key, None)
        return await self._write(lambda connection: rows.drop(connection, key))

    async def recall(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's kept result."""
        found = await self._read(lambda connection: bounds.recall(connection, key, to_timestamp(now)))
        if found and self._file and _now() - found[1] > rows.USE_NOTED:
            self._file.post(lambda connection: bounds.touch_result(connection, key, _now()))
        return found[0] if found else None

    async def keep(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep a stage's result."""

        def work(connection: sqlite3.Connection) -> None:
            now = _now()
            bounds.keep(connection, key, payload, to_timestamp(until), now)
            bounds.evict_results(connection, self._bounds, now)

        await self._write(work)

    def _used(self, key: str, found: tuple[T, int] | None) -> T | None:
        if found is None:
            return None
        if self._file and _now() - found[1] > rows.USE_NOTED:
            self._file.post(lambda connection: rows.touch(connection, key, _now()))
        return found[0]

    def _too_old(self) -> int:
        return _now() - self._bounds.age

    async def _write(self, work: Work[T]) -> T:
        return await self._with_file(lambda file: file.write(work))

    async def _read(self, work: Work[T]) -> T:
        return await self._with_file(lambda file: file.read(work))

    async def _with_file(self, use: Callable[[SqliteFile], Awaitable[T]]) -> T:
        """Use the file; where it is damaged, once more, with a new one."""
        file = self._file
        try:
            return await _in_time(use, file)
        except sqlite3.DatabaseError as error:
            if self._file is file and not damaged(error):
                raise Unavailable("The store cannot be used now.", RETRY_SECONDS) from error
            await self._mend(file, str(error))
        try:
            return await _in_time(use, self._file)
        except sqlite3.DatabaseError as error:
            raise Unavailable("The store cannot be used now.", RETRY_SECONDS) from error

    async def _mend(self, broken: SqliteFile | None, reason: str) -> None:
        """Set the broken file aside, begin a new one, and write the live runs into it."""
        async with self._mending:
            if broken is None or self._file is not broken:
                return
            await broken.close()
            self._file = await asyncio.to_thread(_begun_anew, self._path, reason)
            live = [replace(run, entries=[*run.entries], ids={**run.ids}) for run in self._live.values()]
            await self._file.write(lambda connection: rows.begin_all(connection, live, _now()))


class ReadingShelf(SqliteShelf):
    """`SqliteShelf` that takes no lock, writes nothing and moves no file."""

    async def open(self) -> Sequence[LiveRun]:
        """Open the file; live runs are left to the process that runs them."""
        self._file = await asyncio.to_thread(SqliteFile, self._path, reading=True)
        return ()

    async def _mend(self, broken: SqliteFile | None, reason: str) -> None:  # noqa: ARG002  # nothing is mended
        raise Unavailable(f"The store is damaged: {reason}.", RETRY_SECONDS)


async def _in_time(use: Callable[[SqliteFile], Awaitable[T]], file: SqliteFile | None) -> T:
    if file is None:
        raise Unavailable("The store is closed.", RETRY_SECONDS)
    try:
        async with asyncio.timeout(DISK_SECONDS):
            return await use(file)
    except TimeoutError as error:
        raise Unavailable("The disk does not answer.", RETRY_SECONDS) from error


def _begun_anew(path: Path, reason: str) -> SqliteFile:
    set_aside(path, reason)
    return SqliteFile(path)


def _now() -> int:
    return to_timestamp(datetime.now(UTC))
