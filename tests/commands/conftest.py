"""The command line as a user calls it: a process, with a data directory of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from calling import Call


@pytest.fixture
def lens_rx(tmp_path: Path) -> Call:
    """Return a function that runs `lens-rx` with its arguments to its end."""
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "COLUMNS": "200", "NO_COLOR": "1"}

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
