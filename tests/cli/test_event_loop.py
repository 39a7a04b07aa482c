"""The loop that a service runs on is chosen by a setting."""

from __future__ import annotations

import asyncio
import sys

import pytest

from lens_rx.cli.event_loop import run
from lens_rx.settings import Settings


@pytest.mark.parametrize(
    ("settings", "installed", "package"),
    [
        (Settings(), True, "uvloop"),
        (Settings(uvloop=False), True, "asyncio"),
        (Settings(), False, "asyncio"),
    ],
)
def test_a_service_runs_on_uvloop_where_it_can(
    settings: Settings, installed: bool, package: str, monkeypatch: pytest.MonkeyPatch
):
    """It is asyncio's own loop where that is wanted, or uvloop is not installed."""
    if not installed:
        monkeypatch.setitem(sys.modules, "uvloop", None)
    seen: list[str] = []

    async def main() -> None:
        seen.append(type(asyncio.get_running_loop()).__module__.partition(".")[0])

    run(main(), settings)
    assert seen == [package]
