"""The command line as a user calls it, with a data directory of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from calling import Call, Done, call_in_process, call_process
from sandbox_service import SandboxService


@pytest.fixture(autouse=True)
def log_config() -> Iterator[None]:
    """Restore the log's configuration after a command has changed it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def user(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a user with a wide terminal."""
    return {"XDG_DATA_HOME": str(tmp_path_factory.mktemp("data")), "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def lens_rx(user: dict[str, str]) -> Call:
    """Return a function that runs `lens-rx` with its arguments to its end, in this process."""
    return _call(call_in_process, user)


@pytest.fixture(scope="session")
def lens_rx_process(user: dict[str, str]) -> Call:
    """Return a function that runs `lens-rx` with its arguments to its end, in a process of its own."""
    return _call(call_process, user)


def _call(run: Callable[[list[str], dict[str, str]], Done], user: dict[str, str]) -> Call:
    def call(*arguments: object, **environment: str) -> Done:
        return run([*map(str, arguments)], user | environment)

    return call


@pytest.fixture(scope="session")
def standalone_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run `lens-rx sandbox serve` with a model that is a little late, and return its address."""
    faults = tmp_path_factory.mktemp("faults") / "faults.json"
    faults.write_text('{"model": {"delay": 0.01}}')
    command = [sys.executable, "-m", "lens_rx", "sandbox", "serve", "--sandbox-faults", str(faults)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"sandbox is at (\S+)", process.stdout.readline())
        assert found
        yield found[1]
        process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="session")
def store(
    tmp_path_factory: pytest.TempPathFactory, photos: Path, lens_rx: Call, shared_service: SandboxService
) -> Path:
    """Return a store with one finished run, made by `classify --store`."""
    path = tmp_path_factory.mktemp("store") / "runs.db"
    shared_service.put_faults({})
    arguments = ("--sandbox-at", shared_service.sandbox_url, "--store", path, "--json")
    done = lens_rx("classify", photos / "04.webp", *arguments)
    assert done.returncode == 0, done.stderr
    path.with_suffix(".jsonl").write_text(done.stdout)
    return path
