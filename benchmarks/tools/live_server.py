"""A service with one run that is live, whose facts are published when they are asked for.

    python live_server.py DIRECTORY

Prints the port and the run's key; then takes the commands of `live_commands.py`. The facts are those of a stored run.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aiohttp import web
from live_commands import answer_commands
from old_run import read_old_run

from lens_rx.cli.event_loop import run
from lens_rx.cli.garbage import adapt_to_streams, tune_garbage_collection
from lens_rx.cli.log_config import configure
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts import Options
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Job, Lease, NewEntry, StoredRun
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.routes import create_app
from lens_rx.wiring.node import node


async def publish(storage: Storage, lease: Lease, run: StoredRun, seconds: float) -> None:
    """Publish the facts of a run and end it."""
    for entry in run.entries:
        fact = NewEntry(str(entry.position.seq), entry.observed_at, entry.payload)
        await storage.append(lease, [fact])
        await asyncio.sleep(seconds)
    await storage.finish(lease, datetime.now(UTC))


async def serve(directory: Path) -> None:
    """Serve until the standard input ends."""
    settings = Settings(lease_seconds=3600.0)
    configure(settings)
    old = await read_old_run(settings, directory)
    async with AsyncExitStack() as stack:
        storage = storage_for(settings, None)
        running = await stack.enter_async_context(node(settings, Endpoints(), storage, "", None))
        await storage.submit(Job(old.info.key, (), Options()), datetime.now(UTC))
        lease = await storage.claim("benchmark", 1)
        assert lease
        runner = CountingRunner(create_app(running.context, Path(__file__).parents[2] / "static"))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
        tune_garbage_collection()
        adapting = create_task(adapt_to_streams(running.context.metrics.subscribers))
        print(runner.addresses[0][1], old.info.key, flush=True)
        await answer_commands(partial(publish, storage, lease, old))
        await cancel_and_wait(adapting)


if __name__ == "__main__":
    run(serve(Path(sys.argv[1])), Settings())
