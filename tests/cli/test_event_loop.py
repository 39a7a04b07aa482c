"""The loop that a service runs on is chosen by a setting."""

from __future__ import annotations

import asyncio
import sys

import pytest
import typer

from lens_rx.cli.event_loop import run
from lens_rx.settings import Settings


@pytest.mark.parametrize(("uvloop", "package"), [(False, "asyncio"), (True, "uvloop")])
def test_a_service_runs_on_the_loop_that_was_chosen(uvloop: bool, package: str):
    """Without the setting it is asyncio's own."""
    seen: list[str] = []

    async def main() -> None:
        seen.append(type(asyncio.get_running_loop()).__module__.partition(".")[0])

    run(main(), Settings(uvloop=uvloop))
    assert seen == [package]


async def nothing() -> None:
    """Do nothing."""


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Where uvloop is not installed, the command ends and says what to install."""
    monkeypatch.setitem(sys.modules, "uvloop", None)
    main = nothing()
    with pytest.raises(typer.Exit):
        run(main, Settings(uvloop=True))
    main.close()
    assert "pip install 'lens-rx[uvloop]'" in capsys.readouterr().err
