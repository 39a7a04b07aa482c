"""The photos of one request: hashed while they arrive, decoded only when a run needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import TooLarge, TooSlow
from lens_rx.settings import Settings

#: An upload takes a slot only after this many bytes, so that connections that stall early occupy none.
SLOT_FREE_BYTES = 262_144
#: Larger pieces are hashed in a thread.
INLINE_HASH_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ReceivedPhoto:
    """A photo as it was uploaded: the SHA-256 of its bytes, and the bytes in pieces."""

    sha256: str
    pieces: tuple[bytes | memoryview, ...]
    size: int

    def content(self) -> bytes:
        """Return the bytes in one piece."""
        return b"".join(self.pieces)


class ReceivedPhotos:
    """What has arrived of a request; `aclose` gives back the slot that large uploads take.

    Photos that are not decoded hold as many bytes as one photo may have: those that came first are decoded to make room.
    """

    def __init__(
        self,
        decode: Callable[[ReceivedPhoto], Awaitable[PhotoCopy]],
        slots: asyncio.Semaphore,
        settings: Settings,
    ) -> None:
        self._decode = decode
        self._slots = slots
        self._settings = settings
        self._slot: AsyncExitStack | None = None
        self._photos: list[ReceivedPhoto | PhotoCopy] = []

    def __len__(self) -> int:
        return len(self._photos)

    @property
    def digests(self) -> list[str]:
        """The SHA-256 of each photo's bytes, in order."""
        return [photo.sha256 for photo in self._photos]

    async def receive(self, chunks: AsyncIterator[bytes | memoryview]) -> None:
        """Read one photo; stop reading as soon as it is too large or too slow.

        Raises `TooLarge` or `TooSlow`, and what decoding raises where an earlier photo has to be decoded to make room.
        """
        limit, before = self._settings.max_photo_bytes, self._undecoded_bytes()
        pieces: list[bytes | memoryview] = []
        digest, size = sha256(), 0

        async def read(enough: int) -> bool:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"A photo may have {limit:,} bytes at most.")
                pieces.append(chunk)
                if len(chunk) > INLINE_HASH_BYTES:
                    await asyncio.to_thread(digest.update, chunk)
                else:
                    digest.update(chunk)
                if before + size >= enough:
                    return False
            return True

        if self._slot or not await self._in_time(read(SLOT_FREE_BYTES)):
            await self._take_slot()
            await self._in_time(read(before + limit + 1))
        self._photos.append(ReceivedPhoto(digest.hexdigest(), tuple(pieces), size))
        while self._undecoded_bytes() > limit:
            await self._decode_first()

    async def decoded(self) -> tuple[PhotoCopy, ...]:
        """Return the working copies; raise `TooLarge`, `UnsupportedMedia` or `Unprocessable`."""
        while any(isinstance(photo, ReceivedPhoto) for photo in self._photos):
            await self._decode_first()
        return tuple(photo for photo in self._photos if isinstance(photo, PhotoCopy))

    async def aclose(self) -> None:
        """Give back the slot."""
        if self._slot:
            await self._slot.aclose()

    async def _in_time(self, reading: Awaitable[bool]) -> bool:
        try:
            async with asyncio.timeout(self._settings.upload_deadline_seconds):
                return await reading
        except TimeoutError:
            raise TooSlow("The upload took too long. Please try again.") from None

    async def _take_slot(self) -> None:
        if self._slot is None:
            slot = AsyncExitStack()
            await slot.enter_async_context(self._slots)
            self._slot = slot

    async def _decode_first(self) -> None:
        number, photo = next(
            (number, photo) for number, photo in enumerate(self._photos) if isinstance(photo, ReceivedPhoto)
        )
        self._photos[number] = await self._decode(photo)

    def _undecoded_bytes(self) -> int:
        return sum(photo.size for photo in self._photos if isinstance(photo, ReceivedPhoto))
