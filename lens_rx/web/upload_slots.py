"""Turns for large uploads: so many at once, of one client and in all; slow ones do not count, and hold little."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Protocol

from lens_rx.facts.errors import Busy
from lens_rx.web.upload_pace import UploadPace

#: Seconds between looks at which uploads are slow: while any waits for its turn, and for what they hold.
TURN_SECONDS, LIMIT_SECONDS = 0.05, 0.25
RETRY_SECONDS = 5
SLOW_MESSAGE = "Too many slow uploads hold the service up. Please try again in a moment."


class Upload(Protocol):
    """An upload: its client, its pace, and what it holds in memory."""

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
        self._uploads: set[Upload] = set()
        self._admitted: set[Upload] = set()
        self._waiting: dict[Upload, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._limited_at = 0.0

    @contextmanager
    def register(self, upload: Upload) -> Iterator[None]:
        """Count what the upload holds in the block."""
        self._uploads.add(upload)
        self._start_timer()
        try:
            yield
        finally:
            self._uploads.discard(upload)

    @asynccontextmanager
    async def turn(self, upload: Upload) -> AsyncIterator[None]:
        """Wait for a large upload's turn, and give it back at the end of the block."""
        self._waiting[upload] = admitted = asyncio.get_running_loop().create_future()
        self._admit()
        if upload in self._waiting:
            self._start_timer(restart=True)
        try:
            await admitted
            yield
        finally:
            self._waiting.pop(upload, None)
            self._admitted.discard(upload)
            self._admit()

    def _admit(self) -> None:
        """Let in those for whom there is room, first those whose clients have the fewest."""
        if not self._waiting:
            return
        counts = Counter(it.client for it in self._admitted if not it.pace.is_slow())
        while self._waiting and counts.total() < self._total:
            upload = min(self._waiting, key=lambda it: counts[it.client])
            if counts[upload.client] >= self._per_client:
                break
            admitted = self._waiting.pop(upload)
            if not admitted.done():  # it is cancelled where the client has gone
                counts[upload.client] += 1
                self._admitted.add(upload)
                admitted.set_result(None)

    def _start_timer(self, *, restart: bool = False) -> None:
        if self._timer and restart:
            self._timer.cancel()
            self._timer = None
        if self._timer is None and self._uploads:
            seconds = TURN_SECONDS if self._waiting else LIMIT_SECONDS
            self._timer = asyncio.get_running_loop().call_later(seconds, self._check)

    def _check(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        if now - self._limited_at >= LIMIT_SECONDS:
            self._limited_at = now
            self._end_largest([it for it in self._uploads if it.pace.is_slow()])
        self._admit()
        self._start_timer()

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
