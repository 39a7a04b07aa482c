"""The event loop on which a service or a worker runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from lens_rx.settings import Settings


def run(main: Coroutine[None, None, None], settings: Settings) -> None:
    """Run a coroutine to its end, on uvloop where that is wanted and installed, else on asyncio's own loop."""
    with asyncio.Runner(loop_factory=_uvloop_factory() if settings.uvloop else None) as runner:
        runner.run(main)


def _uvloop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes a loop of uvloop, None where it is not installed."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop
