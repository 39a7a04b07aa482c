"""Bound the bytes that WebSocket connections hold while photos arrive, each by itself and all together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lens_rx.facts.errors import Busy, RequestError, TooLarge

RETRY_SECONDS = 5
#: The most that one read of a connection returns, and the size of a frame's header.
READ_BUFFER_BYTES = 300_000
FRAME_HEADER_BYTES = 14


@dataclass(slots=True)
class UploadBudget:
    """A limit of bytes for all connections; nobody waits for space, since a waiting upload would hold what it has."""

    limit_bytes: int
    max_photo_bytes: int
    reserved_bytes: int = 0

    @contextmanager
    def open_reservation(self) -> Iterator[Reservation]:
        """Yield a reservation that is released at the end of the block."""
        reservation = Reservation(self)
        try:
            yield reservation
        finally:
            reservation.release(reservation.reserved_bytes)

    def photo_too_large(self) -> TooLarge:
        """Return the error for a photo over the limit."""
        return TooLarge(f"A photo may have {self.max_photo_bytes:,} bytes at most.")


@dataclass(slots=True)
class Reservation:
    """The bytes that one connection holds, partly received messages included.

    At most two photos: one may arrive while the one before it is read.
    """

    budget: UploadBudget
    reserved_bytes: int = 0
    _error: RequestError | None = None
    _exceeded: asyncio.Event = field(default_factory=asyncio.Event)

    def reserve(self, count: int) -> bool:
        """Reserve bytes; return False, now and from then on, once a limit is exceeded."""
        if (
            self._error is None
            and self.reserved_bytes + count > 2 * self.budget.max_photo_bytes + READ_BUFFER_BYTES
        ):
            self._fail(self.budget.photo_too_large())
        if self._error is None and self.budget.reserved_bytes + count > self.budget.limit_bytes:
            self._fail(Busy("Too many photos arrive at once. Please try again in a moment.", RETRY_SECONDS))
        if self._error is not None:
            return False
        self.reserved_bytes += count
        self.budget.reserved_bytes += count
        return True

    def release(self, message_bytes: int) -> None:
        """Release the bytes of a message that is no longer held."""
        freed = min(self.reserved_bytes, message_bytes + FRAME_HEADER_BYTES)
        self.reserved_bytes -= freed
        self.budget.reserved_bytes -= freed

    async def wait_exceeded(self) -> None:
        """Wait until a limit is exceeded, then raise `TooLarge` or `Busy`."""
        await self._exceeded.wait()
        if self._error:
            raise self._error

    def _fail(self, error: RequestError) -> None:
        self._error = error
        self._exceeded.set()
