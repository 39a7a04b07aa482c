"""The price distribution of offers that are not the thing itself, relative to the thing's worth."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Price ranges by kind of outlier, as ratios to the worth: bundles; parts, accessories, replicas; other models.
_RATIO_RANGES: Final = ((2.0, 5.0), (0.05, 0.3), (0.5, 2.0))
#: Shares of the kinds among the outliers of one search: all kinds equally, or one kind alone.
MIXES: Final = ((1 / 3, 1 / 3, 1 / 3), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
#: Density of prices at any ratio, by mistake of a seller or a parser.
_UNIFORM_DENSITY = 0.01
#: Standard deviation (logarithm) by which the edges of the ranges are blurred.
_BLUR = 0.2
_STEP, _REACH = 0.01, 4.0


@lru_cache(maxsize=1)
def _tables() -> Floats:
    """Return a row for each of `MIXES`: the density of outliers by distance from the worth (logarithm)."""
    distances = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    offsets = np.arange(-3 * _BLUR, 3 * _BLUR + _STEP / 2, _STEP)
    kernel = np.exp(-0.5 * (offsets / _BLUR) ** 2)
    blurred = [
        np.convolve(_range_density(distances, *limits), kernel / kernel.sum(), mode="same")
        for limits in _RATIO_RANGES
    ]
    densities: Floats = _UNIFORM_DENSITY + np.array(MIXES) @ np.array(blurred)
    return densities


def _range_density(distances: Floats, low: float, high: float) -> Floats:
    """Return the density of ratios from `low` to `high`: half uniform in the ratio, half in its logarithm."""
    ratios: Floats = np.exp(distances)
    inside = 0.5 / math.log(high / low) + 0.5 * ratios / (high - low)
    return np.where((ratios >= low) & (ratios <= high), inside, 0.0)


def outlier_density(distances: Floats) -> Floats:
    """Return the density of outliers at distances from the worth (logarithms), for each of `MIXES` along axis 0."""
    tables = _tables()
    at = np.rint((np.clip(distances, -_REACH, _REACH) + _REACH) / _STEP).astype(np.intp)
    return tables[:, at]
