"""A service that asks for tokens, on a real socket, and those who have one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from served import Served, serve
from token_holders import Tokens

from lens_rx.settings import Settings
from lens_rx.web.auth import Authenticator
from lens_rx.web.token_file import TokenFile


@pytest.fixture
def settings() -> Settings:
    return Settings(
        grace_seconds=1.0,
        heartbeat_seconds=0.2,
        max_photo_bytes=300_000,
        upload_deadline_seconds=2.0,
        lease_seconds=3.0,
    )


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    file = TokenFile(tmp_path / "tokens.json")
    return Tokens(file, file.add("ann", "north"), file.add("bo", "north"), file.add("cy", "south"))


@pytest.fixture
async def guarded(settings: Settings, tokens: Tokens) -> AsyncIterator[Served]:
    """Run a service that asks for one of the tokens."""
    async with serve(settings, Authenticator(tokens.file)) as running:
        yield running


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[Served]:
    """Run a service that asks for no token."""
    async with serve(settings) as running:
        yield running
