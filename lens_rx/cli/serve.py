"""`lens-rx serve`: the page and the API."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from lens_rx.cli.log_config import configure
from lens_rx.cli.options import (
    PRACTISING,
    ModelAt,
    NoStore,
    Port,
    RedisUrl,
    SandboxAt,
    SandboxFlag,
    StoreFile,
    check_asked,
    fail,
    settings_of,
    store_of,
)
from lens_rx.cli.sandbox_options import SandboxFaults, faults_of
from lens_rx.cli.serving import Plan, listening, running, until_told


def serve(
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    sandbox_faults: SandboxFaults = None,
    model_at: ModelAt = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Port = 5000,
    store: StoreFile = None,
    no_store: NoStore = False,
    redis: RedisUrl = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Take photos, but leave them to workers.")
    ] = False,
) -> None:
    """Serve the page and the API; live unless told to practise."""
    settings = settings_of(redis=redis)
    configure(settings)
    check_asked({}, settings, "LENS_RX_CURRENCY: ")
    if sandbox_faults and not sandbox:
        fail("--sandbox-faults breaks the sandbox of this service: say --sandbox as well.")
    practising = sandbox or sandbox_at is not None
    plan = Plan(
        settings=settings,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        faults=faults_of(sandbox_faults),
        model_at=model_at,
        store=store_of(settings, store, none=no_store, name="sandbox" if practising else "lens_rx"),
        worker=not no_worker,
    )
    asyncio.run(_serve(plan, host, port))


async def _serve(plan: Plan, host: str, port: int) -> None:
    async with running(plan) as (node, box), listening(node, host, port) as taken:
        typer.echo(f"lens_rx is at http://{host}:{taken}")
        if node.context.sandbox:
            typer.echo(PRACTISING)
        if box:
            typer.echo(f"Faults of the sandbox: {box.faults_url}")
        await until_told()
        await node.drain()


def worker(
    *,
    redis: RedisUrl = None,
    sandbox_at: SandboxAt = None,
    model_at: ModelAt = None,
) -> None:
    """Work on photos that other nodes took; needs Redis."""
    settings = settings_of(redis=redis)
    configure(settings)
    if not settings.redis:
        raise typer.BadParameter("A worker shares its jobs over Redis: name it with --redis URL.")
    asyncio.run(_work(Plan(settings=settings, sandbox_at=sandbox_at, model_at=model_at)))


async def _work(plan: Plan) -> None:
    async with running(plan) as (node, _):
        typer.echo(f"worker {node.worker.name if node.worker else ''} takes jobs")
        await until_told()
        await node.drain()
