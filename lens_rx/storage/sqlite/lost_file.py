"""A store's file that was deleted, or replaced by another, while it was open: found, and rebuilt from what is open.

The open connections still lead to the deleted file, whose content stays until they are closed.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

Identity = tuple[int, int] | None

REBUILT_SUFFIX = ".rebuilt"


def identity(path: Path) -> Identity:
    """Return what tells the file that `path` leads to from every other; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def create_private(path: Path) -> None:
    """Create a file that its owner alone reads, where there is none."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def write_copy(connection: sqlite3.Connection, path: Path) -> Path:
    """Write all that a connection sees into a file beside `path`, and return it. Blocks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = path.with_name(path.name + REBUILT_SUFFIX)
    with suppress(FileNotFoundError):
        copy.unlink()
    create_private(copy)
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)
    return copy


def put_in_place(copy: Path, path: Path) -> None:
    """Make a copy the store's file. The journals of the lost one must not be read into it; they hold nothing else."""
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
    copy.replace(path)
