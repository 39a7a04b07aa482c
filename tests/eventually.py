"""Waiting for what tells nobody when it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds that is seen from outside alone; raise `TimeoutError` where it does not."""

    async def look() -> bool:
        return holds()

    await eventually_async(look, seconds)


async def eventually_async(holds: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Wait for a condition that takes a call to see, as `eventually` does."""
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.02)
