"""Tasks of an owner that outlives the graph, such as a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class BackgroundTasks:
    """Tasks that go on when their caller is gone; the owner joins or cancels them."""

    def __init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a task on the running loop."""
        task = asyncio.get_running_loop().create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        return task

    async def join(self) -> None:
        """Wait until all tasks have ended, with whatever result."""
        await asyncio.gather(*self._open, return_exceptions=True)

    async def cancel_all(self) -> None:
        """Cancel all tasks and wait until they have ended."""
        for task in self._open:
            task.cancel()
        await self.join()
