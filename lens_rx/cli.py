"""The command line: a line for each command."""

from __future__ import annotations

import typer

from lens_rx.commands.classify import classify
from lens_rx.commands.demo import demo
from lens_rx.commands.parse import parse
from lens_rx.commands.runs import runs
from lens_rx.commands.sandbox import sandbox
from lens_rx.commands.serve import serve, worker
from lens_rx.commands.status import status, warmup

app = typer.Typer(
    name="lens-rx",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="A photo of a second-hand thing goes in; what it is and what it is worth stream out.",
)
app.command()(serve)
app.command()(worker)
app.command()(classify)
app.command()(demo)
app.command()(parse)
app.command()(status)
app.command()(warmup)
app.add_typer(sandbox, name="sandbox")
app.add_typer(runs, name="runs")


def main() -> None:
    """Run the command line."""
    app()
