"""The storage in a SQLite file, for one process, or read only beside one."""

from __future__ import annotations

from pathlib import Path

from lens_rx.settings import Settings
from lens_rx.storage.local.local_storage import LocalStorage
from lens_rx.storage.sqlite.caching_run_store import CachingRunStore
from lens_rx.storage.sqlite.read_only_run_store import ReadOnlyRunStore


class SqliteStorage(LocalStorage):
    """`Storage` in one SQLite file, for one process at a time.

    `start` raises `StoreUnusable` where another process has the file, or it belongs to another program.
    """

    name = "sqlite"

    def __init__(self, path: Path, settings: Settings) -> None:
        super().__init__(CachingRunStore(path, settings), settings)


class ReadOnlySqliteStorage(LocalStorage):
    """A store that another process may write, read only: every change is refused as `Unavailable`.

    Live runs end where they are. `start` raises `StoreUnusable` where there is no store to read.
    """

    name = "sqlite"

    def __init__(self, path: Path, settings: Settings) -> None:
        super().__init__(ReadOnlyRunStore(path, settings), settings)
