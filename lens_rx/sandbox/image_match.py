"""Which thing a photo shows: local features vote over the catalogue, geometry and colours confirm.

A query that is cropped, turned, relit and recompressed keeps most of its features in the same places up
to one similarity transform, and its colours up to light; a photo of something else does not.
Synchronous, about 0.1 s of CPU a photo: call it from a thread.
"""

from __future__ import annotations

from functools import cache, cached_property
from io import BytesIO
from threading import Lock
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lens_rx.sandbox.catalogue import Catalogue, catalogue
from lens_rx.sandbox.image_index import GRID, SIDE, Features, Floats, Pixels, ThingImage, features, portraits

QUERY_SIDE: Final = 480
RATIO: Final = 0.86  # how much nearer than any other thing's a feature must be to vote
CANDIDATES: Final = 3  # things whose geometry is checked
INLIERS: Final = 12  # agreeing features below which nothing was recognised; the least ever seen was 20
COLOURS: Final = 0.75  # explained variance of colours: 0.80 and more for the same thing, 0.73 for others
TOLERANCE: Final = 6.0  # pixels at QUERY_SIDE
OUTSIDE: Final = (-999.0, -999.0, -999.0)  # marks cells that the query does not show


class ImageMatcher:
    """Compares photos with the catalogue's pictures, which are drawn at the first call or at `warm()`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = Lock()

    def warm(self) -> None:
        """Build the index, if that was not done; some seconds the first time on a machine."""
        with self._lock:
            _ = self._index

    def best(self, photo: bytes) -> list[tuple[str, float]]:
        """Return ids of the things that the photo shows, best first, each with a score of 0..1.

        Empty where it shows nothing of the catalogue. Raises `OSError` for what is no picture.
        """
        picture = _decoded(photo)
        self.warm()
        query = features(picture)
        if len(query.places) < INLIERS:
            return []
        nearest, votes = self._votes(query)
        candidates = sorted(range(len(votes)), key=lambda i: -len(votes[i]))[:CANDIDATES]
        scores = [(self._id(i), self._score(picture, query, nearest, votes[i], i)) for i in candidates]
        return sorted((pair for pair in scores if pair[1] > 0), key=lambda pair: -pair[1])

    def _id(self, index: int) -> str:
        return self._catalogue.things[index].id

    @cached_property
    def _portraits(self) -> list[ThingImage]:
        """The portraits of all things, in the catalogue's order."""
        return portraits(self._catalogue)

    @cached_property
    def _index(self) -> tuple[Floats, NDArray[np.intp]]:
        """All descriptors in one array, and where each thing's begin."""
        counts = [len(each.features.places) for each in self._portraits]
        together = np.concatenate([each.features.descriptors for each in self._portraits])
        return together, np.cumsum([0, *counts[:-1]])

    def _votes(self, query: Features) -> tuple[NDArray[np.intp], list[NDArray[np.intp]]]:
        """Return each query feature's nearest in the index, and for each thing the features that chose it."""
        descriptors, starts = self._index
        likeness = query.descriptors @ descriptors.T
        by_thing = np.maximum.reduceat(likeness, starts, axis=1)
        second, first = np.sort(by_thing, axis=1)[:, -2:].T
        clear = 1 - first < RATIO**2 * np.maximum(1 - second, 1e-6)
        winner = by_thing.argmax(axis=1)
        return likeness.argmax(axis=1), [np.flatnonzero(clear & (winner == i)) for i in range(len(starts))]

    def _score(
        self,
        picture: Pixels,
        query: Features,
        nearest: NDArray[np.intp],
        voters: NDArray[np.intp],
        thing: int,
    ) -> float:
        """Return how surely the query shows a thing: 0, or its agreement in places and colours."""
        if len(voters) < INLIERS:
            return 0
        portrait = self._portraits[thing]
        theirs = portrait.features.places[nearest[voters] - self._index[1][thing]]
        transform, inliers = cv2.estimateAffinePartial2D(
            theirs, query.places[voters], method=cv2.RANSAC, ransacReprojThreshold=TOLERANCE, maxIters=500
        )
        count = int(inliers.sum())
        if count < INLIERS:
            return 0
        explained = _explained(picture, portrait.colours, np.asarray(transform, np.float64))
        return 0 if explained < COLOURS else explained * (1 - 0.5 ** (count / INLIERS))


@cache
def image_matcher() -> ImageMatcher:
    """Return the comparison with the one catalogue, shared by all of a process."""
    return ImageMatcher(catalogue())


def _explained(picture: Pixels, colours: Floats, transform: NDArray[np.float64]) -> float:
    """Return the share of the query's variance that a portrait explains, once relit: at most 1."""
    to_query = transform @ np.diag([SIDE / GRID, SIDE / GRID, 1.0])
    soft = cv2.GaussianBlur(picture, (0, 0), 2).astype(np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(soft, to_query, (GRID, GRID), flags=flags, borderValue=OUTSIDE)
    inside = seen.min(axis=2) >= 0
    here, there = seen[inside].ravel(), colours[inside].ravel()
    unclipped = (here > 4) & (here < 251)
    if unclipped.sum() < GRID * GRID / 2:
        return 0
    gain, offset = np.polyfit(there[unclipped], here[unclipped], 1)
    relit = np.clip(gain * there + offset, 0, 255)
    return float(1 - np.square(here - relit).sum() / np.square(here - here.mean()).sum())


def _decoded(photo: bytes) -> Pixels:
    """Decode a photo, upright, RGB, at most QUERY_SIDE pixels."""
    with Image.open(BytesIO(photo)) as image:
        image.draft("RGB", (QUERY_SIDE * 2, QUERY_SIDE * 2))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((QUERY_SIDE, QUERY_SIDE))
    return np.asarray(upright)
