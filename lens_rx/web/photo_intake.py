"""Intake: uploaded bytes -> an upright, stripped, bounded photo, or a refusal.

What a file is, its content says; its name is never looked at.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO
from weakref import WeakValueDictionary

import pillow_heif
from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import TooLarge, TooSlow, Unprocessable, UnsupportedMedia
from lens_rx.settings import Settings

FORMATS = ("PNG", "JPEG", "WEBP", "HEIF", "AVIF", "GIF")
#: A side of fewer pixels shows nothing; a standard deviation of fewer grey levels is a blank wall.
FEWEST_PIXELS, FEWEST_LEVELS = 16, 1.5
JPEG_QUALITY = 90
#: An upload is held in memory while it arrives, and decoding one may take 200 MB: so many at a time.
UPLOADS_AT_ONCE, DECODED_AT_ONCE = 16, 2
#: So much of an upload arrives before it counts as one: those that stall early keep nobody out.
FIRST_BYTES = 262_144
#: Working copies that are remembered, for photos that come several times at once.
REMEMBERED = 8

pillow_heif.register_heif_opener()  # type: ignore[no-untyped-call,unused-ignore]
# our own limit, from settings, is enforced from the header; Pillow's would only warn
Image.MAX_IMAGE_PIXELS = None


class PhotoIntake:
    """Turns uploads into working copies, off the loop; equal photos at the same time are decoded once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._free = asyncio.Semaphore(DECODED_AT_ONCE)
        self._recent: OrderedDict[str, PhotoCopy] = OrderedDict()
        self._decoding: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def photo(self, chunks: AsyncIterator[bytes]) -> PhotoCopy:
        """Return the working copy of one upload; stop reading as soon as it is too large or too slow.

        Raises `TooLarge`, `TooSlow`, `UnsupportedMedia` or `Unprocessable`.
        """
        content = bytearray()
        if await self._received(chunks, content, FIRST_BYTES):
            return await self._read(bytes(content))
        async with self._slots:
            await self._received(chunks, content, self._settings.max_photo_bytes + 1)
            return await self._read(bytes(content))

    async def _received(self, chunks: AsyncIterator[bytes], content: bytearray, enough: int) -> bool:
        """Add chunks to `content`; True where it is whole, False where there is enough of it for now."""
        most = self._settings.max_photo_bytes
        try:
            async with asyncio.timeout(self._settings.upload_deadline_seconds):
                async for chunk in chunks:
                    content += chunk
                    if len(content) > most:
                        raise TooLarge(f"A photo may have {most:,} bytes at most.")
                    if len(content) >= enough:
                        return False
        except TimeoutError:
            raise TooSlow("The upload took too long. Please try again.") from None
        return True

    async def _read(self, content: bytes) -> PhotoCopy:
        """Return the working copy; equal photos at the same time are decoded once."""
        name = await asyncio.to_thread(lambda: sha256(content).hexdigest())
        decoding = self._decoding.setdefault(name, asyncio.Lock())
        async with decoding, self._free:
            if name not in self._recent:
                self._remember(name, await asyncio.to_thread(self._copy, name, content))
            return self._recent[name]

    def _remember(self, name: str, copy: PhotoCopy) -> None:
        self._recent[name] = copy
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    def _copy(self, name: str, content: bytes) -> PhotoCopy:
        if not content:
            raise Unprocessable("The photo is empty.")
        with self._opened(content) as image:
            upright = _upright(image, self._settings.photo_side)
        if max(ImageStat.Stat(upright.convert("L")).stddev) < FEWEST_LEVELS:
            raise Unprocessable("The photo shows nothing: it is of one colour.")
        upright.info.clear()  # a JPEG's comment would be written again
        out = BytesIO()
        upright.save(out, "JPEG", quality=JPEG_QUALITY)
        return PhotoCopy(name, out.getvalue(), upright.width, upright.height)

    def _opened(self, content: bytes) -> Image.Image:
        try:
            image = Image.open(BytesIO(content), formats=FORMATS)
        except UnidentifiedImageError:
            raise UnsupportedMedia("This is not a PNG, JPEG, WebP, HEIC, AVIF or GIF photo.") from None
        except Exception as error:
            raise Unprocessable("The photo is damaged and cannot be read.") from error
        if image.width * image.height > self._settings.max_photo_pixels:
            raise TooLarge(f"A photo may have {self._settings.max_photo_pixels:,} pixels at most.")
        if min(image.size) < FEWEST_PIXELS:
            raise Unprocessable(f"The photo is too small: a side needs {FEWEST_PIXELS} pixels.")
        return image


def _upright(image: Image.Image, side: int) -> Image.Image:
    """Return the first frame, upright, RGB, at most `side` pixels long, with nothing but its pixels."""
    try:
        image.draft("RGB", (side, side))
        image.load()
        turned = ImageOps.exif_transpose(image)
        turned.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _on_white(turned)
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise Unprocessable("The photo is damaged or cut off; please upload it again.") from error


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = ImageOps.autocontrast(image.point(lambda level: level / 256).convert("L"))
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")
