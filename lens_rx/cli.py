"""The command line: `lens-rx`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from lens_rx.sandbox.faults import Faults
from lens_rx.serving import Plan, listening, running, until_told
from lens_rx.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.callback()
def root() -> None:
    """A photo of a second-hand thing goes in; what it is and what it is worth stream out."""


@app.command()
def serve(
    *,
    sandbox: Annotated[bool, typer.Option(help="practise on a small web of our own")] = False,
    sandbox_at: Annotated[str | None, typer.Option(help="practise on a sandbox that runs there")] = None,
    sandbox_faults: Annotated[Path | None, typer.Option(help="what is wrong with the sandbox")] = None,
    model_at: Annotated[str | None, typer.Option(help="an OpenAI-compatible server")] = None,
    host: str = "127.0.0.1",
    port: int = 5000,
) -> None:
    """Serve the page and the API."""
    faults = Faults.read(sandbox_faults.read_bytes()) if sandbox_faults else None
    plan = Plan(Settings(), sandbox, sandbox_at, faults, model_at)
    asyncio.run(_serve(plan, host, port))


async def _serve(plan: Plan, host: str, port: int) -> None:
    async with running(plan) as (node, box), listening(node, host, port) as taken:
        typer.echo(f"lens_rx listens on http://{host}:{taken}")
        if box:
            typer.echo(f"SANDBOX: faults at {box.faults_url}")
        await until_told()
        await node.drain()


def main() -> None:
    """Run the command line."""
    app()
