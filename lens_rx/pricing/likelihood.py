"""The likelihood of prices given a worth: a mixture of the thing itself (inliers) and of outliers.

The logarithms of inlier prices are normally distributed around the logarithm of the worth; `outliers`
gives the distribution of the others. Source: Hogg, Bovy, Lang (2010), "Data analysis recipes: Fitting a model to data",
section 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from lens_rx.facts import Condition
from lens_rx.pricing.outliers import Floats, outlier_density

#: Standard deviations of inlier prices (logarithm) with their prior weights: even from 0.1 to 0.4, lower
#: outside, so that neither a very narrow nor a very wide market is ruled out.
_SPREADS: Final = (
    (0.05, 0.6),
    (0.075, 0.9),
    (0.11, 1.0),
    (0.16, 1.0),
    (0.24, 1.0),
    (0.36, 1.0),
    (0.52, 0.6),
)
#: Share of outliers, index into `MIXES`, and prior weight: any share of a mix of all kinds (a small share
#: is the most common), or many outliers of one kind.
_OUTLIERS: Final = (
    (0.02, 0, 1.5),
    (0.12, 0, 1.0),
    (0.25, 0, 0.8),
    (0.4, 0, 0.8),
    (0.3, 1, 0.25),
    (0.3, 2, 0.25),
    (0.3, 3, 0.25),
)
#: Densities multiplied before taking the logarithm; more would underflow a float.
_CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class Observation:
    """One price: the logarithm of its amount, its own standard deviation (added to the spread), asked or paid.

    `outlier_odds` is a factor on the odds that it is an outlier, 1 for an average offer, 0 where it is the thing for
    sure; `age` is in years, relative to the newest sale. `own_log_sd` is the part of `log_sd` that offers of one `condition` do not
    share. Offers of one `group` ("size L") deviate together, by a standard deviation of `group_log_sd`.
    """

    log_amount: float
    log_sd: float = 0.0
    asked: bool = True
    outlier_odds: float = 1.0
    age: float = 0.0
    condition: Condition = Condition.USED
    own_log_sd: float = 0.0
    group: str = ""
    group_log_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Observations as arrays, one for each field."""

    amounts: Floats
    log_sds: Floats
    outlier_odds: Floats
    ages: Floats

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Self:
        """Return the columns of `observations`, which may be empty."""
        rows = [(it.log_amount, it.log_sd, it.outlier_odds, it.age) for it in observations]
        return cls(*np.array(rows, dtype=np.float64).reshape(-1, 4).T)

    def where(self, mask: NDArray[np.bool_]) -> Columns:
        """Return the observations for which `mask` is true."""
        return Columns(self.amounts[mask], self.log_sds[mask], self.outlier_odds[mask], self.ages[mask])


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """Hypotheses as parallel arrays: spread, share of outliers, index into `MIXES`, log-prior.

    `distinct_spreads` has each spread once, `which_spread` the index of each hypothesis' spread in it.
    """

    spreads: Floats
    shares: Floats
    mixes: NDArray[np.intp]
    log_priors: Floats
    distinct_spreads: Floats
    which_spread: NDArray[np.intp]

    @classmethod
    def of(cls, spreads: Floats, shares: Floats, mixes: NDArray[np.intp], log_priors: Floats) -> Self:
        """Return the hypotheses of these arrays."""
        return cls(spreads, shares, mixes, log_priors, *np.unique(spreads, return_inverse=True))

    @classmethod
    @cache
    def all_combinations(cls) -> Self:
        """Return all combinations of spread and outliers."""
        rows = [
            (spread, share, mix, math.log(weight * mix_weight))
            for (spread, weight), (share, mix, mix_weight) in product(_SPREADS, _OUTLIERS)
        ]
        spreads, shares, mixes, log_priors = zip(*rows, strict=True)
        return cls.of(np.array(spreads), np.array(shares), np.array(mixes), np.array(log_priors))

    def where(self, mask: NDArray[np.bool_]) -> Hypotheses:
        """Return the hypotheses for which `mask` is true."""
        return Hypotheses.of(self.spreads[mask], self.shares[mask], self.mixes[mask], self.log_priors[mask])


def log_likelihood(
    observed: Columns, hypotheses: Hypotheses, log_worths: Floats, drift: float = 0.0
) -> Floats:
    """Return the log-likelihood of `observed`: a row for each hypothesis, a column for each logarithm of the worth.

    `drift` is by how much prices paid a year ago lie above today's, as a logarithm.
    """
    certain = observed.outlier_odds == 0
    if not certain.any():
        return _mixed_log_likelihood(observed, hypotheses, log_worths, drift)
    logs = _inlier_log_likelihood(observed.where(certain), hypotheses, log_worths, drift)
    if not certain.all():
        logs += _mixed_log_likelihood(observed.where(~certain), hypotheses, log_worths, drift)
    return logs


def _inlier_log_likelihood(
    observed: Columns, hypotheses: Hypotheses, log_worths: Floats, drift: float
) -> Floats:
    """Return the log-likelihood of prices that are no outliers, however far they lie from the others."""
    distances = (observed.amounts - drift * observed.ages)[:, None] - log_worths
    spreads, which = hypotheses.distinct_spreads, hypotheses.which_spread
    scales = np.hypot(spreads[:, None], observed.log_sds)[:, :, None]
    logs: Floats = (-0.5 * (distances / scales) ** 2 - np.log(scales * math.sqrt(2 * math.pi))).sum(axis=1)
    return logs[which]


def _mixed_log_likelihood(
    observed: Columns, hypotheses: Hypotheses, log_worths: Floats, drift: float
) -> Floats:
    """Return the log-likelihood of prices each of which may be an outlier."""
    distances = (observed.amounts - drift * observed.ages)[:, None] - log_worths
    spreads, which = hypotheses.distinct_spreads, hypotheses.which_spread
    odds = (hypotheses.shares / (1 - hypotheses.shares))[:, None] * observed.outlier_odds
    # in place: these are the largest arrays, hypotheses by prices by points
    mixed = outlier_density(distances)[hypotheses.mixes]
    mixed *= odds[:, :, None]
    mixed += normal(distances, np.hypot(spreads[:, None], observed.log_sds)[:, :, None])[which]
    chunks = np.multiply.reduceat(mixed, np.arange(0, len(observed.amounts), _CHUNK), axis=1)
    logs: Floats = np.log(chunks).sum(axis=1) - np.log1p(odds).sum(axis=1)[:, None]
    return logs


def normal(distances: Floats, scales: Floats | float) -> Floats:
    """Return the density of the normal distribution at distances from its mean."""
    return np.exp(-0.5 * (distances / scales) ** 2) / (scales * math.sqrt(2 * math.pi))


def inlier_probability(observed: Columns, worth: float, spread: float, share: float) -> Floats:
    """Return the probability of each observation to be an inlier, given one worth, spread and share of outliers."""
    distances = observed.amounts - worth
    # no price has probability 0, however far away it lies
    inliers = normal(distances, np.hypot(spread, observed.log_sds)) + np.finfo(np.float64).tiny
    outliers: Floats = share / (1 - share) * observed.outlier_odds * outlier_density(distances)[0]
    return inliers / (inliers + outliers)
