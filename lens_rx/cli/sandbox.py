"""`lens-rx sandbox`: the practice web by itself, and photos to practise with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lens_rx.cli.options import Port, fail
from lens_rx.cli.sandbox_options import SandboxFaults, faults_of, sandbox_imports
from lens_rx.cli.serving import until_told

if TYPE_CHECKING:
    from lens_rx.sandbox.server import Sandbox

sandbox = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The practice web by itself, and photos to practise with.",
)


@sandbox.command("serve")
def serve_alone(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Port = 0,
    sandbox_faults: SandboxFaults = None,
) -> None:
    """Run the practice web alone, for services that are started with --sandbox-at."""
    with sandbox_imports():
        from lens_rx.sandbox.server import Sandbox  # noqa: PLC0415 - may not be installed

    box = Sandbox(faults_of(sandbox_faults))
    asyncio.run(_serve(box, host, port))


async def _serve(box: Sandbox, host: str, port: int) -> None:
    try:
        await box.start(port, host)
    except OSError as error:
        fail(f"http://{host}:{port} cannot be taken: {error.strerror}.")
    typer.echo(f"sandbox is at http://{host}:{box.port}")
    typer.echo(f"Faults of the sandbox: {box.faults_url}")
    await until_told()
    await box.aclose()


@sandbox.command()
def photos(directory: Annotated[Path, typer.Argument(help="Where to write them.")]) -> None:
    """Write query photos of the sandbox's things, and truth.json."""
    with sandbox_imports():
        from lens_rx.sandbox.photos import write_photos  # noqa: PLC0415 - may not be installed

    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_photos(directory)
    except OSError as error:
        fail(f"{directory} cannot be written: {error.strerror}.")
    typer.echo(f"{len(list(directory.iterdir())) - 1} photos and truth.json are in {directory}")
