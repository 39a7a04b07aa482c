"""The only place that imports `lens_rx.sandbox`, and only when a command asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from anyio.from_thread import start_blocking_portal

from lens_rx.cli.options import fail
from lens_rx.cli.shutdown import wait_for_signal
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts.errors import UpstreamError

if TYPE_CHECKING:
    from lens_rx.sandbox.faults import Faults
    from lens_rx.sandbox.server import Sandbox

#: What the extra `[sandbox]` installs.
EXTRA_MODULES = ("cv2", "jinja2", "markupsafe")


@contextmanager
def sandbox_imports() -> Iterator[None]:
    """Raise `UpstreamError` that names what to install where an import of the block misses the extra `[sandbox]`."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA_MODULES:
            raise
        raise UpstreamError(
            "The sandbox needs packages that are not installed: pip install 'lens-rx[sandbox]'"
        ) from None


def read_faults(file: Path) -> Faults:
    """Return the faults that a file names; end the command where it names none."""
    with sandbox_imports():
        from lens_rx.sandbox.faults import Faults

    try:
        return Faults.parse(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except ValueError as error:
        fail(f"{file} does not name faults: {error}")


@asynccontextmanager
async def sandbox_in_thread(faults: Faults | None) -> AsyncIterator[Sandbox]:
    """Run a sandbox in a thread of its own: its pages cost what a far server would spend, not our loop."""
    with sandbox_imports():
        from lens_rx.sandbox.server import Sandbox

    sandbox = Sandbox(faults)
    with start_blocking_portal() as portal:
        await asyncio.to_thread(lambda: portal.call(sandbox.start))
        try:
            yield sandbox
        finally:
            await asyncio.to_thread(lambda: portal.call(sandbox.aclose))


async def endpoints_at(url: str) -> Endpoints:
    """Return the endpoints of a sandbox that runs at `url`; raise `UpstreamError` where there is none."""
    from lens_rx.sandbox import endpoints

    return await endpoints.endpoints_at(url)


def run_sandbox(faults: Faults | None, host: str, port: int) -> None:
    """Serve a sandbox alone until the process is told to end; print its addresses."""
    with sandbox_imports():
        from lens_rx.sandbox.server import Sandbox

    asyncio.run(_serve(Sandbox(faults), host, port))


async def _serve(sandbox: Sandbox, host: str, port: int) -> None:
    try:
        await sandbox.start(port, host)
    except OSError as error:
        fail(f"http://{host}:{port} cannot be taken: {error.strerror}.")
    typer.echo(f"sandbox is at http://{host}:{sandbox.port}")
    typer.echo(f"Faults of the sandbox: {sandbox.faults_url}")
    await wait_for_signal()
    await sandbox.aclose()


def write_photos(directory: Path) -> int:
    """Write the query photos and their truth into a directory, which is made; return how many photos."""
    with sandbox_imports():
        from lens_rx.sandbox import photos

    try:
        directory.mkdir(parents=True, exist_ok=True)
        photos.write_photos(directory)
    except OSError as error:
        fail(f"{directory} cannot be written: {error.strerror}.")
    return len(list(directory.iterdir())) - 1


def draw_pictures() -> None:
    """Draw the catalogue's pictures and index them, once on a machine; some seconds."""
    with sandbox_imports():
        from lens_rx.sandbox.image_match import image_matcher

    image_matcher().warm()
