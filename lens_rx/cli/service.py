"""A node with its web server, from the first port to the last drained stream."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import gaierror
from typing import TYPE_CHECKING

import typer
from aiohttp import web

from lens_rx.cli.access import announce_access, authenticator_for
from lens_rx.cli.sandbox_loader import endpoints_at, sandbox_in_thread
from lens_rx.cli.shutdown import wait_for_signal
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import UpstreamError
from lens_rx.metrics import Metrics
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.web.auth import Authenticator
from lens_rx.web.descriptors import LoopErrorHandler
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.routes import create_app
from lens_rx.wiring import Node, model_name, node, open_clients, open_suppliers

if TYPE_CHECKING:
    from lens_rx.sandbox.faults import Faults
    from lens_rx.sandbox.server import Sandbox

#: The page, beside the package in a checkout and inside it in a wheel.
STATIC = next(
    path
    for path in (Path(__file__).parents[1] / "static", Path(__file__).parents[2] / "static")
    if path.is_dir()
)


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """What a command says of the service to run: live or sandbox, model, store, and whether it has a worker."""

    settings: Settings
    sandbox: bool = False
    sandbox_at: str | None = None
    faults: Faults | None = None
    model_at: str | None = None
    store: Path | None = None
    worker: bool = True


def run_service(options: ServiceOptions, host: str, port: int, sandbox_notice: str) -> None:
    """Serve the page and the API until the process is told to end; print the addresses."""
    asyncio.run(_serve(options, host, port, sandbox_notice))


def run_worker(options: ServiceOptions) -> None:
    """Work on jobs until the process is told to end."""
    asyncio.run(_work(options))


async def _serve(options: ServiceOptions, host: str, port: int, sandbox_notice: str) -> None:
    asyncio.get_running_loop().set_exception_handler(LoopErrorHandler())
    authenticator = authenticator_for(options.settings, host)
    async with (
        run_node(options) as (node, sandbox),
        listen(node, host, port, authenticator) as actual_port,
    ):
        typer.echo(f"lens_rx is at http://{host}:{actual_port}")
        announce_access(authenticator, options.settings, host, actual_port)
        if node.context.sandbox:
            typer.echo(sandbox_notice)
        if sandbox:
            typer.echo(f"Faults of the sandbox: {sandbox.faults_url}")
        await wait_for_signal()
        await node.drain()


async def _work(options: ServiceOptions) -> None:
    async with run_node(options) as (node, _):
        typer.echo(f"worker {node.worker.name if node.worker else ''} takes jobs")
        await wait_for_signal()
        await node.drain()


@asynccontextmanager
async def open_endpoints(options: ServiceOptions) -> AsyncIterator[tuple[Endpoints, Sandbox | None]]:
    """Yield the endpoints to use: the live ones, or those of a sandbox that runs elsewhere or is started here."""
    if options.sandbox_at:
        yield await endpoints_at(options.sandbox_at), None
    elif options.sandbox:
        async with sandbox_in_thread(options.faults) as sandbox:
            yield sandbox.endpoints, sandbox
    else:
        yield Endpoints(), None


@asynccontextmanager
async def run_node(options: ServiceOptions) -> AsyncIterator[tuple[Node, Sandbox | None]]:
    """Run a node without a port of its own."""
    async with AsyncExitStack() as stack:
        endpoints, sandbox = await stack.enter_async_context(open_endpoints(options))
        settings = with_sandbox_limits(options.settings) if endpoints.is_sandbox else options.settings
        metrics, storage = Metrics(), storage_for(settings, options.store)
        clients = suppliers = None
        if options.worker:
            opened = open_clients(settings, endpoints, options.model_at, cache=storage, metrics=metrics)
            clients = await stack.enter_async_context(opened)
        else:
            known = open_suppliers(settings, endpoints, options.model_at)
            suppliers = await stack.enter_async_context(known)
        name = model_name(settings, endpoints, options.model_at)
        running = await stack.enter_async_context(
            node(settings, endpoints, storage, name, clients, metrics=metrics, suppliers=suppliers)
        )
        gc.freeze()  # what is imported stays; looking at it again held every fact up for 0.1 to 0.4 s
        yield running, sandbox


def with_sandbox_limits(settings: Settings) -> Settings:
    """Return the settings for a sandbox: its faults come and go, so a blocked site rests only a moment."""
    return settings.model_copy(update={"cooldown_seconds": min(settings.cooldown_seconds, 1.0)})


@asynccontextmanager
async def listen(node: Node, host: str, port: int, authenticator: Authenticator | None) -> AsyncIterator[int]:
    """Listen on `host`:`port` (0: a free one) and yield the port; raise `UpstreamError` where it is taken."""
    app = create_app(node.context, STATIC, authenticator)
    runner = CountingRunner(app, handler_cancellation=True, shutdown_timeout=5.0)
    await runner.setup()
    try:
        await _bind(web.TCPSite(runner, host, port))
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _bind(site: web.TCPSite) -> None:
    try:
        await site.start()
    except OSError as error:
        why = error.strerror if isinstance(error, gaierror) else os.strerror(error.errno or 0)
        raise UpstreamError(f"{site.name} cannot be taken: {why}. Name another --host or --port.") from None
