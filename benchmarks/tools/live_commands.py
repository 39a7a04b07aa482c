"""What a server with one live stream does on command, and how long its loop is held up meanwhile.

For each line of its standard input: `memory` prints the resident bytes, `publish SECONDS` publishes facts, each so many
seconds after the one before, and prints the longest time in seconds for which the loop was held up.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Awaitable, Callable

import psutil

LOOK_SECONDS = 0.002


class LoopWatch:
    """Measures by how much a short sleep is late, in CPU time of the process: others that use the machine do not count."""

    def __init__(self) -> None:
        self.longest_seconds = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due, used = loop.time() + LOOK_SECONDS, time.process_time()
            await asyncio.sleep(LOOK_SECONDS)
            late = min(loop.time() - due, time.process_time() - used)
            self.longest_seconds = max(self.longest_seconds, late)


async def answer_commands(publish: Callable[[float], Awaitable[None]]) -> None:
    """Do what the lines of the standard input say, until it ends."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while command := (await lines.readline()).decode().split():
        if command[0] == "memory":
            gc.collect()
            print(psutil.Process().memory_info().rss, flush=True)
        else:
            print(await _time_held_up(publish(float(command[1]))), flush=True)


async def _time_held_up(publishing: Awaitable[None]) -> float:
    """Publish, and return the longest time for which the loop was held up until a second later."""
    watch = LoopWatch()
    watching = asyncio.create_task(watch.watch())
    await publishing
    await asyncio.sleep(1)
    watching.cancel()
    return watch.longest_seconds
