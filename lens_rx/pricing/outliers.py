"""Where offers lie that are not the thing itself, against what the thing is worth."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The kinds of stranger, as ratios to the worth: bundles; parts, accessories and replicas; other models.
_PLACES: Final = ((2.0, 5.0), (0.05, 0.3), (0.5, 2.0))
#: How the strangers of one search may be made up: of all kinds alike, or of one alone.
MIXES: Final = ((1 / 3, 1 / 3, 1 / 3), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
#: Density of what lies anywhere, by mistake of a seller or a reader.
_ANYWHERE = 0.01
#: Strangers' own prices are spread as well: the edges of the places are blurred by this (logarithm).
_BLUR = 0.2
_STEP, _REACH = 0.01, 4.0


@lru_cache(maxsize=1)
def _tables() -> Floats:
    """Return, for each of `MIXES`, the density of strangers by distance from the worth (a row each)."""
    distances = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    offsets = np.arange(-3 * _BLUR, 3 * _BLUR + _STEP / 2, _STEP)
    kernel = np.exp(-0.5 * (offsets / _BLUR) ** 2)
    blurred = [np.convolve(_even(distances, *place), kernel / kernel.sum(), mode="same") for place in _PLACES]
    densities: Floats = _ANYWHERE + np.array(MIXES) @ np.array(blurred)
    return densities


def _even(distances: Floats, low: float, high: float) -> Floats:
    """Return the density of ratios from `low` to `high`, as even in half of the cases, even in the logarithm in half."""
    ratios: Floats = np.exp(distances)
    inside = 0.5 / math.log(high / low) + 0.5 * ratios / (high - low)
    return np.where((ratios >= low) & (ratios <= high), inside, 0.0)


def outlier_density(distances: Floats) -> Floats:
    """Return the density of strangers at distances from the worth (logarithms), for each of `MIXES` along axis 0."""
    tables = _tables()
    at = np.rint((np.clip(distances, -_REACH, _REACH) + _REACH) / _STEP).astype(np.intp)
    return tables[:, at]
