"""Find the thing that a photo shows: SIFT features vote for candidates, geometry and colours confirm one.

A photo of the same picture, cropped, rotated, relit or recompressed, keeps most features in place up to one
similarity transform, and its colours up to brightness and contrast; other photos do not. Synchronous, about 0.1 s
of CPU a photo: call it from a thread.
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
from lens_rx.sandbox.image_index import (
    COLOUR_GRID,
    INDEX_SIDE,
    Features,
    Floats,
    Pixels,
    ThingImage,
    build_index,
    extract_features,
)

QUERY_SIDE: Final = 480
DISTANCE_RATIO: Final = 0.86  # of the distance to the second nearest thing, below which a feature votes
MAX_CANDIDATES: Final = 3  # things whose geometry is verified
MIN_INLIERS: Final = 12  # the least measured for a true match was 20
MIN_EXPLAINED_VARIANCE: Final = 0.75  # measured: 0.80 and more for the same thing, at most 0.73 for others
REPROJECTION_PIXELS: Final = 6.0  # pixels at QUERY_SIDE
OUTSIDE_VALUE: Final = (-999.0, -999.0, -999.0)  # marks cells outside the query


class ImageMatcher:
    """Compares photos with the image index, which is built at the first call or by `warm()`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = Lock()

    def warm(self) -> None:
        """Build the index unless it is there; takes some seconds the first time on a machine."""
        with self._lock:
            _ = self._descriptor_table

    def find(self, photo: bytes) -> list[tuple[str, float]]:
        """Return the ids of the things that the photo shows, best first, each with a score of 0..1.

        Empty where it shows nothing of the catalogue. Raises `OSError` for an unreadable image.
        """
        picture = _decode(photo)
        self.warm()
        query = extract_features(picture)
        if len(query.points) < MIN_INLIERS:
            return []
        nearest, votes = self._vote(query)
        candidates = sorted(range(len(votes)), key=lambda i: -len(votes[i]))[:MAX_CANDIDATES]
        scores = [(self._id(i), self._score(picture, query, nearest, votes[i], i)) for i in candidates]
        return sorted((pair for pair in scores if pair[1] > 0), key=lambda pair: -pair[1])

    def _id(self, index: int) -> str:
        return self._catalogue.things[index].id

    @cached_property
    def _images(self) -> list[ThingImage]:
        """The index of all things, in the catalogue's order."""
        return build_index(self._catalogue)

    @cached_property
    def _descriptor_table(self) -> tuple[Floats, NDArray[np.intp]]:
        """All descriptors in one array, and the start of each thing's part."""
        counts = [len(each.features.points) for each in self._images]
        together = np.concatenate([each.features.descriptors for each in self._images])
        return together, np.cumsum([0, *counts[:-1]])

    def _vote(self, query: Features) -> tuple[NDArray[np.intp], list[NDArray[np.intp]]]:
        """Return the nearest indexed feature of each query feature, and for each thing the features that voted for it."""
        descriptors, starts = self._descriptor_table
        likeness = query.descriptors @ descriptors.T
        by_thing = np.maximum.reduceat(likeness, starts, axis=1)
        second, first = np.sort(by_thing, axis=1)[:, -2:].T
        clear = 1 - first < DISTANCE_RATIO**2 * np.maximum(1 - second, 1e-6)
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
        """Return a score of 0..1 for the agreement with a thing in geometry and colours; 0 for no match."""
        if len(voters) < MIN_INLIERS:
            return 0
        portrait = self._images[thing]
        theirs = portrait.features.points[nearest[voters] - self._descriptor_table[1][thing]]
        transform, inliers = cv2.estimateAffinePartial2D(
            theirs,
            query.points[voters],
            method=cv2.RANSAC,
            ransacReprojThreshold=REPROJECTION_PIXELS,
            maxIters=500,
        )
        count = int(inliers.sum())
        if count < MIN_INLIERS:
            return 0
        explained = _explained_variance(picture, portrait.colours, np.asarray(transform, np.float64))
        return 0 if explained < MIN_EXPLAINED_VARIANCE else explained * (1 - 0.5 ** (count / MIN_INLIERS))


@cache
def image_matcher() -> ImageMatcher:
    """Return the process-wide matcher of the catalogue."""
    return ImageMatcher(catalogue())


def _explained_variance(picture: Pixels, colours: Floats, transform: NDArray[np.float64]) -> float:
    """Return the share of the query's colour variance that a thing's colours explain, up to light: at most 1."""
    to_query = transform @ np.diag([INDEX_SIDE / COLOUR_GRID, INDEX_SIDE / COLOUR_GRID, 1.0])
    soft = cv2.GaussianBlur(picture, (0, 0), 2).astype(np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(soft, to_query, (COLOUR_GRID, COLOUR_GRID), flags=flags, borderValue=OUTSIDE_VALUE)
    inside = seen.min(axis=2) >= 0
    here, there = seen[inside].ravel(), colours[inside].ravel()
    unclipped = (here > 4) & (here < 251)
    if unclipped.sum() < COLOUR_GRID * COLOUR_GRID / 2:
        return 0
    gain, offset = np.polyfit(there[unclipped], here[unclipped], 1)
    relit = np.clip(gain * there + offset, 0, 255)
    return float(1 - np.square(here - relit).sum() / np.square(here - here.mean()).sum())


def _decode(photo: bytes) -> Pixels:
    """Decode a photo to upright RGB of at most QUERY_SIDE pixels."""
    with Image.open(BytesIO(photo)) as image:
        image.draft("RGB", (QUERY_SIDE * 2, QUERY_SIDE * 2))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((QUERY_SIDE, QUERY_SIDE))
    return np.asarray(upright)
