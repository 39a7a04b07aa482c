"""The storage of runs: protocols, and one package a backend."""

from __future__ import annotations

from pathlib import Path

from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryLog
from lens_rx.storage.protocols import Log
from lens_rx.storage.sqlite.sqlite_storage import SqliteLog, SqliteReader


def log_of(settings: Settings, store: Path | None, *, reading: bool = False) -> Log:
    """Return the log that the settings name: Redis for many nodes, else a file, else memory.

    `reading`: a file is only looked into, also while another process serves it; where there is none,
    nothing is kept.
    """
    if settings.redis:
        from lens_rx.storage.redis.redis_storage import RedisLog  # noqa: PLC0415 - its client costs 0.4 s of CPU to import

        return RedisLog(settings.redis, settings)
    if store is None or (reading and not store.exists()):
        return MemoryLog(settings)
    return SqliteReader(store, settings) if reading else SqliteLog(store, settings)


__all__ = ["log_of"]
