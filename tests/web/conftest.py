"""A service on a real socket, for the tests of the web."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from served import Served, serve

from lens_rx.settings import Settings


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
    async with serve(settings) as running:
        yield running
