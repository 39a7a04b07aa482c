"""One log of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from log_parts import OpenLog
from redis_server import RedisServer

from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryLog
from lens_rx.storage.protocols import Log
from lens_rx.storage.redis.redis_storage import RedisLog
from lens_rx.storage.sqlite.sqlite_storage import SqliteLog


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenLog]:
    """Open a log of the kind under test; every argument is a setting of it."""
    opened: list[Log] = []

    async def opening(**settings: Any) -> Log:
        log = _made(request, tmp_path, Settings(**{"redis_prefix": f"test-{token_hex(6)}", **settings}))
        await log.start()
        opened.append(log)
        return log

    yield opening
    for log in opened:
        await log.aclose()


def _made(request: pytest.FixtureRequest, directory: Path, settings: Settings) -> Log:
    if request.param == "memory":
        return MemoryLog(settings)
    if request.param == "sqlite":
        return SqliteLog(directory / f"{settings.redis_prefix}.db", settings)
    server: RedisServer = request.getfixturevalue("redis_server")
    return RedisLog(server.url, settings)


@pytest.fixture
async def log(open_log: OpenLog) -> Log:
    """Open a log with the settings as they come."""
    return await open_log()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Name a SQLite store that is not there yet."""
    return tmp_path / "deep" / "store.db"
