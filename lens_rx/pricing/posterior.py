"""The posterior distribution of a thing's worth given some prices, outliers among them: Bayes on a grid.

The worth, the spread of prices, the outliers, the mark-up of asking prices and the drift of the market
are unknown; each has a prior, and the posterior is summed on a grid: first a coarse one over the whole
range of the prices, then a fine it where the worth may lie.
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

#: Standard deviation of the market's drift in a year, as a logarithm. A larger it would give older sales
#: too little weight in a market that did not move.
_DRIFT_A_YEAR: Final = 0.02
#: A normal distribution approximated by five points: (value, weight).
_NORMAL: Final = ((-2.0, 0.054), (-1.0, 0.244), (0.0, 0.404), (1.0, 0.244), (2.0, 0.054))
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
        edges, below = self._cumulated()
        return float(np.interp(share, below, edges))

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


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Prices paid, prices asked, and the prior where there is it."""

    sold: Columns
    asking: Columns
    prior: Prior | None


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


def fit(
    observations: Sequence[Observation], prior: Prior | None = None, *, with_sale: bool = True
) -> Posterior:
    """Return the posterior given `observations` and `prior`, one of which is needed.

    Without `with_sale` it has no `single_sale`.
    """
    evidence = _Evidence(
        Columns.of([it for it in observations if not it.asked]),
        Columns.of([it for it in observations if it.asked]),
        prior,
    )
    hypotheses = Hypotheses.all_combinations()
    low, high = _grid_range(observations, prior)
    grid = _Grid(low, _ROUGH_STEP, math.ceil((high - low) / _ROUGH_STEP) + 1)
    likely = _masses(evidence, hypotheses, grid, _asking_likelihood(evidence.asking, hypotheses, grid))
    rough = Posterior(grid.log_worths(), likely.sum(axis=0))
    kept = hypotheses.where(likely.sum(axis=1) > _UNLIKELY * likely.sum(axis=1).max())
    low, high = rough.quantile(0.0005) - _ROUGH_STEP, rough.quantile(0.9995) + _ROUGH_STEP
    grid = _Grid(low, (high - low) / _FINE_STEPS, _FINE_STEPS + 1)
    asking = _asking_likelihood(evidence.asking, kept, grid)
    masses = _masses(evidence, kept, grid, asking)
    markup = float((masses * asking.mean_markups).sum()) if asking else 0.0
    posterior = _posterior(observations, kept, grid, masses, markup)
    if not with_sale:
        return posterior
    factor = _ONE_MORE[0] + _ONE_MORE[1] / max(len(observations), 1)
    return replace(posterior, single_sale=_single_sale(kept, grid, masses, factor))


def _grid_range(observations: Sequence[Observation], prior: Prior | None) -> tuple[float, float]:
    """Return the range of logarithms in which the worth may lie."""
    ends = [it.log_amount + far for it in observations for far in (-0.6, 0.5)]
    ends += [prior.centre + prior.log_sd * far for far in (-3.0, 3.0)] if prior else []
    return min(ends), max(ends)


def _masses(
    evidence: _Evidence, hypotheses: Hypotheses, grid: _Grid, asking: _AskingLikelihood | None
) -> Floats:
    """Return the probability of each hypothesis (rows) at each point (columns); the sum is 1."""
    logs = hypotheses.log_priors[:, None] + np.zeros(grid.size)
    if evidence.sold.amounts.size:
        logs += _sold_log_likelihood(evidence.sold, hypotheses, grid)
    if asking:
        logs += asking.logarithm()
    if evidence.prior:
        logs += evidence.prior.log_density(grid.log_worths())
    likelihoods = np.exp(logs - logs.max())
    masses: Floats = likelihoods / likelihoods.sum()
    return masses


def _sold_log_likelihood(sold: Columns, hypotheses: Hypotheses, grid: _Grid) -> Floats:
    """Return the log-likelihood of prices paid, summed over the possible drifts of the market."""
    drifts = _NORMAL if sold.ages.max() > _RECENT else ((0.0, 1.0),)
    logs = [
        log_likelihood(sold, hypotheses, grid.log_worths(), place * _DRIFT_A_YEAR) + math.log(weight)
        for place, weight in drifts
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


def _posterior(
    observations: Sequence[Observation], hypotheses: Hypotheses, grid: _Grid, masses: Floats, markup: float
) -> Posterior:
    """Return the posterior of the worth, and the inlier probability of each observation, given the mean mark-up."""
    posterior = Posterior(grid.log_worths(), masses.sum(axis=0))
    each = masses.sum(axis=1)
    spread, share = max(float(each @ hypotheses.spreads), _USUAL_SPREAD), float(each @ hypotheses.shares)
    observed = Columns.of(observations)
    # asking prices are compared with the worth plus their mark-up
    as_paid = replace(observed, amounts=observed.amounts - [markup * it.asked for it in observations])
    inliers = inlier_probability(as_paid, posterior.quantile(0.5), spread, share)
    return replace(posterior, spread=spread, inlier_probabilities=tuple(inliers.tolist()))


def _single_sale(hypotheses: Hypotheses, grid: _Grid, masses: Floats, factor: float) -> Posterior:
    """Return the distribution of one more price paid: the worth, and around it `factor` times the spread of prices."""
    worths, spreads = grid.log_worths(), np.unique(hypotheses.spreads)
    reach = 3 * factor * float(spreads[-1])
    points = np.linspace(worths[0] - reach, worths[-1] + reach, _SALE_POINTS)
    density = np.zeros(_SALE_POINTS)
    for spread in spreads:
        likely = masses[hypotheses.spreads == spread].sum(axis=0)
        density += normal(points[:, None] - worths, factor * spread) @ likely
    return Posterior(points, density / density.sum())
