"""A service on a real socket, for the tests of the web."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from served import Served, World

from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import wait_all
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.worker import Worker
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage
from lens_rx.web.context import AppContext
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.photo_intake import PhotoIntake
from lens_rx.web.routes import create_app
from lens_rx.web.upload_budget import UploadBudget

#: What all sockets may hold together: more than one alone may.
ROOM_BYTES = 1_000_000
STATIC = Path(__file__).parent.parent.parent / "static"


@pytest.fixture
def settings() -> Settings:
    """Return the settings; a test overrides them."""
    return Settings(
        grace_seconds=1.0,
        heartbeat_seconds=0.2,
        max_photo_bytes=300_000,
        upload_deadline_seconds=2.0,
        lease_seconds=3.0,
    )


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[Served]:
    """Run the service with a gate that is open."""
    metrics, world, storage = Metrics(), World(), MemoryStorage(settings)
    world.gate.set()
    await storage.start()
    runs = RunRegistry(storage, settings, metrics)
    worker = Worker(storage, world.steps, settings, metrics)
    runs.start()
    worker.start()

    async def ready() -> dict[str, bool]:
        return {"log": await storage.ready(), "chromium": False}

    context = AppContext(
        settings,
        runs,
        storage,
        PhotoIntake(settings),
        metrics,
        "test/1",
        sandbox=True,
        upload_budget=UploadBudget(ROOM_BYTES, settings.max_photo_bytes),
        ready=ready,
    )
    runner = CountingRunner(create_app(context, STATIC), handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url) as client:
        yield Served(url, world, storage, metrics, client, context.upload_budget)
    world.gate.set()
    await worker.aclose()
    await runs.aclose()
    await runner.cleanup()
    await storage.aclose()
    await wait_all()
