"""The end of a process that serves until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress

from lens_rx.reactive.interop import cancel_and_wait, create_task


async def wait_for_signal() -> None:
    """Return when the process receives SIGTERM or SIGINT."""
    received = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, received.set)
    with suppress(asyncio.CancelledError):
        await received.wait()


async def wait_for_signal_or_parent() -> None:
    """Return when the process receives SIGTERM or SIGINT, or when its standard input ends, as its parent has ended."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    waiting = [create_task(wait_for_signal()), create_task(_wait_for_end(reader))]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            await cancel_and_wait(task)
        transport.close()


async def _wait_for_end(reader: asyncio.StreamReader) -> None:
    while await reader.read(1024):
        pass
