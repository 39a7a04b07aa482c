"""Turns for large uploads: so many at once, of one client and in all; slow ones do not count, and hold little."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Protocol

from lens_rx.facts.errors import Busy
from lens_rx.web.upload_pace import UploadPace

#: Seconds between looks at which uploads are slow, while any is there.
CHECK_SECONDS = 0.05
RETRY_SECONDS = 5
SLOW_MESSAGE = "Too many slow uploads hold the service up. Please try again in a moment."


class Upload(Protocol):
    """A large upload: its client, its pace, and what it holds in memory."""

    client: str
    pace: UploadPace

    def held_bytes(self) -> int:
        """Return the bytes that are in memory now."""
        ...


class UploadSlots:
    """Lets so many fast uploads arrive at once; what slow ones hold together is bounded by ending the largest."""

    def __init__(self, total: int, per_client: int, slow_bytes: int) -> None:
        self._total = total
        self._per_client = per_client
        self._slow_bytes = slow_bytes
        self._open: set[Upload] = set()
        self._waiting: dict[Upload, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, upload: Upload) -> AsyncIterator[None]:
        """Wait for a turn, and give it back at the end of the block."""
        self._waiting[upload] = admitted = asyncio.get_running_loop().create_future()
        self._admit()
        try:
            await admitted
            yield
        finally:
            self._waiting.pop(upload, None)
            self._open.discard(upload)
            self._admit()

    def _admit(self) -> None:
        """Let in those for whom there is room, first those whose clients have the fewest."""
        slow = [it for it in self._open if it.pace.is_slow()]
        self._end_largest(slow)
        counts = Counter(it.client for it in self._open.difference(slow))
        while self._waiting and counts.total() < self._total:
            upload = min(self._waiting, key=lambda it: counts[it.client])
            if counts[upload.client] >= self._per_client:
                break
            admitted = self._waiting.pop(upload)
            if not admitted.done():  # it is cancelled where the client has gone
                counts[upload.client] += 1
                self._open.add(upload)
                admitted.set_result(None)
        if self._timer is None and self._open:
            self._timer = asyncio.get_running_loop().call_later(CHECK_SECONDS, self._check)

    def _check(self) -> None:
        self._timer = None
        self._admit()

    def _end_largest(self, slow: Iterable[Upload]) -> None:
        """End the largest slow uploads while they hold too much, all of them or those of one client."""
        held = {upload: upload.held_bytes() for upload in slow}
        total, of_client = sum(held.values()), Counter[str]()
        for upload, size in held.items():
            of_client[upload.client] += size
        for upload in sorted(held, key=held.__getitem__, reverse=True):
            if total > self._slow_bytes or of_client[upload.client] > self._slow_bytes // 2:
                upload.pace.end(Busy(SLOW_MESSAGE, RETRY_SECONDS))
                total -= held[upload]
                of_client[upload.client] -= held[upload]
