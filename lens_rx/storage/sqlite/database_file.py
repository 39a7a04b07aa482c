"""The SQLite file: opened once, by one process, and set aside where it is damaged."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import quote

import structlog

from lens_rx.storage.protocols import StoreUnusable
from lens_rx.storage.sqlite.group_commit import GroupCommit
from lens_rx.storage.sqlite.schema import APPLICATION_ID, CHANGES, PRAGMAS, SCHEMA, VERSION

T = TypeVar("T")
#: Files up to this size are checked as a whole when they are opened (about 0.2 s); larger ones are
#: believed, and set aside when damage is met.
CHECKED_BYTES = 64 * 1024 * 1024
BUSY_SECONDS = 5.0

_log = structlog.get_logger()


class Damaged(sqlite3.DatabaseError):
    """The file is not what SQLite wrote."""


class Lock:
    """The right of one process to a store, until `release` or the process's end, whatever ends it."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it; raise `StoreUnusable` where another process has it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+")
        except OSError as error:
            raise StoreUnusable(f"The store cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise StoreUnusable(
                "Another process uses this store. Ask that one instead (classify --server URL, or DELETE its "
                "/runs/KEY), stop it, or name another file with --store."
            ) from error
        self._file = file

    def release(self) -> None:
        """Give it back."""
        if self._file:
            self._file.close()
            self._file = None


class SqliteFile:
    """An open store: one thread that writes, one that reads, each with its own connection."""

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        """Open the file, or make it; a damaged one is set aside first. Blocks: call it in a thread.

        `reading`: open one that is there, and change nothing.
        """
        self._writing = _looked_into(path) if reading else _opened(path)
        self._reading = _looked_into(path) if reading else _connect(path)
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._reader = ThreadPoolExecutor(1, "store-reader")
        self._commits = GroupCommit(self._writing, self._writer)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction; when this returns, it is on the disk."""
        return await self._commits.write(work)

    def post(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do work some time soon; nobody is told how it ends."""
        self._commits.post(work)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` over one state of the file."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, _snapshot, self._reading, work)

    async def close(self) -> None:
        """Close both connections, after what is under way."""
        await self._commits.join()
        loop = asyncio.get_running_loop()
        for pool, connection in ((self._reader, self._reading), (self._writer, self._writing)):
            with suppress(sqlite3.Error):
                await loop.run_in_executor(pool, connection.close)
            pool.shutdown(wait=False)


def set_aside(path: Path, reason: str) -> None:
    """Rename a damaged file, with its journal, and say so.

    The journal goes first: one that was left beside a new file would be written into it.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    _log.error("store damaged, set aside, a new one begun", reason=reason, aside=aside.name)


def damaged(error: sqlite3.DatabaseError) -> bool:
    """Tell whether the file is broken, and not merely out of reach, full or busy."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, Damaged) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _snapshot(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        connection.execute("ROLLBACK")


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _ours(path)
    except sqlite3.DatabaseError as error:
        if not damaged(error):
            raise StoreUnusable(f"The store cannot be opened: {error}.") from error
        set_aside(path, str(error))
    return _ours(path)


def _looked_into(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        connection = sqlite3.connect(
            address, BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
        )
        _check_version(connection)
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"The store cannot be read: {error}.") from error
    return connection


def _ours(path: Path) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    with suppress(OSError):  # SQLite says it better
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.executescript(PRAGMAS)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if _number(connection, "SELECT count(*) FROM sqlite_schema") == 0:
        connection.executescript(SCHEMA)
        return
    version = _check_version(connection)
    _look_for_damage(connection, path)
    for older in range(version, VERSION):
        connection.executescript(CHANGES[older])


def _check_version(connection: sqlite3.Connection) -> int:
    """Return the version of a store that this one can read."""
    version = _number(connection, "PRAGMA user_version")
    if _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise StoreUnusable("The store's file belongs to another program. Name another file with --store.")
    if version > VERSION:
        raise StoreUnusable(
            f"The store was written by a newer version (schema {version}, this one reads {VERSION}). "
            "Update, or name another file with --store."
        )
    return version


def _look_for_damage(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = _number(connection, "PRAGMA page_count") * _number(connection, "PRAGMA page_size")
    if path.stat().st_size < size:
        raise Damaged("the file is shorter than it should be")
    if size <= CHECKED_BYTES:
        with closing(connection.execute("PRAGMA quick_check(1)")) as found:
            (words,) = found.fetchone()
        if words != "ok":
            raise Damaged(words)


def _number(connection: sqlite3.Connection, query: str) -> int:
    with closing(connection.execute(query)) as found:
        return int(found.fetchone()[0])
