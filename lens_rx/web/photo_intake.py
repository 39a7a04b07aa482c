"""Decode an uploaded photo into an upright, metadata-free JPEG of bounded size.

The format is taken from the content, never from the file's name.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from io import BytesIO
from math import ceil
from weakref import WeakValueDictionary

import pillow_heif
from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from lens_rx.facts import PhotoCopy
from lens_rx.facts.errors import TooLarge, Unprocessable, UnsupportedMedia
from lens_rx.settings import Settings
from lens_rx.web.descriptors import is_out_of_descriptors, out_of_descriptors
from lens_rx.web.received_photos import ReceivedPhoto, ReceivedPhotos
from lens_rx.web.upload_budget import UploadBudget
from lens_rx.web.upload_slots import UploadSlots

FORMATS = ("PNG", "JPEG", "WEBP", "HEIF", "AVIF", "GIF")
#: Smaller or more uniform pictures show nothing that could be identified.
MIN_SIDE_PIXELS, MIN_GREY_STDDEV, SAMPLE_SIDE = 16, 1.5, 128
JPEG_QUALITY = 90
#: An upload is held in memory while it arrives, and decoding may take 200 MB.
MAX_CONCURRENT_UPLOADS, MAX_UPLOADS_PER_CLIENT, MAX_CONCURRENT_DECODES = 16, 12, 2
#: What slow uploads hold together, in photos of the largest size.
MAX_SLOW_PHOTOS = 8
#: Working copies kept for photos that are uploaded several times in a row.
RECENT_COPIES = 8

pillow_heif.register_heif_opener()  # type: ignore[no-untyped-call,unused-ignore]
# the limit of the settings is enforced from the header; Pillow's own would only warn
Image.MAX_IMAGE_PIXELS = None


def upload_budget(settings: Settings) -> UploadBudget:
    """Return the budget of what uploads hold together, and what one client's may."""
    photo = settings.max_photo_bytes
    return UploadBudget(MAX_SLOW_PHOTOS * photo, photo, MAX_SLOW_PHOTOS // 2 * photo)


class PhotoIntake:
    """Decodes uploads in threads; equal photos that arrive together are decoded once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        slow_bytes = MAX_SLOW_PHOTOS * settings.max_photo_bytes
        self._upload_slots = UploadSlots(MAX_CONCURRENT_UPLOADS, MAX_UPLOADS_PER_CLIENT, slow_bytes)
        self._decode_slots = asyncio.Semaphore(MAX_CONCURRENT_DECODES)
        self._recent: OrderedDict[str, PhotoCopy] = OrderedDict()
        self._decoding: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def open_upload(self, client: str = "") -> AsyncIterator[ReceivedPhotos]:
        """Yield what receives the photos of one request of a client."""
        photos = ReceivedPhotos(self.decode, self._upload_slots, self._settings, client)
        with self._upload_slots.register(photos):
            async with aclosing(photos):
                yield photos

    async def decode(self, photo: ReceivedPhoto) -> PhotoCopy:
        """Return the working copy of a photo, decoded under a lock for each digest.

        Raises `TooLarge`, `UnsupportedMedia` or `Unprocessable`.
        """
        digest = photo.sha256
        decoding = self._decoding.setdefault(digest, asyncio.Lock())
        async with decoding, self._decode_slots:
            if digest not in self._recent:
                self._remember(digest, await asyncio.to_thread(self._decode, digest, photo.content()))
            return self._recent[digest]

    def _remember(self, digest: str, copy: PhotoCopy) -> None:
        self._recent[digest] = copy
        while len(self._recent) > RECENT_COPIES:
            self._recent.popitem(last=False)

    def _decode(self, digest: str, content: bytes) -> PhotoCopy:
        if not content:
            raise Unprocessable("The photo is empty.")
        with self._open_image(content) as image:
            upright = _normalize(image, self._settings.photo_side)
        if _is_of_one_colour(upright):
            raise Unprocessable("The photo shows nothing: it is of one colour.")
        upright.info.clear()  # a JPEG's comment would be saved again
        out = BytesIO()
        upright.save(out, "JPEG", quality=JPEG_QUALITY)
        return PhotoCopy(digest, out.getvalue(), upright.width, upright.height)

    def _open_image(self, content: bytes) -> Image.Image:
        try:
            image = Image.open(BytesIO(content), formats=FORMATS)
        except UnidentifiedImageError:
            raise UnsupportedMedia("This is not a PNG, JPEG, WebP, HEIC, AVIF or GIF photo.") from None
        except Exception as error:
            if is_out_of_descriptors(error):
                raise out_of_descriptors() from error
            raise Unprocessable("The photo is damaged and cannot be read.") from error
        if image.width * image.height > self._settings.max_photo_pixels:
            raise TooLarge(f"A photo may have {self._settings.max_photo_pixels:,} pixels at most.")
        if min(image.size) < MIN_SIDE_PIXELS:
            raise Unprocessable(f"The photo is too small: a side needs {MIN_SIDE_PIXELS} pixels.")
        return image


def _normalize(image: Image.Image, side: int) -> Image.Image:
    """Return the first frame, upright, in RGB, with at most `side` pixels on its longer side."""
    try:
        # a JPEG is decoded at a half, a quarter or an eighth of its size, where that is not below what is wanted
        scale = side / max(image.size)
        image.draft("RGB", (ceil(image.width * scale), ceil(image.height * scale)))
        image.load()
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        ImageOps.exif_transpose(image, in_place=True)
        return _flatten_to_rgb(image)
    except Exception as error:
        if is_out_of_descriptors(error):
            raise out_of_descriptors() from error
        # decoders raise exceptions of any class on damaged files
        raise Unprocessable("The photo is damaged or cut off; please upload it again.") from error


def _is_of_one_colour(image: Image.Image) -> bool:
    """Return whether a picture is uniform; a few of its pixels tell of most that they are not."""
    sample = image.resize((SAMPLE_SIDE, SAMPLE_SIDE), Image.Resampling.NEAREST)
    return _grey_stddev(sample) < 2 * MIN_GREY_STDDEV and _grey_stddev(image) < MIN_GREY_STDDEV


def _grey_stddev(image: Image.Image) -> float:
    return max(ImageStat.Stat(image.convert("L")).stddev)


def _flatten_to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = ImageOps.autocontrast(image.point(lambda level: level / 256).convert("L"))
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layered = image.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")
