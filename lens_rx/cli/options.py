"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, NoReturn

import platformdirs
import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lens_rx.facts.errors import BadRequest
from lens_rx.settings import PREFIX, Settings, variable
from lens_rx.web.query_params import parse_options, parse_view

PRACTISING = "SANDBOX: nothing here is real, and nothing costs."
VARIABLES = tuple(variable(name) for name in Settings.model_fields)

SandboxFlag = Annotated[bool, typer.Option("--sandbox", help="Practise on a small web of our own.")]
SandboxAt = Annotated[str | None, typer.Option(help="Practise on a sandbox that runs at this URL.")]
ModelAt = Annotated[str | None, typer.Option(help="An OpenAI-compatible server, such as a local one.")]
RedisUrl = Annotated[str | None, typer.Option(help="redis:// address that many nodes share.")]
StoreFile = Annotated[Path | None, typer.Option(help="SQLite file; the user's data directory by default.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0: a free one.")]
NoStore = Annotated[bool, typer.Option("--no-store", help="Keep everything in memory.")]


def fail(words: str, status: int = 2) -> NoReturn:
    """End the command with words on what to do."""
    typer.secho(words, err=True, fg="red" if sys.stderr.isatty() else None)
    raise typer.Exit(status)


def settings_of(**changes: object) -> Settings:
    """Return the settings of the environment, with what the command line says instead; None says nothing."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "\n".join(_wrong(it) for it in error.errors())
        fail(f"A setting in the environment is wrong.\n{wrong}")
    for name in _unknown():
        near = get_close_matches(name, VARIABLES, 1, cutoff=0.8)
        meant = f" Do you mean {near[0]}?" if near else ""
        typer.secho(f"{name} is no setting, and changes nothing.{meant}", err=True)
    return settings.model_copy(update={name: it for name, it in changes.items() if it is not None})


def _wrong(error: ErrorDetails) -> str:
    """Say which variable is wrong, and what it is for; its value may be a secret."""
    said = str(error["loc"][0])
    name = next(it for it in Settings.model_fields if said in (it, variable(it)))
    field = Settings.model_fields[name]
    default = "none" if field.default is None else field.default
    words = error.get("ctx", {}).get("error", error["msg"])
    return f"{variable(name)}: {words}. It is: {field.description} (default: {default})."


def check_asked(query: Mapping[str, str], settings: Settings, where: str = "") -> None:
    """End the command where the service would refuse the query; `where` says who wrote it."""
    try:
        parse_view(query, settings)
        parse_options(query, settings)
    except BadRequest as error:
        fail(f"{where}{error}")


def _unknown() -> list[str]:
    return [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in VARIABLES]


def store_of(settings: Settings, store: Path | None, *, none: bool, name: str = "lens_rx") -> Path | None:
    """Return the file of the log: the one named, the settings' one, or one in the user's data directory."""
    if none or settings.redis:
        return None
    path = store or settings.store or platformdirs.user_data_path("lens_rx") / f"{name}.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(
            f"The store {path} cannot be made ({error.strerror}). Name another with --store, or use --no-store."
        )
    if not os.access(path.parent, os.W_OK):
        fail(f"The store {path} cannot be written. Name another with --store, or use --no-store.")
    return path
