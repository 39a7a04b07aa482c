"""Rebuilds a store's file that was deleted under its open connections."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lens_rx.storage.sqlite.database_file import FileLock, SqliteFile, move_aside
from lens_rx.storage.sqlite.lost_file import put_in_place


async def rebuild(lost: SqliteFile, path: Path, lock: FileLock) -> SqliteFile:
    """Return a new file at `path` with all that `lost` holds, which stays open.

    Raises `OSError` and `sqlite3.Error` where it cannot be written, `StoreUnusable` where another process has it.
    """
    copy = await lost.copy()
    return await asyncio.to_thread(_open_copy, copy, path, lock)


def _open_copy(copy: Path, path: Path, lock: FileLock) -> SqliteFile:
    lock.renew()
    if path.exists():
        move_aside(path, "another file took its place")
    put_in_place(copy, path)
    return SqliteFile(path)
