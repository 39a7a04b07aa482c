"""A subscriber inside the process, which takes the chunks of a run one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from lens_rx.runs.views import Chunk


class QueueSink:
    """A `Sink` to iterate over; the chunks of a run are few, and shared by all, so that it is never full."""

    def __init__(self) -> None:
        self._chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()

    def is_full(self) -> bool:
        """Return False."""
        return False

    def is_closed(self) -> bool:
        """Return False: who iterates no more cancels the delivery."""
        return False

    def send(self, chunks: Sequence[Chunk]) -> None:
        """Put the chunks into the queue."""
        for chunk in chunks:
            self._chunks.put_nowait(chunk)

    def send_heartbeat(self) -> None:
        """Do nothing: there is no line to be kept alive."""

    def abort(self) -> None:
        """Do nothing: it is never full for too long."""

    def close(self) -> None:
        """End the iteration behind the chunks that were sent."""
        self._chunks.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Chunk]:
        """Yield the chunks until it is closed."""
        while (chunk := await self._chunks.get()) is not None:
            yield chunk
