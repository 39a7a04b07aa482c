"""Those who have a token of a service, and how they send it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from served import Served, serve

from lens_rx.settings import Settings
from lens_rx.web.auth import SESSION_COOKIE, Authenticator
from lens_rx.web.token_file import TokenFile, session_value


@dataclass(frozen=True)
class Tokens:
    """The file of tokens, and those in it: Ann and Bo share a tenant, Cy has another."""

    file: TokenFile
    ann: str
    bo: str
    cy: str


def bearer(token: str) -> dict[str, str]:
    """Return the header of a request with a token."""
    return {"Authorization": f"Bearer {token}"}


def cookie(token: str) -> dict[str, str]:
    """Return the header of a browser that signed in with a token."""
    return {"Cookie": f"{SESSION_COOKIE}={session_value(token)}"}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    """Make a file of three tokens."""
    file = TokenFile(tmp_path / "tokens.json")
    return Tokens(file, file.add("ann", "north"), file.add("bo", "north"), file.add("cy", "south"))


@pytest.fixture
async def guarded(settings: Settings, tokens: Tokens) -> AsyncIterator[Served]:
    """Run a service that asks for one of the tokens."""
    async with serve(settings, Authenticator(tokens.file)) as running:
        yield running
