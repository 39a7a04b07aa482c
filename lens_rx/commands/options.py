"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import platformdirs
import typer
from pydantic import ValidationError

from lens_rx.settings import Settings

SandboxFlag = Annotated[bool, typer.Option("--sandbox", help="Practise on a small web of our own.")]
SandboxAt = Annotated[str | None, typer.Option(help="Practise on a sandbox that runs at this URL.")]
ModelAt = Annotated[str | None, typer.Option(help="An OpenAI-compatible server, such as a local one.")]
RedisUrl = Annotated[str | None, typer.Option(help="redis:// address that many nodes share.")]
StoreFile = Annotated[Path | None, typer.Option(help="SQLite file; the user's data directory by default.")]
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
        wrong = "; ".join(f"{it['loc'][0]}: {it['msg']}" for it in error.errors())
        fail(f"A setting in the environment is wrong: {wrong}")
    return settings.model_copy(update={name: it for name, it in changes.items() if it is not None})


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
