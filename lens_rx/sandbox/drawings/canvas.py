"""A canvas that shades what is drawn on it, so that flat outlines look like photographed things.

Coordinates are logical: 0..1000 in both directions, whatever the size in pixels; every pattern is
seeded, so that one thing looks the same at any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from lens_rx.sandbox.drawings.shapes import Point, bounds
from lens_rx.sandbox.drawings.textures import Texture, texture

Floats: TypeAlias = NDArray[np.float32]

OVERSAMPLE: Final = 3
LIGHT: Final = (-0.6, -0.8)  # from the upper left, as in a studio


def rgb(colour: str) -> Floats:
    """Return `#rrggbb` as three floats of 0..255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32)


def tone(colour: str, factor: float) -> str:
    """Return the colour darkened (factor below 1) or brightened (above)."""
    parts = np.clip(rgb(colour) * factor, 0, 255).astype(int)
    return "#" + "".join(f"{part:02x}" for part in parts)


@dataclass(frozen=True, slots=True)
class Mask:
    """Coverage 0..1 of a part of the canvas that begins `left` and `top` pixels from its corner."""

    cover: Floats
    left: int
    top: int


class Canvas:
    """A square picture of `side` pixels; `seed` fixes all of its patterns."""

    def __init__(self, side: int, seed: int) -> None:
        self.side = side
        self.seed = seed
        self.scale = side / 1000
        self.pixels: Floats = np.zeros((side, side, 3), np.float32)
        self._fields: dict[Texture, Floats] = {}

    def fill(
        self,
        points: Sequence[Point],
        colour: str,
        pattern: Texture = Texture.PLAIN,
        depth: float = 14,
        opacity: float = 1,
    ) -> None:
        """Fill an outline; `depth` is how far its rounded edge reaches inwards, 0 for flat."""
        mask = self._mask(points, margin=2)
        self._blend(mask, self._shaded(mask, colour, pattern, depth), opacity)

    def line(self, points: Sequence[Point], colour: str, width: float, depth: float = 0) -> None:
        """Draw a stroke with round ends."""
        mask = self._mask(points, margin=width, width=width)
        self._blend(mask, self._shaded(mask, colour, Texture.PLAIN, depth))

    def stitch(self, points: Sequence[Point], colour: str, width: float = 3) -> None:
        """Draw a seam: every second stretch of a densely given line."""
        for start in range(0, len(points) - 2, 4):
            self.line(points[start : start + 3], colour, width)

    def shadow(self, points: Sequence[Point], blur: float, opacity: float) -> None:
        """Darken softly, `blur` wide, as under a thing that stands."""
        mask = self._mask(points, margin=3 * blur)
        soft = np.asarray(cv2.GaussianBlur(mask.cover, (0, 0), max(blur * self.scale, 0.3)), np.float32)
        self._blend(replace(mask, cover=soft), rgb("#000000"), opacity)

    def text(self, at: Point, words: str, size: float, colour: str, angle: float = 0) -> None:
        """Write words centred at a point, turned counter-clockwise by `angle` degrees."""
        font = ImageFont.load_default(size * self.scale * OVERSAMPLE)
        box = font.getbbox(words)
        tile = Image.new("L", (int(box[2] - box[0]) + 8, int(box[3] - box[1]) + 8))
        ImageDraw.Draw(tile).text((4 - box[0], 4 - box[1]), words, 255, font)
        tile = tile.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        tile = tile.resize(
            (-(-tile.width // OVERSAMPLE), -(-tile.height // OVERSAMPLE)), Image.Resampling.BOX
        )
        left = round(at[0] * self.scale - tile.width / 2)
        top = round(at[1] * self.scale - tile.height / 2)
        self._blend(Mask(_coverage(tile), left, top), rgb(colour))

    def image(self) -> Image.Image:
        """Return what was drawn, RGB."""
        return Image.fromarray(np.clip(self.pixels, 0, 255).astype(np.uint8))

    def field(self, pattern: Texture) -> Floats:
        """Return a pattern over the whole canvas, about -1..1, made once."""
        if pattern not in self._fields:
            self._fields[pattern] = texture(pattern, self.seed, self.side)
        return self._fields[pattern]

    def _mask(self, points: Sequence[Point], margin: float, width: float | None = None) -> Mask:
        """Return an outline's coverage, or that of a stroke `width` wide along it."""
        left, top, right, bottom = (
            int(np.clip(edge * self.scale, 0, self.side)) for edge in bounds(points, margin)
        )
        size = ((right - left + 1) * OVERSAMPLE, (bottom - top + 1) * OVERSAMPLE)
        large = Image.new("L", size)
        scale = self.scale * OVERSAMPLE
        places = [(x * scale - left * OVERSAMPLE, y * scale - top * OVERSAMPLE) for x, y in points]
        pen = ImageDraw.Draw(large)
        if width is None:
            pen.polygon(places, 255)
        else:
            _stroke(pen, places, width * scale)
        return Mask(_coverage(large.reduce(OVERSAMPLE)), left, top)

    def _shaded(self, mask: Mask, colour: str, pattern: Texture, depth: float) -> Floats:
        """Return the colours of a filled outline: its pattern, and light on its rounded edge."""
        height, width = mask.cover.shape
        field = self.field(pattern)[mask.top : mask.top + height, mask.left : mask.left + width]
        shade = np.ones(mask.cover.shape, np.float32)
        shade[: field.shape[0], : field.shape[1]] += field
        if depth:
            shade += _relief(mask.cover, max(depth * self.scale, 0.5))
        lit: Floats = rgb(colour) * shade[..., None]
        return lit

    def _blend(self, mask: Mask, colours: Floats, opacity: float = 1) -> None:
        """Lay colours over the picture, clipped at its edges."""
        height, width = mask.cover.shape
        x0, y0 = max(mask.left, 0), max(mask.top, 0)
        x1, y1 = min(mask.left + width, self.side), min(mask.top + height, self.side)
        if x1 <= x0 or y1 <= y0:
            return
        inner = np.s_[y0 - mask.top : y1 - mask.top, x0 - mask.left : x1 - mask.left]
        layer = colours if colours.ndim == 1 else colours[inner]
        target = self.pixels[y0:y1, x0:x1]
        target += opacity * mask.cover[inner][..., None] * (layer - target)


def _coverage(image: Image.Image) -> Floats:
    """Return a grey picture as 0..1."""
    return np.asarray(np.asarray(image, np.float32) / 255, np.float32)


def _stroke(pen: ImageDraw.ImageDraw, places: list[tuple[float, float]], width: float) -> None:
    """Draw a thick line with round joints and ends."""
    pen.line(places, 255, max(round(width), 1), joint="curve")
    radius = width / 2
    for x, y in (places[0], places[-1]):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)


def _relief(mask: Floats, depth: float) -> Floats:
    """Return the light on an edge that is rounded `depth` pixels inwards, about -0.5..0.4."""
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    soft = np.asarray(cv2.GaussianBlur(padded, (0, 0), depth), np.float32)
    down, right = np.gradient(soft)
    lit = (right * LIGHT[0] + down * LIGHT[1]) * depth * -1.1
    return np.asarray((lit + (soft - 1) * 0.28)[1:-1, 1:-1], np.float32)
