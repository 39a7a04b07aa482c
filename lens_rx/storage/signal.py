"""A notification to everybody who waits at this moment."""

from __future__ import annotations

import asyncio


class Signal:
    """Wakes all waiters of this moment; who waits later is woken by the next call."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify_all(self) -> None:
        """Wake everybody who waits now."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for the next `notify_all`, at most so many seconds; return whether it came."""
        event = self._event
        try:
            async with asyncio.timeout(seconds):
                return await event.wait()
        except TimeoutError:
            return False
