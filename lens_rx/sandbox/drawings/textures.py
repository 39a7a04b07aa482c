"""Seeded surfaces: what makes cotton look like cotton, and one oak board unlike another."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


class Texture(StrEnum):
    """A surface."""

    PLAIN = "plain"
    WEAVE = "weave"
    DENIM = "denim"
    KNIT = "knit"
    GRAIN = "grain"
    LEATHER = "leather"
    METAL = "metal"
    MESH = "mesh"
    STONE = "stone"


def texture(pattern: Texture, seed: int, side: int) -> Floats:
    """Return the surface as offsets of brightness, about -0.3..0.3, on `side` x `side` pixels."""
    random = np.random.default_rng([seed, *pattern.encode()])
    axis = (np.arange(side, dtype=np.float32) + 0.5) * (1000 / side)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    return np.asarray(_SURFACES[pattern](random, x, y), np.float32)


def noise(random: np.random.Generator, side: int, across: int, down: int) -> Floats:
    """Return smooth noise of -0.5..0.5 with that many grains across and down."""
    coarse = random.random((down, across), np.float32) - np.float32(0.5)
    return np.asarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC), np.float32)


def _sum(*layers: Any) -> Floats:
    """Lay patterns over each other."""
    return np.asarray(sum(layers), np.float32)


def _plain(random: np.random.Generator, x: Floats, _y: Floats) -> Floats:
    return _sum(0.10 * noise(random, len(x), 9, 9), 0.05 * noise(random, len(x), 160, 160))


def _weave(random: np.random.Generator, x: Floats, y: Floats) -> Floats:
    threads = 0.05 * np.sin(x * 0.9) * np.sin(y * 0.9)
    return _sum(threads, 0.16 * noise(random, len(x), 14, 14), 0.14 * noise(random, len(x), 120, 120))


def _denim(random: np.random.Generator, x: Floats, y: Floats) -> Floats:
    twill = 0.09 * np.sin((x + y) * 0.7)
    return _sum(twill, 0.3 * noise(random, len(x), 18, 18), 0.2 * noise(random, len(x), 140, 140))


def _knit(random: np.random.Generator, x: Floats, y: Floats) -> Floats:
    loops = 0.10 * np.sin(x * 0.35) * np.cos(y * 0.25 + np.abs(np.sin(x * 0.175)) * 3)
    return _sum(loops, 0.12 * noise(random, len(x), 20, 20))


def _grain(random: np.random.Generator, x: Floats, y: Floats) -> Floats:
    warped = y + 60 * noise(random, len(x), 4, 9) + 14 * noise(random, len(x), 5, 40)
    rings = 0.10 * np.sin(warped * 0.16), 0.05 * np.sin(warped * 0.47)
    return _sum(*rings, 0.18 * noise(random, len(x), 24, 260))


def _leather(random: np.random.Generator, x: Floats, _y: Floats) -> Floats:
    pores = np.tanh(6 * noise(random, len(x), 110, 110))
    return _sum(0.12 * pores, 0.2 * noise(random, len(x), 10, 10))


def _metal(random: np.random.Generator, x: Floats, y: Floats) -> Floats:
    brushed = 0.10 * noise(random, len(x), 12, 320)
    sheen = 0.08 * np.sin((x + 0.6 * y) * 0.008 + 1)
    return _sum(brushed, sheen, 0.06 * noise(random, len(x), 60, 60))


def _mesh(random: np.random.Generator, x: Floats, y: Floats) -> Floats:
    holes = (np.sin(x * 0.42) * np.sin(y * 0.42)) > 0.45
    return _sum(-0.22 * holes, 0.16 * noise(random, len(x), 16, 16))


def _stone(random: np.random.Generator, x: Floats, _y: Floats) -> Floats:
    veins = np.abs(noise(random, len(x), 7, 7) + 0.5 * noise(random, len(x), 26, 26))
    clouds = 0.12 * noise(random, len(x), 12, 12), 0.05 * noise(random, len(x), 200, 200)
    return _sum(-0.16 * np.exp(-veins * 26), *clouds)


_SURFACES = {
    Texture.PLAIN: _plain,
    Texture.WEAVE: _weave,
    Texture.DENIM: _denim,
    Texture.KNIT: _knit,
    Texture.GRAIN: _grain,
    Texture.LEATHER: _leather,
    Texture.METAL: _metal,
    Texture.MESH: _mesh,
    Texture.STONE: _stone,
}
