"""The command line: a line for each command, imported only when it is called."""

from __future__ import annotations

import gc
import os
import sys
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lens_rx import __version__
from lens_rx.cli.process_privacy import hide_from_other_processes

#: Each command, which has a module of its name in `lens_rx.cli.commands`, and its line in the overview.
COMMANDS = {
    "serve": "Serve the page and the API; live unless told to practise.",
    "worker": "Work on photos that other nodes took; needs Redis.",
    "classify": "Identify and price things by their photos.",
    "correct": "Say what a thing is, leave offers out, or look again.",
    "mcp": "Tools for agents (Model Context Protocol) over stdin and stdout.",
    "backtest": "Try the rules of decisions on one's own past sales.",
    "demo": "Identify and price a sample photo on the sandbox, fact by fact.",
    "parse": "Print as JSON what a parser sees in a saved page.",
    "status": "Tell whether Chromium, the model and the storage are there.",
    "warmup": "Do now what the first photo would wait for.",
    "sandbox": "The sandbox by itself, and photos to practise with.",
    "tokens": "Access tokens: made, listed, revoked.",
    "webhooks": "Webhooks that could not be delivered: listed, tried again.",
    "runs": "What is kept: listed, shown, forgotten, exported, imported.",
}
#: More objects than are imported, which stay: to look for garbage among them costs 0.1 s of a start.
IMPORTED_OBJECTS = 300_000


class LazyGroup(TyperGroup):
    """A group that knows every command by name and imports the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the called command, imported now."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, rest


def load_command(name: str) -> Any:
    """Import a command, or a group of commands."""
    found = resolve_name(f"lens_rx.cli.commands.{name}:{name}")
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    single = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    single.command(name)(found)
    return typer.main.get_command(single)


app = typer.Typer(
    name="lens-rx",
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="A photo of a second-hand thing goes in; what it is and what it is worth stream out.",
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"lens-rx {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Tell the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None: ...


for _name, _line in COMMANDS.items():
    app.command(_name, help=_line)(lambda: None)


def main() -> None:
    """Run the command line; an error of ours is a message and exit status 1."""
    # the products are small: threads make them no faster, and where a process is started by a fork, as uvloop does,
    # OpenBLAS waits before it for its threads, for ever where one of them is at work
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    hide_from_other_processes()
    gc.set_threshold(IMPORTED_OBJECTS)
    try:
        app()
    except Exception as error:
        from lens_rx.facts.errors import LensRxError

        if not isinstance(error, LensRxError):
            raise
        typer.secho(str(error), err=True, fg="red" if sys.stderr.isatty() else None)
        sys.exit(1)
