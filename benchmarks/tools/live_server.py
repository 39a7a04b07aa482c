"""A service with one run that is live, whose facts are published when they are asked for.

    python live_server.py DIRECTORY

Prints the port and the run's key; then, for each line of its standard input: `memory` prints the resident bytes,
`publish SECONDS` publishes the facts of a stored run, each so many seconds after the one before, and prints the longest
time in seconds for which the loop was held up.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import psutil
from aiohttp import web

from lens_rx.cli.log_config import configure
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts import Options
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Job, Lease, NewEntry, StoredRun
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.routes import create_app
from lens_rx.wiring.node import node

sys.path.append(str(Path(__file__).parents[2] / "tests"))

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


async def stored_run(settings: Settings, directory: Path) -> StoredRun:
    """Return a run that release 0.1.0 stored."""
    from release_0_1_0 import content  # noqa: PLC0415 - the runs that the tests keep

    (directory / "old.db").write_bytes(content("sqlite.db"))
    old = storage_for(settings, directory / "old.db")
    await old.start()
    (info, *_) = await old.list_runs(1)
    run = await old.read(info.key)
    await old.aclose()
    assert run
    return run


async def publish(storage: Storage, lease: Lease, run: StoredRun, seconds: float) -> float:
    """Publish the facts of a run and end it; return the longest time for which the loop was held up."""
    watch = LoopWatch()
    watching = asyncio.create_task(watch.watch())
    for entry in run.entries:
        fact = NewEntry(str(entry.position.seq), entry.observed_at, entry.payload)
        await storage.append(lease, [fact])
        await asyncio.sleep(seconds)
    await storage.finish(lease, datetime.now(UTC))
    await asyncio.sleep(1)
    watching.cancel()
    return watch.longest_seconds


async def serve(directory: Path) -> None:
    """Serve until the standard input ends."""
    settings = Settings(lease_seconds=3600.0)
    configure(settings)
    run = await stored_run(settings, directory)
    async with AsyncExitStack() as stack:
        storage = storage_for(settings, None)
        running = await stack.enter_async_context(node(settings, Endpoints(), storage, "", None))
        await storage.submit(Job(run.info.key, (), Options()), datetime.now(UTC))
        lease = await storage.claim("benchmark", 1)
        assert lease
        runner = CountingRunner(create_app(running.context, Path(__file__).parents[2] / "static"))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
        gc.freeze()
        print(runner.addresses[0][1], run.info.key, flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        while command := (await lines.readline()).decode().split():
            if command[0] == "memory":
                gc.collect()
                print(psutil.Process().memory_info().rss, flush=True)
            else:
                print(await publish(storage, lease, run, float(command[1])), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
