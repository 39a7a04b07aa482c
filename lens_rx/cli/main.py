"""The command line: a line for each command, read only when it is called."""

from __future__ import annotations

import sys
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lens_rx import __version__
from lens_rx.facts.errors import LensRxError

#: Each command's place and what the overview says of it. A command's imports cost seconds
#: (Chromium, the model's client, OpenCV), so that only the one that is called is imported.
COMMANDS = {
    "serve": ("serve", "Serve the page and the API; live unless told to practise."),
    "worker": ("serve", "Work on photos that other nodes took; needs Redis."),
    "classify": ("classify", "Identify and price things by their photos."),
    "demo": ("demo", "Identify and price a sample photo on the sandbox, fact by fact."),
    "parse": ("parse", "Print as JSON what a parser sees in a saved page."),
    "status": ("status", "Tell whether Chromium, the model and the log are there."),
    "warmup": ("status", "Do now what the first photo would wait for."),
    "sandbox": ("sandbox", "The practice web by itself, and photos to practise with."),
    "runs": ("runs", "What is kept: listed, shown, forgotten, exported, imported."),
}


class Overview(TyperGroup):
    """Knows every command by name, and the one that is called in full."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the called command, imported now."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else None, rest


def loaded(name: str) -> Any:
    """Import a command, or a group of commands."""
    module, _ = COMMANDS[name]
    found = resolve_name(f"lens_rx.cli.{module}:{name}")
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    alone.command(name)(found)
    return typer.main.get_command(alone)


app = typer.Typer(
    name="lens-rx",
    cls=Overview,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="A photo of a second-hand thing goes in; what it is and what it is worth stream out.",
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"lens-rx {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Tell the version.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None: ...


for _name, (_, _words) in COMMANDS.items():
    app.command(_name, help=_words)(lambda: None)


def main() -> None:
    """Run the command line; what cannot be done at all is said in words, with exit status 1."""
    try:
        app()
    except LensRxError as error:
        typer.secho(str(error), err=True, fg="red" if sys.stderr.isatty() else None)
        sys.exit(1)
