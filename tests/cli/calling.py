"""How the tests here call `lens-rx`: in a process of its own, or, many times as fast, in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import structlog

from lens_rx.cli.main import main

Done = subprocess.CompletedProcess[str]
Call = Callable[..., Done]


def call_in_process(arguments: list[str], environment: dict[str, str]) -> Done:
    """Run the command line to its end as `python -m lens_rx` would, here."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    status: object = 0
    log_config = structlog.get_config()
    with (
        patch.object(sys, "argv", ["lens-rx", *arguments]),
        patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            status = ended.code or 0
        finally:
            structlog.configure(**log_config)
    assert isinstance(status, int)
    return Done(arguments, status, _text(out), _text(err))


def call_process(arguments: list[str], environment: dict[str, str]) -> Done:
    """Run the command line to its end in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "lens_rx", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env=os.environ | environment,
    )


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
