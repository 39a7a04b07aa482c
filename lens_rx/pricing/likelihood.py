"""How likely prices are under a worth: a mixture of the thing itself and of strangers.

The thing's own prices are spread normally around the logarithm of its worth; strangers lie where
`strangers` says. Source: Hogg, Bovy, Lang (2010), "Data analysis recipes: Fitting a model to data",
section 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from lens_rx.pricing.outliers import Floats, outlier_density

#: Spread of a thing's own prices (logarithm), with how often it is met: any size alike, from a tenth to
#: four tenths, and some beyond, so that neither a tight nor a torn market is taken for a usual one.
_SPREADS: Final = (
    (0.05, 0.6),
    (0.075, 0.9),
    (0.11, 1.0),
    (0.16, 1.0),
    (0.24, 1.0),
    (0.36, 1.0),
    (0.52, 0.6),
)
#: Share of strangers and which of `MIXES` they are, with how often that is met: of all kinds alike with any
#: share, often with hardly one; or many of one kind.
_STRANGERS: Final = (
    (0.02, 0, 1.5),
    (0.12, 0, 1.0),
    (0.25, 0, 0.8),
    (0.4, 0, 0.8),
    (0.3, 1, 0.25),
    (0.3, 2, 0.25),
    (0.3, 3, 0.25),
)
#: So many densities are multiplied before the logarithm is taken; more would leave the range of a float.
_CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class Observation:
    """One price: the logarithm of its amount, its own doubt (added to the spread), and how it came about.

    `suspicion` is the factor on the odds that it is a stranger, 1 for an average offer; `age` is how
    many years ago it was paid, against the newest.
    """

    log_amount: float
    doubt: float = 0.0
    asked: bool = True
    suspicion: float = 1.0
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Observations, a column for each of their numbers."""

    amounts: Floats
    doubts: Floats
    suspicions: Floats
    ages: Floats

    @classmethod
    def of(cls, seen: Sequence[Observation]) -> Self:
        """Return the columns of `seen`, which may be empty."""
        rows = [(one.log_amount, one.doubt, one.suspicion, one.age) for one in seen]
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, 4).T)


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What may be behind the prices, in parallel: a spread, a share of strangers, one of `MIXES`, its log-prior."""

    spreads: Floats
    shares: Floats
    mixes: NDArray[np.intp]
    log_priors: Floats

    @classmethod
    def every(cls) -> Self:
        """Return all combinations of spread and strangers."""
        rows = [
            (spread, share, mix, math.log(often * also))
            for (spread, often), (share, mix, also) in product(_SPREADS, _STRANGERS)
        ]
        spreads, shares, mixes, log_priors = zip(*rows, strict=True)
        return cls(np.array(spreads), np.array(shares), np.array(mixes), np.array(log_priors))

    def where(self, kept: NDArray[np.bool_]) -> Hypotheses:
        """Return those that `kept` marks."""
        return Hypotheses(self.spreads[kept], self.shares[kept], self.mixes[kept], self.log_priors[kept])


def log_likelihood(seen: Columns, what: Hypotheses, points: Floats, drift: float = 0.0) -> Floats:
    """Return the log-likelihood of `seen` for each hypothesis (rows) at each logarithm of the worth (columns).

    `drift` is by how much what was paid a year ago lies above today's prices, as a logarithm.
    """
    distances = (seen.amounts - drift * seen.ages)[:, None] - points
    spreads, which = np.unique(what.spreads, return_inverse=True)
    odds = (what.shares / (1 - what.shares))[:, None] * seen.suspicions
    # in place: these are the largest arrays, hypotheses by prices by points
    mixed = outlier_density(distances)[what.mixes]
    mixed *= odds[:, :, None]
    mixed += normal(distances, np.hypot(spreads[:, None], seen.doubts)[:, :, None])[which]
    chunks = np.multiply.reduceat(mixed, np.arange(0, len(seen.amounts), _CHUNK), axis=1)
    logs: Floats = np.log(chunks).sum(axis=1) - np.log1p(odds).sum(axis=1)[:, None]
    return logs


def normal(distances: Floats, scales: Floats) -> Floats:
    """Return the density of the normal distribution at distances from its middle."""
    return np.exp(-0.5 * (distances / scales) ** 2) / (scales * math.sqrt(2 * math.pi))


def inlier_probability(seen: Columns, worth: float, spread: float, share: float) -> Floats:
    """Return how likely each observation is the thing itself, under one worth, spread and share of strangers."""
    distances = seen.amounts - worth
    # however far a price lies, it is not ruled out
    own = normal(distances, np.hypot(spread, seen.doubts)) + np.finfo(np.float64).tiny
    strangers: Floats = share / (1 - share) * seen.suspicions * outlier_density(distances)[0]
    return own / (own + strangers)
