"""Tasks whose owner outlives the graph: what drives a browser ends with the browser, not with a node."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class BackgroundTasks:
    """What an owner has under way, whether or not its caller is still there; the owner closes it."""

    def __init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin an errand on the running loop."""
        task = asyncio.get_running_loop().create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        return task

    async def join(self) -> None:
        """Wait until all errands have ended, whatever they end with."""
        await asyncio.gather(*self._open, return_exceptions=True)

    async def cancel_all(self) -> None:
        """End all errands, and wait until they are gone."""
        for task in self._open:
            task.cancel()
        await self.join()
