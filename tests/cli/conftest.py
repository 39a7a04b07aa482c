"""The command line as a user calls it: a process, with a data directory of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from calling import Call


@pytest.fixture(scope="session")
def lens_rx(tmp_path_factory: pytest.TempPathFactory) -> Call:
    """Return a function that runs `lens-rx` with its arguments to its end."""
    home = {"XDG_DATA_HOME": str(tmp_path_factory.mktemp("data")), "COLUMNS": "200", "NO_COLOR": "1"}

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lens_rx", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
            env=os.environ | home | environment,
        )

    return call


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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
