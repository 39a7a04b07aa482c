"""A lock among the stored results, prolonged for as long as it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from lens_rx.facts.errors import Unavailable
from lens_rx.reactive.interop import cancel_and_wait, create_task


@asynccontextmanager
async def hold_lock(
    reserve: Callable[[], Awaitable[bool]], release: Callable[[], Awaitable[None]], seconds: float
) -> AsyncIterator[None]:
    """Prolong a lock that is held and lasts `seconds` by `reserve` while the block runs, and release it at its end.

    Where the storage is away it is left to run out.
    """
    pause, prolonging = seconds / 3, list[asyncio.Task[None]]()
    # most blocks end before the first time, and need no task
    first = asyncio.get_running_loop().call_later(
        pause, lambda: prolonging.append(create_task(_prolong(reserve, pause)))
    )
    try:
        yield
    finally:
        first.cancel()
        for task in prolonging:
            await cancel_and_wait(task)
        with suppress(Unavailable):
            await release()


async def _prolong(reserve: Callable[[], Awaitable[bool]], pause: float) -> None:
    while True:
        with suppress(Unavailable):
            await reserve()
        await asyncio.sleep(pause)
