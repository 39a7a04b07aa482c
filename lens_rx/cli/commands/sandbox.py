"""`lens-rx sandbox`: the sandbox by itself, and photos to practise with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lens_rx.cli.options import Host, Port, SandboxFaults

sandbox = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The sandbox by itself, and photos to practise with.",
)


@sandbox.command("serve")
def serve_sandbox(
    *,
    host: Host = "127.0.0.1",
    port: Port = 0,
    sandbox_faults: SandboxFaults = None,
) -> None:
    """Run the sandbox alone, for services that are started with --sandbox-at."""
    from lens_rx.cli.sandbox_loader import read_faults, run_sandbox

    run_sandbox(read_faults(sandbox_faults) if sandbox_faults else None, host, port)


@sandbox.command()
def photos(directory: Annotated[Path, typer.Argument(help="Where to write them.")]) -> None:
    """Write query photos of the sandbox's things, and truth.json."""
    from lens_rx.cli.sandbox_loader import write_photos

    typer.echo(f"{write_photos(directory)} photos and truth.json are in {directory}")
