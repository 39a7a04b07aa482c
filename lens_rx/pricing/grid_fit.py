"""The posterior of a thing's worth given some prices, outliers among them: Bayes on a grid.

The worth, the spread of prices, the outliers, the mark-up of asking prices and the drift of the market
are unknown; each has a prior, and the posterior is summed on a grid: first a coarse one over the whole
range of the prices, then a fine one where the worth may lie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lens_rx.pricing.likelihood import (
    Columns,
    Hypotheses,
    Observation,
    inlier_probability,
    log_likelihood,
    normal,
)
from lens_rx.pricing.markup_prior import MarkupPrior
from lens_rx.pricing.outliers import Floats
from lens_rx.pricing.posterior import Posterior, Prior

#: Standard deviation of the market's drift in a year, as a logarithm. A larger one would give older sales
#: too little weight in a market that did not move.
_DRIFT_A_YEAR: Final = 0.02
#: The drifts that are summed over, each with its weight: a normal distribution by three points (Gauss, Hermite).
_DRIFTS: Final = (
    (-math.sqrt(3) * _DRIFT_A_YEAR, 1 / 6),
    (0.0, 2 / 3),
    (math.sqrt(3) * _DRIFT_A_YEAR, 1 / 6),
)
#: Drift is ignored where all sales lie within this many years.
_RECENT: Final = 0.05
_ROUGH_STEP, _FINE_STEPS = 0.06, 60
#: Smallest spread (logarithm) used to tell inliers from outliers.
_USUAL_SPREAD = 0.18
#: Hypotheses less likely than this share of the likeliest are dropped after the coarse pass, to save time.
_UNLIKELY = 1e-3
#: Logarithm of the least likelihood, relative to the greatest, that is told from others; less would be 0 as a float.
_LEAST_LOG = -700.0
#: Points of the distribution of a single sale.
_SALE_POINTS: Final = 301
#: The next sale lies further away than the fitted spread says, by a factor and a share of one over the number of
#: prices: the spread is fitted to the same prices as the worth, and their ends may pass for outliers.
_ONE_MORE: Final = (1.02, 0.3)

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Prices paid, prices asked, the prior where there is one, and the drifts of the market with their weights."""

    sold: Columns
    asking: Columns
    prior: Prior | None
    drifts: Sequence[tuple[float, float]] = ((0.0, 1.0),)

    @property
    def count(self) -> int:
        """The number of prices."""
        return self.sold.amounts.size + self.asking.amounts.size


@dataclass(frozen=True, slots=True)
class _Grid:
    """A grid of evenly spaced logarithms of the worth."""

    low: float
    step: float
    size: int

    def log_worths(self, extra: int = 0) -> Floats:
        """Return the points, and `extra` more of the same step."""
        return self.low + self.step * np.arange(self.size + extra, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _AskingLikelihood:
    """The likelihood of asking prices by hypothesis (rows) and worth (columns), and the mean mark-ups given both.

    It is relative to `tops`, the logarithms of the greatest of each hypothesis.
    """

    sums: Floats
    tops: Floats
    mean_markups: Floats

    def logarithm(self) -> Floats:
        """Return the log-likelihood."""
        return self.tops + np.log(self.sums)


@dataclass(frozen=True, slots=True)
class _GridFit:
    """The probability of each hypothesis (rows) at each point (columns), whose sum is 1; the mean of the mark-up."""

    hypotheses: Hypotheses
    grid: _Grid
    masses: Floats
    markup: float

    def worth(self) -> Posterior:
        """Return the distribution of the worth alone."""
        return Posterior(self.grid.log_worths(), self.masses.sum(axis=0))

    def likely_range(self) -> Range:
        """Return the range in which the worth lies."""
        low, high = self.worth().quantiles(0.0005, 0.9995)
        return low - _ROUGH_STEP, high + _ROUGH_STEP

    def likely_hypotheses(self) -> Hypotheses:
        """Return those that are not much less likely than the likeliest."""
        each = self.masses.sum(axis=1)
        return self.hypotheses.where(each > _UNLIKELY * each.max())


@dataclass(frozen=True, slots=True)
class RoughFit:
    """A first look at prices: where the worth lies, the spread, and each observation's probability to be an inlier."""

    likely_range: Range
    spread: float
    inlier_probabilities: tuple[float, ...]


def rough_fit(observations: Sequence[Observation]) -> RoughFit:
    """Return where the worth lies, on a coarse grid and in a market that does not drift."""
    found = _rough(_evidence(observations), _whole_range(observations, None))
    seen = _with_inliers(found, observations)
    return RoughFit(found.likely_range(), seen.spread, seen.inlier_probabilities)


def fit(
    observations: Sequence[Observation],
    prior: Prior | None = None,
    *,
    within: Range | None = None,
    with_sale: bool = True,
) -> Posterior:
    """Return the posterior given `observations` and `prior`, one of which is needed.

    `within` is the range of the logarithm of the worth where it is known already. Without `with_sale` it has no
    `single_sale`.
    """
    evidence = _evidence(observations, prior)
    if evidence.sold.amounts.size and evidence.sold.ages.max() > _RECENT:
        evidence = replace(evidence, drifts=_DRIFTS)
    rough = _rough(evidence, within or _whole_range(observations, prior))
    low, high = rough.likely_range()
    grid = _Grid(low, (high - low) / _FINE_STEPS, _FINE_STEPS + 1)
    fine = _fit_on(evidence, rough.likely_hypotheses(), grid)
    sale = _single_sale(fine, evidence.count) if with_sale else None
    return replace(_with_inliers(fine, observations), single_sale=sale)


def _evidence(observations: Sequence[Observation], prior: Prior | None = None) -> _Evidence:
    return _Evidence(
        Columns.of([it for it in observations if not it.asked]),
        Columns.of([it for it in observations if it.asked]),
        prior,
    )


def _whole_range(observations: Sequence[Observation], prior: Prior | None) -> Range:
    """Return the range of logarithms in which the worth may lie."""
    ends = [it.log_amount + far for it in observations for far in (-0.6, 0.5)]
    ends += [prior.centre + prior.log_sd * far for far in (-3.0, 3.0)] if prior else []
    return min(ends), max(ends)


def _rough(evidence: _Evidence, within: Range) -> _GridFit:
    low, high = within
    grid = _Grid(low, _ROUGH_STEP, math.ceil((high - low) / _ROUGH_STEP) + 1)
    return _fit_on(evidence, Hypotheses.all_combinations(), grid)


def _fit_on(evidence: _Evidence, hypotheses: Hypotheses, grid: _Grid) -> _GridFit:
    """Return the probability of each hypothesis at each point of a grid."""
    logs = hypotheses.log_priors[:, None] + np.zeros(grid.size)
    if evidence.sold.amounts.size:
        logs += _sold_log_likelihood(evidence, hypotheses, grid)
    asking = _asking_likelihood(evidence.asking, hypotheses, grid)
    if asking:
        logs += asking.logarithm()
    if evidence.prior:
        logs += evidence.prior.log_density(grid.log_worths())
    likelihoods = np.exp(logs - logs.max())
    masses: Floats = likelihoods / likelihoods.sum()
    markup = float((masses * asking.mean_markups).sum()) if asking else 0.0
    return _GridFit(hypotheses, grid, masses, markup)


def _sold_log_likelihood(evidence: _Evidence, hypotheses: Hypotheses, grid: _Grid) -> Floats:
    """Return the log-likelihood of prices paid, summed over the possible drifts of the market."""
    logs = [
        log_likelihood(evidence.sold, hypotheses, grid.log_worths(), drift) + math.log(weight)
        for drift, weight in evidence.drifts
    ]
    total: Floats = np.logaddexp.reduce(logs)
    return total


def _asking_likelihood(asked: Columns, hypotheses: Hypotheses, grid: _Grid) -> _AskingLikelihood | None:
    """Return the likelihood of asking prices, None where there are none."""
    if not asked.amounts.size:
        return None
    prior = MarkupPrior.of(grid.step)
    marked_up = replace(grid, low=grid.low + prior.markups[0])
    logs = log_likelihood(asked, hypotheses, marked_up.log_worths(prior.reach))
    tops = logs.max(axis=1, keepdims=True)
    likelihoods = np.exp(np.maximum(logs - tops, _LEAST_LOG))
    sums = likelihoods @ prior.matrix(grid.size, prior.weights)
    means = likelihoods @ prior.matrix(grid.size, prior.weights * prior.markups) / sums
    return _AskingLikelihood(sums, tops, means)


def _with_inliers(found: _GridFit, observations: Sequence[Observation]) -> Posterior:
    """Return the posterior of the worth, with the spread and the inlier probability of each observation."""
    posterior, each = found.worth(), found.masses.sum(axis=1)
    spread = max(float(each @ found.hypotheses.spreads), _USUAL_SPREAD)
    share = float(each @ found.hypotheses.shares)
    observed = Columns.of(observations)
    # asking prices are compared with the worth plus their mark-up
    as_paid = replace(observed, amounts=observed.amounts - [found.markup * it.asked for it in observations])
    inliers = inlier_probability(as_paid, posterior.quantile(0.5), spread, share)
    return replace(posterior, spread=spread, inlier_probabilities=tuple(inliers.tolist()))


def _single_sale(found: _GridFit, count: int) -> Posterior:
    """Return the distribution of one more price paid: the worth, and around it a little more than the spread of prices."""
    factor = _ONE_MORE[0] + _ONE_MORE[1] / max(count, 1)
    worths, spreads = found.grid.log_worths(), found.hypotheses.distinct_spreads
    reach = 3 * factor * float(spreads[-1])
    points = np.linspace(worths[0] - reach, worths[-1] + reach, _SALE_POINTS)
    density = np.zeros(_SALE_POINTS)
    for spread in spreads:
        likely = found.masses[found.hypotheses.spreads == spread].sum(axis=0)
        density += normal(points[:, None] - worths, factor * spread) @ likely
    return Posterior(points, density / density.sum())
