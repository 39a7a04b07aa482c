"""The SQLite file: opened by one process at a time, and moved aside where it is damaged."""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import quote

import structlog

from lens_rx.storage.records import StoreInUse, StoreUnusable
from lens_rx.storage.sqlite.group_commit import GroupCommit
from lens_rx.storage.sqlite.lost_file import Identity, create_private, identity, write_copy
from lens_rx.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS, PRAGMAS, SCHEMA, VERSION
from lens_rx.storage.sqlite.snapshot_reads import SnapshotReads

T = TypeVar("T")
#: Files up to this size are checked as a whole when they are opened (about 0.2 s); in larger ones damage is
#: noticed when it is read.
CHECKED_BYTES = 64 * 1024 * 1024
BUSY_SECONDS = 5.0

_log = structlog.get_logger()


class DamagedFile(sqlite3.DatabaseError):
    """The file is not what SQLite wrote."""


class FileLock:
    """A lock of one process on a store, until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._file: IO[str] | None = None
        self._identity: Identity = None

    def acquire(self) -> None:
        """Lock it; raise `StoreInUse` where another process has it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+")
        except OSError as error:
            raise StoreUnusable(f"The store cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise StoreInUse(
                "Another process uses this store. Ask that one instead (classify or correct with --server URL, or DELETE its "
                "/runs/KEY), stop it, or name another file with --store."
            ) from error
        self._file = file
        self._identity = identity(self._path)

    def release(self) -> None:
        """Unlock it."""
        if self._file:
            self._file.close()
            self._file = None

    def renew(self) -> None:
        """Lock it again where the lock's file was deleted; raise `StoreUnusable` where another process has it now."""
        if self._file and identity(self._path) != self._identity:
            self.release()
            self.acquire()


class SqliteFile:
    """An open store: one thread that writes, one that reads, each with its own connection."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, or create it; a damaged one is moved aside first. Blocks: call it in a thread.

        `read_only`: open one that is there, and change nothing.
        """
        self._writing = _open_read_only(path) if read_only else _open(path)
        self._reading = _open_read_only(path) if read_only else _connect(path)
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._reader = ThreadPoolExecutor(1, "store-reader")
        self._commits = GroupCommit(self._writing, self._writer)
        self._reads = SnapshotReads(self._reading, self._reader)
        self._path = path
        self._identity = identity(path)
        self._has_journal = False

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction; when this returns, it is on the disk."""
        result = await self._commits.enqueue(work)
        self._has_journal = True
        return result

    def write_later(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Run `work` in a transaction soon, without waiting for it; a failure is dropped."""
        self._commits.enqueue(work)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` over one snapshot of the file."""
        return await self._reads.enqueue(work)

    def is_in_place(self) -> bool:
        """Return whether the path still leads to this file, and the file to its journal. Blocks for a moment."""
        has_journal = self._path.with_name(self._path.name + "-wal").exists()
        self._has_journal = self._has_journal or has_journal
        return has_journal is self._has_journal and identity(self._path) == self._identity

    async def copy(self) -> Path:
        """Write a copy of what is stored beside the file, after what is in progress, and return it."""
        await self._commits.join()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, write_copy, self._reading, self._path)

    async def close(self) -> None:
        """Close both connections, after what is in progress."""
        await asyncio.gather(self._commits.join(), self._reads.join())
        loop = asyncio.get_running_loop()
        for pool, connection in ((self._reader, self._reading), (self._writer, self._writing)):
            with suppress(sqlite3.Error):
                await loop.run_in_executor(pool, connection.close)
            pool.shutdown(wait=False)


def move_aside(path: Path, reason: str) -> None:
    """Rename a damaged file, with its journal, and log it.

    The journal is renamed first: one that was left beside a new file would be written into it.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    _log.error("store damaged, set aside, a new one begun", reason=reason, aside=aside.name)


def is_damaged(error: sqlite3.DatabaseError) -> bool:
    """Return whether the file is broken, and not only out of reach, full or busy."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, DamagedFile) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _open_checked(path)
    except sqlite3.DatabaseError as error:
        if not is_damaged(error):
            raise StoreUnusable(f"The store cannot be opened: {error}.") from error
        move_aside(path, str(error))
    return _open_checked(path)


def _open_read_only(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        connection = sqlite3.connect(
            address, BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
        )
        _check_version(connection)
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"The store cannot be read: {error}.") from error
    return connection


def _open_checked(path: Path) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path) -> sqlite3.Connection:
    with suppress(OSError):  # SQLite raises it with a better message
        create_private(path)
    connection = sqlite3.connect(path, BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.executescript(PRAGMAS)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if _query_int(connection, "SELECT count(*) FROM sqlite_schema") == 0:
        connection.executescript(SCHEMA)
        return
    version = _check_version(connection)
    _look_for_damage(connection, path)
    for older in range(version, VERSION):
        connection.executescript(MIGRATIONS[older])


def _check_version(connection: sqlite3.Connection) -> int:
    """Return the version of a store that this one can read."""
    version = _query_int(connection, "PRAGMA user_version")
    if _query_int(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise StoreUnusable("The store's file belongs to another program. Name another file with --store.")
    if version > VERSION:
        raise StoreUnusable(
            f"The store was written by a newer version (schema {version}, this one reads {VERSION}). "
            "Update, or name another file with --store."
        )
    return version


def _look_for_damage(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = _query_int(connection, "PRAGMA page_count") * _query_int(connection, "PRAGMA page_size")
    if path.stat().st_size < size:
        raise DamagedFile("the file is shorter than it should be")
    if size <= CHECKED_BYTES:
        with closing(connection.execute("PRAGMA quick_check(1)")) as found:
            (message,) = found.fetchone()
        if message != "ok":
            raise DamagedFile(message)


def _query_int(connection: sqlite3.Connection, query: str) -> int:
    with closing(connection.execute(query)) as found:
        return int(found.fetchone()[0])
