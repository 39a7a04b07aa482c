"""The image index: local features and coarse colours of every thing's picture.

Building it takes seconds, so it is cached in the user's cache directory.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, TypeAlias
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from lens_rx.sandbox.catalogue import Catalogue, Thing
from lens_rx.sandbox.drawings.renderer import draw

Floats: TypeAlias = NDArray[np.float32]
Pixels: TypeAlias = NDArray[Any]

INDEX_SIDE: Final = 400  # pixels of the picture that features are read from
COLOUR_GRID: Final = 80  # cells across in which colours are kept
MAX_FEATURES: Final = 450  # of one picture at most


@dataclass(frozen=True, slots=True)
class Features:
    """An image's features: points (n, 2) in pixels, and unit descriptors (n, 128)."""

    points: Floats
    descriptors: Floats


@dataclass(frozen=True, slots=True)
class ThingImage:
    """A thing's features at INDEX_SIDE pixels, and its colours (COLOUR_GRID, COLOUR_GRID, 3) of 0..255."""

    features: Features
    colours: Floats


def build_index(catalogue: Catalogue) -> list[ThingImage]:
    """Return the index of all things, in the catalogue's order, from the cache or drawn now."""
    cached = user_cache_path("lens_rx") / f"image-index-{_fingerprint(catalogue)}.npz"
    with suppress(OSError, ValueError, KeyError, BadZipFile):
        return _load(cached)
    with ThreadPoolExecutor(2) as pool:
        drawn = list(pool.map(index_thing, catalogue.things))
    with suppress(OSError):  # without a writable cache the index is built at every start
        _store(drawn, cached)
    return drawn


def index_thing(thing: Thing) -> ThingImage:
    """Draw a thing and return its features and colours."""
    picture = np.asarray(draw(thing, INDEX_SIDE))
    colours = cv2.resize(
        cv2.GaussianBlur(picture, (0, 0), 2), (COLOUR_GRID, COLOUR_GRID), interpolation=cv2.INTER_AREA
    )
    return ThingImage(extract_features(picture), colours.astype(np.float32))


def extract_features(picture: Pixels) -> Features:
    """Return the strongest SIFT features of an RGB image."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    points, raw = cv2.SIFT.create(nfeatures=MAX_FEATURES, contrastThreshold=0.02).detectAndCompute(grey, None)
    if not points:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    # the square roots of a histogram compare better than the histogram (RootSIFT, Arandjelovic 2012)
    rooted = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-6))
    return Features(np.array([point.pt for point in points], np.float32), rooted.astype(np.float32))


def _fingerprint(catalogue: Catalogue) -> str:
    """Return a hash of all that the index depends on: catalogue, drawing code, library versions."""
    package = files("lens_rx.sandbox")
    sources = [package / "image_index.py", *(package / "drawings").iterdir()]
    digest = sha256(
        f"{catalogue.version} {len(catalogue.things)} {cv2.__version__} {np.__version__}".encode()
    )
    for source in sorted(sources, key=lambda each: each.name):
        if source.name.endswith(".py"):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _store(drawn: Sequence[ThingImage], path: Path) -> None:
    """Write the index to one file, atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as out:
        np.savez(
            out,
            counts=np.array([len(each.features.points) for each in drawn]),
            places=np.concatenate([each.features.points for each in drawn]),
            descriptors=np.concatenate([each.features.descriptors for each in drawn]).astype(np.float16),
            colours=np.stack([each.colours for each in drawn]).astype(np.uint8),
        )
    Path(out.name).replace(path)


def _load(path: Path) -> list[ThingImage]:
    """Read a cached index; raise where the file is missing or damaged."""
    with np.load(path, allow_pickle=False) as kept:
        cuts = np.cumsum(kept["counts"])[:-1]
        places = np.split(kept["places"], cuts)
        descriptors = np.split(kept["descriptors"].astype(np.float32), cuts)
        colours = kept["colours"].astype(np.float32)
    return [
        ThingImage(Features(where, what), shown)
        for where, what, shown in zip(places, descriptors, colours, strict=True)
    ]
