"""What many tests share."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from hypothesis import settings
from redis_server import RedisServer
from sandbox_service import Practice
from storage_helpers import OpenLog

from lens_rx.sandbox.photos import write_photos
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryLog
from lens_rx.storage.protocols import Log
from lens_rx.storage.redis.redis_storage import RedisLog
from lens_rx.storage.sqlite.sqlite_storage import SqliteLog

# timings are for benchmarks, so nothing fails for being slow; where CI runs, it runs the same examples each time
settings.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ours")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Start a real Redis for all tests that only need a prefix of their own in it."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Start a real Redis for one test alone, which may kill it."""
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture(scope="session")
def running() -> Iterator[Practice]:
    """Start one practice service for all tests that need a whole one."""
    with Practice() as practice:
        yield practice


@pytest.fixture
def practice(running: Practice) -> Iterator[Practice]:
    """Return the service with its sites whole, before and after."""
    running.put_faults({})
    yield running
    running.put_faults({})


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write photos of the things that the sandbox knows."""
    directory = tmp_path_factory.mktemp("photos")
    write_photos(directory)
    return directory


@pytest.fixture(scope="session")
def truth(photos: Path) -> dict[str, dict]:
    """Return what the photos show."""
    return json.loads((photos / "truth.json").read_text())


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
