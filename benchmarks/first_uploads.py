"""First uploads of phone photos through intake, beside Pillow alone.

    python benchmarks/first_uploads.py [--photos 12] [--rounds 5]

Makes photos as phones do: 12 megapixels, about 2.6 MB of JPEG, an EXIF orientation. The service's intake receives each
in pieces, hashes it, and makes the working copy (upright, 2,000 pixels at most, JPEG) in its threads. The peer does the
same draft decode, thumbnail and encode with Pillow, in as many threads, and nothing else. In turn.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter, ImageOps
from tools.figures import report_paired
from tools.service import describe_machine

from lens_rx.settings import Settings
from lens_rx.web.photo_intake import JPEG_QUALITY, MAX_CONCURRENT_DECODES, PhotoIntake

WIDTH, HEIGHT = 4000, 3000
PHOTO_BYTES = 2_600_000
CHUNK_BYTES = 65_536
UPLOADS_AT_ONCE = 4
ORIENTATION = 0x0112


def phone_photos(number: int) -> list[bytes]:
    """Return distinct photos of a phone's size: soft shapes with a sensor's noise, the phone held upright."""
    rng = np.random.default_rng(1)
    coarse = Image.fromarray(rng.integers(0, 256, (30, 40, 3), np.uint8))
    shapes = np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), np.int16)
    noise = rng.normal(0, 11, (HEIGHT, WIDTH, 1)).astype(np.int16)
    picture = Image.fromarray((shapes + noise).clip(0, 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(1))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo = min(
        (_encoded(picture, it, exif) for it in (80, 85, 90, 93)), key=lambda it: abs(len(it) - PHOTO_BYTES)
    )
    # bytes behind the picture make another photo of it
    return [photo + bytes([n]) for n in range(number)]


def _encoded(picture: Image.Image, quality: int, exif: Image.Exif) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


async def through_intake(photos: Sequence[bytes], side: int) -> None:
    """Receive and decode all photos, so many at once, in a new intake that knows none of them."""
    intake = PhotoIntake(Settings(photo_side=side))
    slots = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def chunks(photo: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(photo), CHUNK_BYTES):
            yield photo[start : start + CHUNK_BYTES]

    async def one(photo: bytes) -> None:
        async with slots, intake.open_upload() as received:
            await received.receive(chunks(photo))
            (copy,) = await received.decoded()
            assert max(copy.width, copy.height) == side

    await asyncio.gather(*(one(it) for it in photos))


async def through_pillow(photos: Sequence[bytes], side: int) -> None:
    """Decode all photos with Pillow alone."""

    def one(photo: bytes) -> bytes:
        with Image.open(BytesIO(photo)) as image:
            image.draft("RGB", (side, side * HEIGHT // WIDTH))
            image.thumbnail((side, side), Image.Resampling.LANCZOS)
            out = BytesIO()
            ImageOps.exif_transpose(image).save(out, "JPEG", quality=JPEG_QUALITY)
            return out.getvalue()

    with ThreadPoolExecutor(MAX_CONCURRENT_DECODES) as pool:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(pool, one, it) for it in photos))


async def measure(
    way: Callable[[Sequence[bytes], int], Awaitable[None]], photos: Sequence[bytes], side: int
) -> tuple[float, float]:
    """Return photos a second, and photos a second of CPU."""
    began, used = time.perf_counter(), time.process_time()
    await way(photos, side)
    return len(photos) / (time.perf_counter() - began), len(photos) / (time.process_time() - used)


async def main(number: int, rounds: int) -> None:
    """Print the figures."""
    photos, side = phone_photos(number), Settings().photo_side
    print(f"{describe_machine()}; {number} photos of {WIDTH}x{HEIGHT}, {len(photos[0]) / 1e6:.1f} MB each")
    await measure(through_pillow, photos, side)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(await measure(through_intake, photos, side))
        theirs.append(await measure(through_pillow, photos, side))
    peer = f"Pillow alone in {MAX_CONCURRENT_DECODES} threads"
    title = f"first uploads of phone photos ({len(photos[0]) / 1e6:.1f} MB, 12 megapixels), {os.cpu_count()} cores"
    for name, unit, mine, other, target in zip(
        (title, f"{title}: for a second of CPU"),
        ("a second", "photos"),
        zip(*ours, strict=True),
        zip(*theirs, strict=True),
        (">= 0.9", ""),
        strict=True,
    ):
        report_paired(name, mine, unit, other, peer=peer, target=target, main=bool(target))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    asyncio.run(main(asked.photos, asked.rounds))
