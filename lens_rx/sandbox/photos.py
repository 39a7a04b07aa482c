"""Query photos: what a user would have taken of the catalogue's things, with the truth beside them."""

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

TRUTH: Final = "truth.json"
CROPPED: Final = 0.15  # of width and height at most
TURNED: Final = 15.0  # degrees at most
RELIT: Final = 0.2  # of brightness and contrast at most
SIDES: Final = (840, 900, 1000, 1080)  # pixels of the drawing before it is cropped
ORIENTATION: Final = 0x0112
GPS: Final = 0x8825


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a photo is written: the file's suffix, and what makes its bytes of an upright picture."""

    suffix: str
    encode: Callable[[Image.Image, Random], bytes]


def write_photos(directory: Path) -> None:
    """Write a photo of every thing (`01.jpg` …) and `truth.json` into a directory, which is made.

    Each differs from its catalogue picture: cropped, turned, relit, recompressed, in the formats that
    phones and browsers use. The same ones each time.
    """
    directory.mkdir(parents=True, exist_ok=True)

    def write(numbered: tuple[int, Thing]) -> tuple[str, Mapping[str, object]]:
        number, thing = numbered
        encoding = ENCODINGS[(number - 1) % len(ENCODINGS)]
        name = f"{number:02d}.{encoding.suffix}"
        (directory / name).write_bytes(photo_of(thing, encoding))
        return name, truth_of(thing)

    with ThreadPoolExecutor(2) as pool:
        truth = dict(pool.map(write, enumerate(catalogue(), 1)))
    (directory / TRUTH).write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")


def photo_of(thing: Thing, encoding: Encoding, seed: int = 0) -> bytes:
    """Return a photo of a thing; another `seed` is another shot of it."""
    dice = Random(f"{thing.id} {seed}")
    picture = np.asarray(draw(thing, dice.choice(SIDES)))
    shot = _relit(_cropped(_turned(picture, dice), dice), dice)
    return encoding.encode(Image.fromarray(shot), dice)


def truth_of(thing: Thing) -> dict[str, object]:
    """Return what is true of a thing, in EUR at today's rates; None where a fact is not to be had."""
    lacks = list(thing.lacks)
    retail = convert(thing.retail, "EUR", datetime.now(UTC).date()) if thing.retail and thing.shop else None
    truth: dict[str, object] = {
        "producer": thing.producer,
        "model": thing.model,
        "retail_price_eur": float(retail.amount) if retail else None,
        "used_price_eur": None if "estimated-price" in lacks else float(thing.used),
    }
    return truth | ({"lacks": lacks} if lacks else {})


def _turned(picture: Pixels, dice: Random) -> Pixels:
    """Turn a picture; what comes in from outside is its own mirror image."""
    side = picture.shape[0]
    angle = dice.choice((-1, 1)) * dice.uniform(TURNED / 4, TURNED)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1)
    turned = cv2.warpAffine(picture, turn, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, np.uint8)


def _cropped(picture: Pixels, dice: Random) -> Pixels:
    """Cut off up to CROPPED of each direction, anywhere."""
    height, width = picture.shape[:2]
    down, across = (dice.uniform(CROPPED / 3, CROPPED) for _ in range(2))
    top, left = round(dice.random() * down * height), round(dice.random() * across * width)
    return picture[top : top + round(height * (1 - down)), left : left + round(width * (1 - across))]


def _relit(picture: Pixels, dice: Random) -> Pixels:
    """Change brightness and contrast."""
    gain, contrast = (1 + dice.choice((-1, 1)) * dice.uniform(RELIT / 4, RELIT) for _ in range(2))
    lit = (picture.astype(np.float32) * gain - 128) * (1 + (contrast - 1) / 2) + 128
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _jpeg(image: Image.Image, dice: Random) -> bytes:
    return _saved(image, "JPEG", quality=dice.randint(45, 85))


def _phone_jpeg(image: Image.Image, dice: Random) -> bytes:
    """Write as a phone held upright does: lying on its side, with a note to turn it, and the place."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (48.0, 8.0, 14.9), 3: "E", 4: (11.0, 34.0, 31.0)}
    lying = image.transpose(Image.Transpose.ROTATE_90)
    return _saved(lying, "JPEG", quality=dice.randint(60, 88), exif=exif)


def _png(image: Image.Image, _: Random) -> bytes:
    return _saved(image.quantize(192, Image.Quantize.FASTOCTREE), "PNG")


def _webp(image: Image.Image, dice: Random) -> bytes:
    return _saved(image, "WEBP", quality=dice.randint(45, 80))


def _heic(image: Image.Image, dice: Random) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=dice.randint(50, 80), enc_params={"preset": "ultrafast"})
    return out.getvalue()


ENCODINGS: Final = (
    Encoding("jpg", _jpeg),
    Encoding("png", _png),
    Encoding("jpg", _phone_jpeg),
    Encoding("webp", _webp),
    Encoding("heic", _heic),
)
