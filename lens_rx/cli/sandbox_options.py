"""The option that says what is wrong with the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lens_rx.cli.options import fail
from lens_rx.sandbox.faults import Faults

SandboxFaults = Annotated[Path | None, typer.Option(help="JSON file: what is wrong with the sandbox.")]


def faults_of(file: Path | None) -> Faults | None:
    """Return the faults that a file names; end the command where it names none."""
    if file is None:
        return None
    try:
        return Faults.read(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except ValueError as error:
        fail(f"{file} does not name faults: {error}")
