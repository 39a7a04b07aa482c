"""A service or a worker, from the command to the end of the process."""

from __future__ import annotations

from lens_rx.cli.event_loop import run
from lens_rx.cli.surroundings import ServiceOptions, import_in_thread, open_surroundings


def run_service(options: ServiceOptions, host: str, port: int, sandbox_notice: str) -> None:
    """Serve the page and the API until the process is told to end; print the addresses."""
    run(_serve(options, host, port, sandbox_notice), options.settings)


def run_worker(options: ServiceOptions) -> None:
    """Work on jobs until the process is told to end."""
    run(_work(options), options.settings)


async def _serve(options: ServiceOptions, host: str, port: int, sandbox_notice: str) -> None:
    async with open_surroundings(options) as surroundings:
        await import_in_thread("lens_rx.cli.service")
        from lens_rx.cli.service import serve

        await serve(options, surroundings, host, port, sandbox_notice)


async def _work(options: ServiceOptions) -> None:
    async with open_surroundings(options) as surroundings:
        await import_in_thread("lens_rx.cli.service")
        from lens_rx.cli.service import work

        await work(options, surroundings)
