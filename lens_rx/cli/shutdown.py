"""The end of a process that serves until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress


async def wait_for_signal() -> None:
    """Return when the process receives SIGTERM or SIGINT."""
    received = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, received.set)
    with suppress(asyncio.CancelledError):
        await received.wait()
