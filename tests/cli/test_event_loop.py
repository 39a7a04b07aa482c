"""The loop that a service runs on is chosen by a setting."""

from __future__ import annotations

import asyncio
import os
import subprocess
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


def test_a_command_computes_products_in_one_thread():
    """OpenBLAS has no threads in a command, for which a fork would wait."""
    code = (
        "import os, sys; sys.argv = ['lens-rx', '--version']\n"
        "from lens_rx.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "import numpy; numpy.ones((900, 900)) @ numpy.ones((900, 900)); print(len(os.listdir('/proc/self/task')))"
    )
    environment = {name: it for name, it in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment
    )
    assert done.stdout.split()[-1] == "1", done.stderr
