"""The posterior distribution of a thing's worth: masses on a grid of logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lens_rx.pricing.outliers import Floats

#: A normal distribution approximated by five points: (value, weight).
_NORMAL: Final = ((-2.0, 0.054), (-1.0, 0.244), (0.0, 0.404), (1.0, 0.244), (2.0, 0.054))


@dataclass(frozen=True, slots=True)
class Prior:
    """The prior of the logarithm of the worth: a normal distribution around `centre`."""

    centre: float
    log_sd: float

    def log_density(self, points: Floats) -> Floats:
        """Return the logarithm of the density at each point, relative to that at the centre."""
        return -0.5 * ((points - self.centre) / self.log_sd) ** 2


@dataclass(frozen=True, slots=True)
class Posterior:
    """The distribution of the logarithm of the worth: masses (they sum to 1) on evenly spaced points.

    `inlier_probabilities` are those of the observations to be of the thing itself, in their order; `single_sale`
    is the distribution of the next price paid.
    """

    points: Floats
    masses: Floats
    inlier_probabilities: tuple[float, ...] = ()
    single_sale: Posterior | None = None
    spread: float = 0.0

    def quantile(self, share: float) -> float:
        """Return the point below which `share` (0..1) of the mass lies."""
        return self.quantiles(share)[0]

    def quantiles(self, *shares: float) -> list[float]:
        """Return the points below which these shares (0..1) of the mass lie."""
        edges, below = self._cumulated()
        points: list[float] = np.interp(shares, below, edges).tolist()
        return points

    def between(self, low: float, high: float) -> float:
        """Return the mass between two points."""
        edges, below = self._cumulated()
        return float(np.interp(high, edges, below) - np.interp(low, edges, below))

    def mixed(self, shifts: Sequence[tuple[float, float]]) -> Posterior:
        """Return the mixture of this distribution at several shifts, each with its probability."""
        sale = self.single_sale.mixed(shifts) if self.single_sale else None
        if len(shifts) == 1:
            return replace(self, points=self.points + shifts[0][0], single_sale=sale)
        step = float(self.points[1] - self.points[0])
        low, high = min(at for at, _ in shifts), max(at for at, _ in shifts)
        size = self.points.size + math.ceil((high - low) / step)
        points = self.points[0] + low + step * np.arange(size)
        masses = np.zeros(points.size)
        for at, probability in shifts:
            shifted = np.interp(points - at, self.points, self.masses, left=0.0, right=0.0)
            masses += probability * shifted / shifted.sum()
        return replace(self, points=points, masses=masses, single_sale=sale)

    def widened(self, log_sd: float) -> Posterior:
        """Return the distribution blurred by an uncertainty that all observations share."""
        return self.mixed([(place * log_sd, weight) for place, weight in _NORMAL]) if log_sd else self

    def _cumulated(self) -> tuple[Floats, Floats]:
        """Return the edges of the points' cells, and the mass below each."""
        half = (self.points[1] - self.points[0]) / 2
        edges = np.append(self.points - half, self.points[-1] + half)
        return edges, np.minimum(np.append(0.0, np.cumsum(self.masses)), 1.0)
