"""Bound the bytes that WebSocket connections hold while photos arrive, each by itself and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lens_rx.facts.errors import Busy, RequestError, TooLarge
from lens_rx.web.upload_pace import UploadPace

RETRY_SECONDS = 5
FULL_MESSAGE = "Too many photos arrive at once. Please try again in a moment."
#: The most that one read of a connection returns, and the size of a frame's header.
READ_BUFFER_BYTES = 300_000
FRAME_HEADER_BYTES = 14


@dataclass(slots=True)
class UploadBudget:
    """A limit of bytes for all connections; nobody waits for space, since a waiting upload would hold what it has.

    `client_bytes` is the limit for one client, none by default. Where there is no space for a client, slow uploads of
    others are ended.
    """

    limit_bytes: int
    max_photo_bytes: int
    client_bytes: int | None = None
    reserved_bytes: int = 0
    _open: set[Reservation] = field(default_factory=set)
    _bytes_by_client: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def open_reservation(self, client: str = "", pace: UploadPace | None = None) -> Iterator[Reservation]:
        """Yield a reservation that is released at the end of the block."""
        reservation = Reservation(self, client, pace)
        self._open.add(reservation)
        try:
            yield reservation
        finally:
            self._open.discard(reservation)
            reservation.close()

    def photo_too_large(self) -> TooLarge:
        """Return the error for a photo over the limit."""
        return TooLarge(f"A photo may have {self.max_photo_bytes:,} bytes at most.")

    def has_room(self, client: str, count: int) -> bool:
        """Return whether a client may hold so many more bytes."""
        if self.client_bytes is not None and self._bytes_by_client[client] + count > self.client_bytes:
            return False
        return self.reserved_bytes + count <= self.limit_bytes or self._end_slow(client, count)

    def change_reserved(self, client: str, count: int) -> None:
        """Count so many bytes more, or less where `count` is negative, for a client and for all together."""
        self.reserved_bytes += count
        self._bytes_by_client[client] += count
        if not self._bytes_by_client[client]:
            del self._bytes_by_client[client]

    def _end_slow(self, client: str, count: int) -> bool:
        """End slow uploads of other clients, the largest first, until there is room; return whether there is."""
        others = [it for it in self._open if it.client != client and it.pace and it.pace.is_slow()]
        for reservation in sorted(others, key=lambda it: it.reserved_bytes, reverse=True):
            reservation.fail(Busy(FULL_MESSAGE, RETRY_SECONDS))
            reservation.release(reservation.reserved_bytes)
            if self.reserved_bytes + count <= self.limit_bytes:
                return True
        return False


@dataclass(eq=False, slots=True)
class Reservation:
    """The bytes that one connection holds, partly received messages included.

    At most two photos: one may arrive while the one before it is read. `on_exceeded` is called when a limit is exceeded.
    """

    budget: UploadBudget
    client: str = ""
    pace: UploadPace | None = None
    reserved_bytes: int = 0
    _error: RequestError | None = None
    on_exceeded: Callable[[], None] = lambda: None
    is_exceeded: bool = False

    def reserve(self, count: int) -> bool:
        """Reserve bytes that have arrived; return False, now and from then on, once a limit is exceeded."""
        if self.pace:
            self.pace.add(count)
        if (
            not self.is_exceeded
            and self.reserved_bytes + count > 2 * self.budget.max_photo_bytes + READ_BUFFER_BYTES
        ):
            self.fail(self.budget.photo_too_large())
        if not self.is_exceeded and not self.budget.has_room(self.client, count):
            self.fail(Busy(FULL_MESSAGE, RETRY_SECONDS))
        if self.is_exceeded:
            return False
        self.reserved_bytes += count
        self.budget.change_reserved(self.client, count)
        return True

    def release(self, message_bytes: int) -> None:
        """Release the bytes of a message that is no longer held."""
        freed = min(self.reserved_bytes, message_bytes + FRAME_HEADER_BYTES)
        self.reserved_bytes -= freed
        self.budget.change_reserved(self.client, -freed)

    def close(self) -> None:
        """Release everything; what arrives before the connection is closed would never be released, and is dropped."""
        self.is_exceeded = True
        self.release(self.reserved_bytes)

    def take_error(self) -> RequestError:
        """Return the error and forget it: its traceback holds what has arrived, and would hold this as well."""
        error, self._error = self._error, None
        return error or Busy(FULL_MESSAGE, RETRY_SECONDS)

    def fail(self, error: RequestError) -> None:
        """Accept no more bytes, and end the upload with an error."""
        self._error = error
        self.is_exceeded = True
        self.on_exceeded()
