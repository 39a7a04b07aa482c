"""What many tests share."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from redis_server import RedisServer
from sandbox_service import Practice

from lens_rx.sandbox.photos import write_photos

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
