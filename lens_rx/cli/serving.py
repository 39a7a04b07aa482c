"""Serving: a node with its web, from the first port to the last drained stream."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import gaierror
from typing import TYPE_CHECKING

from aiohttp import web
from anyio.from_thread import start_blocking_portal

from lens_rx.cli.sandbox_options import sandbox_imports
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import UpstreamError
from lens_rx.settings import Settings
from lens_rx.storage import log_of
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.routes import create_app
from lens_rx.wiring import Node, model_name, node, open_clients

if TYPE_CHECKING:  # imported where a sandbox is asked for: what it needs may not be installed
    from lens_rx.sandbox.faults import Faults
    from lens_rx.sandbox.server import Sandbox

#: The page, beside the package in a checkout and inside it in a wheel.
STATIC = next(
    path
    for path in (Path(__file__).parents[1] / "static", Path(__file__).parents[2] / "static")
    if path.is_dir()
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be served: which world, which model, which log, and whether photos are worked on here."""

    settings: Settings
    sandbox: bool = False
    sandbox_at: str | None = None
    faults: Faults | None = None
    model_at: str | None = None
    store: Path | None = None
    worker: bool = True


@asynccontextmanager
async def open_endpoints(plan: Plan) -> AsyncIterator[tuple[Endpoints, Sandbox | None]]:
    """Yield the endpoints of a plan, and its own sandbox; they are live, or those of a sandbox elsewhere."""
    if plan.sandbox_at:
        from lens_rx.sandbox.endpoints import endpoints_at  # noqa: PLC0415 - may not be installed

        yield await endpoints_at(plan.sandbox_at), None
    elif plan.sandbox:
        with sandbox_imports():
            from lens_rx.sandbox.server import Sandbox  # noqa: PLC0415 - may not be installed

        async with beside(Sandbox(plan.faults)) as box:
            yield box.endpoints, box
    else:
        yield Endpoints(), None


@asynccontextmanager
async def beside(box: Sandbox) -> AsyncIterator[Sandbox]:
    """Run a sandbox in a thread of its own: its pages cost what a far server would spend, not our loop."""
    with start_blocking_portal() as portal:
        await asyncio.to_thread(lambda: portal.call(box.start))
        try:
            yield box
        finally:
            await asyncio.to_thread(lambda: portal.call(box.aclose))


@asynccontextmanager
async def running(plan: Plan) -> AsyncIterator[tuple[Node, Sandbox | None]]:
    """Run the node of a plan, without a port of its own."""
    async with AsyncExitStack() as parts:
        world, box = await parts.enter_async_context(open_endpoints(plan))
        settings = sandboxed(plan.settings) if world.is_sandbox else plan.settings
        gateways = (
            await parts.enter_async_context(open_clients(settings, world, plan.model_at))
            if plan.worker
            else None
        )
        name = model_name(settings, world, plan.model_at)
        log = log_of(settings, plan.store)
        served = await parts.enter_async_context(node(settings, world, log, name, gateways))
        gc.freeze()  # what is imported stays; looking at it again held every fact up for 0.1 to 0.4 s
        yield served, box


def sandboxed(settings: Settings) -> Settings:
    """Return the settings of a practice world: its walls come and go, so its sites rest only a moment."""
    return settings.model_copy(update={"cooldown_seconds": min(settings.cooldown_seconds, 1.0)})


@asynccontextmanager
async def listening(served: Node, host: str, port: int) -> AsyncIterator[int]:
    """Listen on `host`:`port` (0: a free one) and yield the port."""
    runner = CountingRunner(
        create_app(served.context, STATIC), handler_cancellation=True, shutdown_timeout=5.0
    )
    await runner.setup()
    try:
        await _take(web.TCPSite(runner, host, port))
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _take(site: web.TCPSite) -> None:
    try:
        await site.start()
    except OSError as error:
        why = error.strerror if isinstance(error, gaierror) else os.strerror(error.errno or 0)
        raise UpstreamError(f"{site.name} cannot be taken: {why}. Name another --host or --port.") from None


async def until_told() -> None:
    """Return when the process is told to end: SIGTERM or SIGINT."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    with suppress(asyncio.CancelledError):
        await told.wait()
