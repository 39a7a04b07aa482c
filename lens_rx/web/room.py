"""Room: the bytes that all sockets of a node may hold together while photos arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lens_rx.errors import Busy

RETRY_SECONDS = 5


@dataclass(slots=True)
class Room:
    """So many bytes for all; a socket that would need more is turned away, for one that waits holds what it has."""

    most: int
    held: int = 0

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Yield a share of the room, given back at the end."""
        share = Share(self)
        try:
            yield share
        finally:
            share.give_back()


@dataclass(slots=True)
class Share:
    """What one socket holds of the room, partly arrived messages included."""

    room: Room
    held: int = 0
    _full: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, number: int) -> bool:
        """Take so many bytes; False where there is no room for them, now and from then on."""
        if self._full.is_set() or self.room.held + number > self.room.most:
            self._full.set()
            return False
        self.held += number
        self.room.held += number
        return True

    def give_back(self) -> None:
        """Give back everything: what had arrived is let go."""
        self.room.held -= self.held
        self.held = 0

    async def overrun(self) -> None:
        """Wait until there was no room; raise `Busy` then."""
        await self._full.wait()
        raise Busy("Too many photos arrive at once. Please try again in a moment.", RETRY_SECONDS)
