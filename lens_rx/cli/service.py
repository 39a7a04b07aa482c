"""A node with its web server, from the first port to the last drained stream."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from socket import gaierror

import typer
from aiohttp import web

from lens_rx.cli.access import announce_access, authenticator_for
from lens_rx.cli.garbage import adapt_to_streams, garbage_left_alone, tune_garbage_collection
from lens_rx.cli.query_check import check_query
from lens_rx.cli.shutdown import wait_for_signal, wait_for_signal_or_parent
from lens_rx.cli.surroundings import ServiceOptions, Surroundings
from lens_rx.facts.errors import UpstreamError
from lens_rx.mcp.mcp_endpoint import McpEndpoint
from lens_rx.metrics import Metrics
from lens_rx.parsing.terms import compile_patterns
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.storage import storage_for
from lens_rx.web.auth import Authenticator
from lens_rx.web.descriptors import LoopErrorHandler
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.routes import create_app
from lens_rx.wiring.node import Clients, Node, model_name, node, open_clients, open_suppliers

#: The page, beside the package in a checkout and inside it in a wheel.
STATIC = next(
    path
    for path in (Path(__file__).parents[1] / "static", Path(__file__).parents[2] / "static")
    if path.is_dir()
)


async def serve(
    options: ServiceOptions, surroundings: Surroundings, host: str, port: int, sandbox_notice: str
) -> None:
    """Serve the page and the API until the process is told to end; print the addresses."""
    asyncio.get_running_loop().set_exception_handler(LoopErrorHandler())
    check_query({}, options.settings, "LENS_RX_CURRENCY: ")
    authenticator = authenticator_for(options.settings, host)
    async with (
        run_node(options, surroundings) as node,
        listen(node, host, port, authenticator, shared=options.shared_port) as actual_port,
    ):
        typer.echo(f"lens_rx is at http://{host}:{actual_port}")
        announce_access(authenticator, options.settings, host, actual_port)
        if node.context.sandbox:
            typer.echo(sandbox_notice)
        if surroundings.sandbox:
            typer.echo(f"Faults of the sandbox: {surroundings.sandbox.faults_url}")
        await (wait_for_signal_or_parent() if options.shared_port else wait_for_signal())
        await node.drain()


async def work(options: ServiceOptions, surroundings: Surroundings) -> None:
    """Work on jobs until the process is told to end."""
    async with run_node(options, surroundings) as node:
        typer.echo(f"worker {node.worker.name if node.worker else ''} takes jobs")
        await wait_for_signal()
        await node.drain()


@asynccontextmanager
async def run_node(options: ServiceOptions, surroundings: Surroundings) -> AsyncIterator[Node]:
    """Run a node without a port of its own."""
    settings, endpoints = surroundings.settings, surroundings.endpoints
    async with AsyncExitStack() as stack:
        metrics, storage = Metrics(), storage_for(settings, options.store)
        clients = suppliers = None
        if options.worker:
            opened = open_clients(
                settings, endpoints, surroundings.browser, options.model_at, cache=storage, metrics=metrics
            )
            clients = await stack.enter_async_context(opened)
        else:
            known = open_suppliers(settings, endpoints, options.model_at)
            suppliers = await stack.enter_async_context(known)
        name = model_name(settings, endpoints, options.model_at)
        running = await stack.enter_async_context(
            node(settings, endpoints, storage, name, clients, metrics=metrics, suppliers=suppliers)
        )
        tune_garbage_collection()
        stack.push_async_callback(cancel_and_wait, create_task(adapt_to_streams(metrics.subscribers)))
        if clients:
            stack.push_async_callback(cancel_and_wait, create_task(_warm_up(clients)))
        yield running


async def _warm_up(clients: Clients) -> None:
    """Do what the first photo would wait for, once Chromium has started, which needs the CPU more until then."""
    if clients.browser:
        await clients.browser.wait_started()
    with garbage_left_alone():
        if model := clients.suppliers.model:
            await model.client.get()
        await asyncio.to_thread(compile_patterns)
    tune_garbage_collection()


@asynccontextmanager
async def listen(
    node: Node, host: str, port: int, authenticator: Authenticator | None, *, shared: bool = False
) -> AsyncIterator[int]:
    """Listen on `host`:`port` (0: a free one) and yield the port; raise `UpstreamError` where it is taken.

    `shared`: other processes that say so may listen on the port as well.
    """
    mcp = McpEndpoint(node.context, node.photo_reader)
    app = create_app(node.context, STATIC, authenticator, mcp.routes())
    app.on_shutdown.append(mcp.close)
    runner = CountingRunner(app, handler_cancellation=True, shutdown_timeout=5.0)
    await runner.setup()
    try:
        await _bind(web.TCPSite(runner, host, port, reuse_port=shared or None))
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _bind(site: web.TCPSite) -> None:
    try:
        await site.start()
    except OSError as error:
        why = error.strerror if isinstance(error, gaierror) else os.strerror(error.errno or 0)
        raise UpstreamError(f"{site.name} cannot be taken: {why}. Name another --host or --port.") from None
