"""Test photos of the catalogue's things as users would take them, with the expected results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.drawings.renderer import draw

Pixels: TypeAlias = NDArray[np.uint8]

TRUTH_FILE: Final = "truth.json"
MAX_CROP: Final = 0.15  # of width and height at most
MAX_ROTATION_DEGREES: Final = 15.0  # degrees at most
MAX_LIGHT_CHANGE: Final = 0.2  # of brightness and contrast at most
SIDES: Final = (840, 900, 1000, 1080)  # pixels of the drawing before it is cropped
ORIENTATION: Final = 0x0112
GPS: Final = 0x8825


@dataclass(frozen=True, slots=True)
class Encoding:
    """A file format: its suffix, and a function that encodes an upright image."""

    suffix: str
    encode: Callable[[Image.Image, Random], bytes]


def write_photos(directory: Path) -> None:
    """Write a photo of every thing (`01.jpg` …) and `truth.json` into a new or existing directory.

    Each photo differs from the catalogue's picture: cropped, rotated, relit and recompressed, in the formats of
    phones and browsers. The output is the same each time.
    """
    directory.mkdir(parents=True, exist_ok=True)

    def write(numbered: tuple[int, Thing]) -> tuple[str, Mapping[str, object]]:
        number, thing = numbered
        encoding = ENCODINGS[(number - 1) % len(ENCODINGS)]
        name = f"{number:02d}.{encoding.suffix}"
        (directory / name).write_bytes(take_photo(thing, encoding))
        return name, expected_result(thing)

    with ThreadPoolExecutor(2) as pool:
        truth = dict(pool.map(write, enumerate(catalogue(), 1)))
    (directory / TRUTH_FILE).write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")


def take_photo(thing: Thing, encoding: Encoding, seed: int = 0) -> bytes:
    """Return a photo of a thing; each `seed` gives another photo."""
    rng = Random(f"{thing.id} {seed}")
    picture = np.asarray(draw(thing, rng.choice(SIDES)))
    shot = _change_light(_crop(_rotate(picture, rng), rng), rng)
    return encoding.encode(Image.fromarray(shot), rng)


def expected_result(thing: Thing) -> dict[str, object]:
    """Return the expected result for a thing, in EUR at today's rates; None for facts that cannot be found."""
    lacks = list(thing.missing_kinds)
    retail = convert(thing.retail, "EUR", datetime.now(UTC).date()) if thing.retail and thing.shop else None
    truth: dict[str, object] = {
        "producer": thing.producer,
        "model": thing.model,
        "retail_price_eur": float(retail.amount) if retail else None,
        "used_price_eur": None if "estimated-price" in lacks else float(thing.used),
    }
    return truth | ({"lacks": lacks} if lacks else {})


def _rotate(picture: Pixels, rng: Random) -> Pixels:
    """Rotate an image; mirror it at its edges."""
    side = picture.shape[0]
    angle = rng.choice((-1, 1)) * rng.uniform(MAX_ROTATION_DEGREES / 4, MAX_ROTATION_DEGREES)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1)
    turned = cv2.warpAffine(picture, turn, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, np.uint8)


def _crop(picture: Pixels, rng: Random) -> Pixels:
    """Cut off up to MAX_CROP of the width and of the height."""
    height, width = picture.shape[:2]
    down, across = (rng.uniform(MAX_CROP / 3, MAX_CROP) for _ in range(2))
    top, left = round(rng.random() * down * height), round(rng.random() * across * width)
    return picture[top : top + round(height * (1 - down)), left : left + round(width * (1 - across))]


def _change_light(picture: Pixels, rng: Random) -> Pixels:
    """Change brightness and contrast."""
    gain, contrast = (
        1 + rng.choice((-1, 1)) * rng.uniform(MAX_LIGHT_CHANGE / 4, MAX_LIGHT_CHANGE) for _ in range(2)
    )
    lit = (picture.astype(np.float32) * gain - 128) * (1 + (contrast - 1) / 2) + 128
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def _encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _jpeg(image: Image.Image, rng: Random) -> bytes:
    return _encode(image, "JPEG", quality=rng.randint(45, 85))


def _phone_jpeg(image: Image.Image, rng: Random) -> bytes:
    """Encode as an upright phone does: pixels rotated, with EXIF orientation and GPS position."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (48.0, 8.0, 14.9), 3: "E", 4: (11.0, 34.0, 31.0)}
    lying = image.transpose(Image.Transpose.ROTATE_90)
    return _encode(lying, "JPEG", quality=rng.randint(60, 88), exif=exif)


def _png(image: Image.Image, _: Random) -> bytes:
    return _encode(image.quantize(192, Image.Quantize.FASTOCTREE), "PNG")


def _webp(image: Image.Image, rng: Random) -> bytes:
    return _encode(image, "WEBP", quality=rng.randint(45, 80))


def _heic(image: Image.Image, rng: Random) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=rng.randint(50, 80), enc_params={"preset": "ultrafast"})
    return out.getvalue()


ENCODINGS: Final = (
    Encoding("jpg", _jpeg),
    Encoding("png", _png),
    Encoding("jpg", _phone_jpeg),
    Encoding("webp", _webp),
    Encoding("heic", _heic),
)
