"""Which log the settings name."""

from __future__ import annotations

from pathlib import Path

from lens_rx.replay.log import Log
from lens_rx.replay.memory import MemoryLog
from lens_rx.replay.sqlite import SqliteLog
from lens_rx.settings import Settings


def log_of(settings: Settings, store: Path | None) -> Log:
    """Return the log that the settings name: Redis for many nodes, else a file, else memory."""
    if settings.redis:
        from lens_rx.replay.redis import RedisLog  # noqa: PLC0415 - its client costs 0.4 s of CPU to import

        return RedisLog(settings.redis, settings)
    return SqliteLog(store, settings) if store else MemoryLog(settings)
