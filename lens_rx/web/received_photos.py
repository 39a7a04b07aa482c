"""The photos of one request: hashed while they arrive, decoded only when a run needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import TooLarge
from lens_rx.settings import Settings
from lens_rx.web.upload_pace import UploadPace
from lens_rx.web.upload_slots import UploadSlots

#: An upload waits for its turn only after this many bytes, so that connections that stall early take none.
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
    """What has arrived of a request; `aclose` gives back the turn that large uploads take.

    Photos that are not decoded hold as many bytes as one photo may have: those that came first are decoded to make room.
    """

    def __init__(
        self,
        decode: Callable[[ReceivedPhoto], Awaitable[PhotoCopy]],
        slots: UploadSlots,
        settings: Settings,
        client: str,
    ) -> None:
        self._decode = decode
        self._slots = slots
        self._settings = settings
        self.client = client
        self.pace = UploadPace(settings)
        self._turn: AsyncExitStack | None = None
        self._photos: list[ReceivedPhoto | PhotoCopy] = []
        self._arriving = 0

    def __len__(self) -> int:
        return len(self._photos)

    @property
    def digests(self) -> list[str]:
        """The SHA-256 of each photo's bytes, in order."""
        return [photo.sha256 for photo in self._photos]

    def check_count(self, count: int) -> None:
        """Raise `TooLarge` where one thing may not have so many photos."""
        if count > self._settings.max_photos:
            raise TooLarge(f"At most {self._settings.max_photos} photos show one thing.")

    async def receive(self, chunks: AsyncIterator[bytes | memoryview]) -> None:
        """Read one photo; stop reading as soon as it is too large or too slow.

        Raises `TooLarge`, `TooSlow` or `Busy`, and what decoding raises where an earlier photo has to be decoded to
        make room.
        """
        limit, before = self._settings.max_photo_bytes, self._undecoded_bytes()
        pieces: list[bytes | memoryview] = []
        digest = sha256()
        self._arriving = 0

        async def read(enough: int) -> bool:
            async for chunk in chunks:
                self.pace.add(len(chunk))
                self._arriving += len(chunk)
                if self._arriving > limit:
                    raise TooLarge(f"A photo may have {limit:,} bytes at most.")
                pieces.append(chunk)
                if len(chunk) > INLINE_HASH_BYTES:
                    await asyncio.to_thread(digest.update, chunk)
                else:
                    digest.update(chunk)
                if before + self._arriving >= enough:
                    return False
            return True

        if self._turn or not await self._in_time(read(SLOT_FREE_BYTES)):
            await self._take_turn()
            await self._in_time(read(before + limit + 1))
        self._photos.append(ReceivedPhoto(digest.hexdigest(), tuple(pieces), self._arriving))
        self._arriving = 0
        while self._undecoded_bytes() > limit:
            await self._decode_first()

    async def decoded(self) -> tuple[PhotoCopy, ...]:
        """Return the working copies; raise `TooLarge`, `UnsupportedMedia` or `Unprocessable`."""
        while any(isinstance(photo, ReceivedPhoto) for photo in self._photos):
            await self._decode_first()
        return tuple(photo for photo in self._photos if isinstance(photo, PhotoCopy))

    async def aclose(self) -> None:
        """Give back the turn."""
        if self._turn:
            await self._turn.aclose()

    async def _in_time(self, reading: Awaitable[bool]) -> bool:
        async with self.pace.enforce("The upload took too long. Please try again."):
            return await reading

    async def _take_turn(self) -> None:
        if self._turn is None:
            turn = AsyncExitStack()
            await turn.enter_async_context(self._slots.turn(self))
            self._turn = turn

    def held_bytes(self) -> int:
        """Return what is held of photos that are not decoded."""
        return self._arriving + self._undecoded_bytes()

    async def _decode_first(self) -> None:
        number, photo = next(
            (number, photo) for number, photo in enumerate(self._photos) if isinstance(photo, ReceivedPhoto)
        )
        self._photos[number] = await self._decode(photo)

    def _undecoded_bytes(self) -> int:
        return sum(photo.size for photo in self._photos if isinstance(photo, ReceivedPhoto))
