"""The storage of runs: protocols, and one package a backend."""

from __future__ import annotations

from pathlib import Path

from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.protocols import Storage
from lens_rx.storage.redis.redis_url import without_credentials
from lens_rx.storage.sqlite.sqlite_storage import ReadOnlySqliteStorage, SqliteStorage


def storage_for(settings: Settings, store: Path | None, *, read_only: bool = False) -> Storage:
    """Return the storage that the settings name: Redis for many nodes, else a file, else memory. It is not started.

    `read_only`: a file is only read, also while another process uses it; where there is none, memory is used.
    """
    if settings.redis:
        from lens_rx.storage.redis.redis_storage import RedisStorage  # noqa: PLC0415 - its client costs 0.4 s of CPU to import

        return RedisStorage(settings.redis, settings)
    if store is None or (read_only and not store.exists()):
        return MemoryStorage(settings)
    return ReadOnlySqliteStorage(store, settings) if read_only else SqliteStorage(store, settings)


def storage_location(settings: Settings, store: Path | None) -> str:
    """Return where the storage that the settings name is, without passwords, to be shown."""
    return without_credentials(settings.redis) if settings.redis else str(store)


__all__ = ["storage_for", "storage_location"]
