"""Room: the bytes that sockets may hold while photos arrive, each by itself and all of a node together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lens_rx.facts.errors import Busy, RequestError, TooLarge

RETRY_SECONDS = 5
#: What is read of a connection at once, and a frame's head with it.
READ_BYTES = 300_000
FRAME_BYTES = 14


@dataclass(slots=True)
class UploadBudget:
    """So many bytes for all, and photos of so many; nobody waits, for one that waits holds what it has."""

    most: int
    photo_bytes: int
    held: int = 0

    @contextmanager
    def share(self) -> Iterator[Reservation]:
        """Yield a share of the room, given back at the end."""
        share = Reservation(self)
        try:
            yield share
        finally:
            share.give_back(share.held)

    def too_large(self) -> TooLarge:
        """Return the refusal of a photo that is too large."""
        return TooLarge(f"A photo may have {self.photo_bytes:,} bytes at most.")


@dataclass(slots=True)
class Reservation:
    """What one socket holds of the room, partly arrived messages included.

    One photo may arrive while the one before it is read; what is more belongs to a message that is too large.
    """

    room: UploadBudget
    held: int = 0
    _refusal: RequestError | None = None
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, number: int) -> bool:
        """Take so many bytes; False where there is no room for them, now and from then on."""
        if self._refusal is None and self.held + number > 2 * self.room.photo_bytes + READ_BYTES:
            self._refuse(self.room.too_large())
        if self._refusal is None and self.room.held + number > self.room.most:
            self._refuse(Busy("Too many photos arrive at once. Please try again in a moment.", RETRY_SECONDS))
        if self._refusal is not None:
            return False
        self.held += number
        self.room.held += number
        return True

    def give_back(self, message_bytes: int) -> None:
        """Give back what a message of so many bytes took: it is let go."""
        freed = min(self.held, message_bytes + FRAME_BYTES)
        self.held -= freed
        self.room.held -= freed

    async def overrun(self) -> None:
        """Wait until there was no room; raise `TooLarge` or `Busy` then."""
        await self._over.wait()
        if self._refusal:
            raise self._refusal

    def _refuse(self, refusal: RequestError) -> None:
        self._refusal = refusal
        self._over.set()
