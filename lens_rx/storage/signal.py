"""A bell that wakes everybody who waits, and keeps nothing."""

from __future__ import annotations

import asyncio


class Signal:
    """Wakes all waiters of this moment; who comes later waits for the next ring."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify_all(self) -> None:
        """Wake everybody who waits now."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for the next ring, at most so many seconds; tell whether it rang."""
        event = self._event
        try:
            async with asyncio.timeout(seconds):
                return await event.wait()
        except TimeoutError:
            return False
