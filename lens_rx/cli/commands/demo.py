"""`lens-rx demo`: a sample photo, identified and priced on the sandbox, with a chart of its price."""

from __future__ import annotations

import typer


def demo() -> None:
    """Identify and price a sample photo on the sandbox, fact by fact."""
    from lens_rx.cli.demo_run import run_demo

    raise typer.Exit(run_demo())
