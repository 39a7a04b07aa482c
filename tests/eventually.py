"""Waiting for what tells nobody when it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds that is seen from outside alone; raise `TimeoutError` where it does not."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)
