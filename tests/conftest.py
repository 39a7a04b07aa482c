"""What many tests share."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import pytest_asyncio
import stamina
from hypothesis import settings
from local_pages import (  # noqa: F401 # fixtures
    browser,
    live_browser,
    local_web,
    make_browser,
    names,
    sandbox,
    shared_browser,
    shared_live_browser,
    shared_names,
    shared_sandbox,
    shared_web,
)
from redis_server import RedisServer
from sandbox_service import SandboxService
from schedules import BASE_SEED
from shared_directory import shared_directory
from side_by_side import GroupScheduling, order_of
from storage_helpers import OpenStorage
from typer.testing import CliRunner

from lens_rx.cli.main import app
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.protocols import Storage
from lens_rx.storage.redis.redis_storage import RedisStorage
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage

# timings are for benchmarks, so nothing fails for being slow; where CI runs, it runs the same examples each time
settings.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ours")


def pytest_report_header() -> str:
    """Tell how to repeat the long schedules of this run."""
    return f"long schedules: TEST_SEED={BASE_SEED}"


#: Fixtures of a module that run on its event loop.
SHARED = {"shared_web", "shared_sandbox"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    """Let workers take whole groups of tests."""
    return GroupScheduling(config, log)


# what is imported and collected stays: to look at it again and again was a sixth of the CPU of many tests
gc.disable()


def pytest_collection_finish() -> None:
    """Let the collector look at what the tests make, and at nothing before."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes longest first; tests that share what runs on a loop run there as well."""
    items.sort(key=lambda item: order_of(item.nodeid))
    for item in items:
        if pytest_asyncio.is_async_test(item) and SHARED.intersection(item.fixturenames):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


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
def shared_service() -> Iterator[SandboxService]:
    """Start one service on its sandbox for all tests that need a whole one."""
    with SandboxService() as service:
        yield service


@pytest.fixture
def service(shared_service: SandboxService) -> Iterator[SandboxService]:
    """Return the shared service without faults in its sandbox, before and after."""
    shared_service.put_faults({})
    yield shared_service
    shared_service.put_faults({})


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return photos of all things that the sandbox knows, drawn once for all workers by `sandbox photos`."""
    return shared_directory(tmp_path_factory, "photos", _draw_photos)


def _draw_photos(directory: Path) -> None:
    done = CliRunner().invoke(app, ["sandbox", "photos", str(directory)])
    assert done.exit_code == 0, done.output
    assert f"photos and truth.json are in {directory}" in done.output


@pytest.fixture(autouse=True, scope="session")
def no_backoff() -> Iterator[None]:
    """Let retries come at once, as many as there would be."""
    with stamina.set_testing(testing=True, attempts=100, cap=True):
        yield


@pytest.fixture(scope="session")
def truth(photos: Path) -> dict[str, dict]:
    """Return what the photos show."""
    return json.loads((photos / "truth.json").read_text())


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def open_storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStorage]:
    """Open a storage of the kind under test; every argument is a setting of it."""
    opened: list[Storage] = []

    async def open_one(**settings: Any) -> Storage:
        storage = _made(request, tmp_path, Settings(**{"redis_prefix": f"test-{token_hex(6)}", **settings}))
        await storage.start()
        opened.append(storage)
        return storage

    yield open_one
    for storage in opened:
        await storage.aclose()


def _made(request: pytest.FixtureRequest, directory: Path, settings: Settings) -> Storage:
    if request.param == "memory":
        return MemoryStorage(settings)
    if request.param == "sqlite":
        return SqliteStorage(directory / f"{settings.redis_prefix}.db", settings)
    server: RedisServer = request.getfixturevalue("redis_server")
    return RedisStorage(server.url, settings)


@pytest.fixture
async def storage(open_storage: OpenStorage) -> Storage:
    """Open a storage with the settings as they come."""
    return await open_storage()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Name a SQLite store that is not there yet."""
    return tmp_path / "deep" / "store.db"
