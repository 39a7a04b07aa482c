"""The event loop on which a service or a worker runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from lens_rx.cli.options import fail
from lens_rx.settings import Settings, variable


def run(main: Coroutine[None, None, None], settings: Settings) -> None:
    """Run a coroutine to its end on the loop that the settings choose."""
    with asyncio.Runner(loop_factory=_uvloop_factory() if settings.uvloop else None) as runner:
        runner.run(main)


def _uvloop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes a loop of uvloop; end the command where it is not installed."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        fail(f"{variable('uvloop')} needs the package uvloop: pip install 'lens-rx[uvloop]'")
    return new_event_loop
