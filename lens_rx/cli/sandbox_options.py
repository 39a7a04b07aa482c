"""The sandbox, imported only where it is asked for, and the option that names its faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lens_rx.cli.options import fail
from lens_rx.facts.errors import UpstreamError

if TYPE_CHECKING:
    from lens_rx.sandbox.faults import Faults

#: What the extra `[sandbox]` installs.
EXTRA_MODULES = ("cv2", "jinja2", "markupsafe")

SandboxFaults = Annotated[Path | None, typer.Option(help="JSON file: what is wrong with the sandbox.")]


@contextmanager
def sandbox_imports() -> Iterator[None]:
    """Say what to install where an import of the block misses what the extra `[sandbox]` brings."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA_MODULES:
            raise
        raise UpstreamError(
            "The sandbox needs packages that are not installed: pip install 'lens-rx[sandbox]'"
        ) from None


def faults_of(file: Path | None) -> Faults | None:
    """Return the faults that a file names; end the command where it names none."""
    if file is None:
        return None
    with sandbox_imports():
        from lens_rx.sandbox.faults import Faults  # noqa: PLC0415 - may not be installed

    try:
        return Faults.read(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except ValueError as error:
        fail(f"{file} does not name faults: {error}")
