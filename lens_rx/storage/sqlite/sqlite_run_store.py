"""Runs and results in a SQLite file: what is written survives the process, whatever ends it.

Write-ahead log with `synchronous=FULL`: a fact that a follower has seen is on the disk, also after a power cut.
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
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.settings import Settings
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.records import Entry, RunInfo, StoredRun, StoreUnusable
from lens_rx.storage.run_feed import RunFeed
from lens_rx.storage.sqlite import eviction
from lens_rx.storage.sqlite import run_rows as rows
from lens_rx.storage.sqlite.database_file import FileLock, SqliteFile, is_damaged, move_aside
from lens_rx.storage.sqlite.rebuild import rebuild
from lens_rx.storage.timestamps import to_timestamp

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

#: Seconds after which the disk counts as away.
DISK_SECONDS = 10.0
RETRY_SECONDS = 5
#: How often it is looked whether the file is still in its place.
WATCH_SECONDS = 2.0

_log = structlog.get_logger()


class SqliteRunStore:
    """`RunStore` in a SQLite file. A file that turns out to be damaged is moved aside, and live runs go on."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._path = path
        self._bounds = eviction.Bounds.of(settings)
        self._lock = FileLock(path)
        self._file: SqliteFile | None = None
        self._replacing = asyncio.Lock()
        self._live: dict[str, LiveRun] = {}
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> Sequence[LiveRun]:
        """Open the file; return the runs that were interrupted, with their photos."""
        self._lock.acquire()
        try:
            self._file = await asyncio.to_thread(SqliteFile, self._path)
            left = await self._read(rows.read_unfinished)
        except BaseException:
            await self.close()
            raise
        self._live.update({run.key: run for run in left})
        self._watching = create_task(self._watch_file(), "store-watch")
        return left

    async def close(self) -> None:
        """Close and unlock the file."""
        if self._watching:
            await cancel_and_wait(self._watching)
        if self._file:
            await self._file.close()
        self._file = None
        self._lock.release()

    async def ready(self) -> bool:
        """Return whether the file is in its place and can be written."""
        if self._file and not await asyncio.to_thread(self._file.is_in_place):
            return False
        try:
            await self._write(rows.check_writable)
        except Unavailable:
            return False
        return True

    async def create(self, run: LiveRun) -> None:
        """Write a generation with its photos."""
        await self._write(lambda connection: rows.insert_run(connection, run, _now()))
        self._live[run.key] = run

    async def append(self, run: LiveRun, written: Sequence[tuple[str, Entry]]) -> None:
        """Write entries."""
        await self._write(lambda connection: rows.insert_facts(connection, run.key, written))

    async def save_attempts(self, run: LiveRun) -> None:
        """Write how many attempts were made, so that a photo that ends the process is known after it."""
        await self._write(lambda connection: rows.update_attempts(connection, run.key, run.attempt))

    async def save_end(self, info: RunInfo) -> None:
        """Write how a generation ended, and evict what is over the bounds."""

        def work(connection: sqlite3.Connection) -> None:
            rows.update_end(connection, info, _now())
            eviction.evict_runs(connection, self._bounds, _now())

        await self._write(work)
        self._live.pop(info.key, None)

    async def import_run(self, run: StoredRun) -> None:
        """Write a finished run from elsewhere."""

        def work(connection: sqlite3.Connection) -> None:
            rows.import_run(connection, run, _now())
            eviction.evict_runs(connection, self._bounds, _now())

        await self._write(work)

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries."""
        found = await self._read(lambda connection: rows.select_run_info(connection, key, self._too_old()))
        return self._note_use(key, found)

    async def read(self, key: str) -> StoredRun | None:
        """Return the whole run; one that cannot be read as it was written is deleted."""
        try:
            found = await self._read(lambda connection: rows.read_run(connection, key, self._too_old()))
        except rows.UnreadableRun:
            _log.error("stored run damaged, deleted", run=key)
            await self.delete(key)
            return None
        return self._note_use(key, found)

    async def load_abandoned(self, key: str) -> LiveRun | None:
        """Return an abandoned run with its photos."""
        return await self._read(lambda connection: rows.read_live_run(connection, key))

    async def list_runs(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs."""
        place = (to_timestamp(before.created_at), before.key) if before else (rows.NEVER, "")
        return await self._read(
            lambda connection: rows.select_run_infos(connection, limit, place, self._too_old())
        )

    async def delete(self, key: str) -> bool:
        """Delete a run."""
        self._live.pop(key, None)
        return await self._write(lambda connection: rows.delete_run(connection, key))

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result."""
        found = await self._read(lambda connection: eviction.get_result(connection, key, to_timestamp(now)))
        if found and self._file and _now() - found[1] > rows.USE_INTERVAL:
            self._file.write_later(lambda connection: eviction.touch_result(connection, key, _now()))
        return found[0] if found else None

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Write a stage's result."""

        def work(connection: sqlite3.Connection) -> None:
            now = _now()
            eviction.put_result(connection, key, payload, to_timestamp(until), now)
            eviction.evict_results(connection, self._bounds, now)

        await self._write(work)

    def _note_use(self, key: str, found: tuple[T, int] | None) -> T | None:
        if found is None:
            return None
        if self._file and _now() - found[1] > rows.USE_INTERVAL:
            self._file.write_later(lambda connection: rows.touch_run(connection, key, _now()))
        return found[0]

    def _too_old(self) -> int:
        return _now() - self._bounds.age

    async def _write(self, work: Work[T]) -> T:
        return await self._with_file(lambda file: file.write(work))

    async def _read(self, work: Work[T]) -> T:
        return await self._with_file(lambda file: file.read(work))

    async def _with_file(self, use: Callable[[SqliteFile], Awaitable[T]]) -> T:
        """Use the file; where it is damaged, use a new one."""
        file = self._file
        try:
            return await _with_timeout(use, file)
        except sqlite3.DatabaseError as error:
            if self._file is file and not is_damaged(error):
                raise Unavailable("The store cannot be used now.", RETRY_SECONDS) from error
            await self._replace_file(file, str(error))
        try:
            return await _with_timeout(use, self._file)
        except sqlite3.DatabaseError as error:
            raise Unavailable("The store cannot be used now.", RETRY_SECONDS) from error

    async def _replace_file(self, broken: SqliteFile | None, reason: str) -> None:
        """Move the broken file aside, create a new one, and write the live runs into it."""
        async with self._replacing:
            if broken is None or self._file is not broken:
                return
            await broken.close()
            self._file = await asyncio.to_thread(_start_new_file, self._path, reason)
            live = [replace(run, feed=RunFeed(run.entries), ids={**run.ids}) for run in self._live.values()]
            await self._file.write(lambda connection: rows.insert_runs(connection, live, _now()))

    async def _watch_file(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            file = self._file
            if file and not await asyncio.to_thread(file.is_in_place):
                await self._rebuild_file(file)

    async def _rebuild_file(self, lost: SqliteFile) -> None:
        """Write a deleted file again; meanwhile, and where it cannot be, the store is away."""
        async with self._replacing:
            if self._file is not lost:
                return
            _log.error("the store's file was deleted or replaced; it is rebuilt", file=self._path.name)
            self._file = None
            try:
                self._file = await rebuild(lost, self._path, self._lock)
            except (OSError, sqlite3.Error, StoreUnusable) as error:
                self._file = lost
                _log.error("the store's file cannot be rebuilt now", why=str(error))
                return
            _log.warning("the store's file was rebuilt, nothing is lost", file=self._path.name)
            await lost.close()


async def _with_timeout(use: Callable[[SqliteFile], Awaitable[T]], file: SqliteFile | None) -> T:
    if file is None:
        raise Unavailable("The store is closed.", RETRY_SECONDS)
    try:
        async with asyncio.timeout(DISK_SECONDS):
            return await use(file)
    except TimeoutError as error:
        raise Unavailable("The disk does not answer.", RETRY_SECONDS) from error


def _start_new_file(path: Path, reason: str) -> SqliteFile:
    move_aside(path, reason)
    return SqliteFile(path)


def _now() -> int:
    return to_timestamp(datetime.now(UTC))
