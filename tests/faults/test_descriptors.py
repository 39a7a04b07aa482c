"""A full table of file descriptors: clients are told, and the log is not filled."""

from __future__ import annotations

import asyncio
import errno

import pytest
from structlog.testing import capture_logs

from lens_rx.web import descriptors
from lens_rx.web.descriptors import LoopErrorHandler


async def test_a_full_table_is_one_line_a_minute(monkeypatch: pytest.MonkeyPatch):
    """However often a connection cannot be accepted; the line tells how often it was."""
    loop, handler = asyncio.get_running_loop(), LoopErrorHandler()
    full = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "full")}
    with capture_logs() as lines:
        for _ in range(500):
            handler(loop, full)
        monkeypatch.setattr(descriptors, "LOG_SECONDS", 0.0)
        handler(loop, full)
    assert [line["failures"] for line in lines] == [1, 500]


async def test_other_errors_of_the_loop_are_told_as_ever(caplog: pytest.LogCaptureFixture):
    """Only those of a full table are held back."""
    handler = LoopErrorHandler()
    handler(asyncio.get_running_loop(), {"message": "something else", "exception": OSError(errno.EIO, "io")})
    handler(asyncio.get_running_loop(), {"message": "nothing raised"})
    assert [record.message.splitlines()[0] for record in caplog.records] == [
        "something else",
        "nothing raised",
    ]
