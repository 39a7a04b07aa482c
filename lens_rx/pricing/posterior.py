"""What a handful of prices, some of strangers, say about the price of one thing: Bayes on a grid.

The worth, the spread of prices, the strangers, the mark-up of asking prices and the drift of the market
are all unknown; each has a prior, and what the prices make of them is summed on a grid, first roughly
over all of the prices' reach, then finely where the worth may lie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lens_rx.pricing.likelihood import Columns, Hypotheses, Observation, inlier_probability, log_likelihood
from lens_rx.pricing.outliers import Floats

#: Mark-up of asking over sold as a logarithm: anything from 10 to 25 % alike, hardly less or more.
_MARKUP: Final = (math.log(1.1), math.log(1.25))
_MARKUP_BLUR: Final = 0.01
#: What the market as a whole does in a year, as a logarithm: unknown in direction, this in size. More would
#: give up too much of what older sales tell where the market stood still.
_DRIFT_A_YEAR: Final = 0.02
#: A normal distribution by five points: places, and their weights.
_DRIFTS: Final = ((-2.0, 0.054), (-1.0, 0.244), (0.0, 0.404), (1.0, 0.244), (2.0, 0.054))
#: Sales that lie within so many years of each other tell nothing of drift.
_RECENT: Final = 0.05
_ROUGH_STEP, _FINE_STEPS = 0.06, 60
#: Nobody is taken for a stranger by less than what this spread (logarithm) makes likely.
_USUAL_SPREAD = 0.18
#: Hypotheses so much less likely than the likeliest are given up after the rough pass, to save time.
_UNLIKELY = 1e-3


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of the logarithm of the worth before any offer: normally around `centre`."""

    centre: float
    doubt: float

    def log_density(self, points: Floats) -> Floats:
        """Return the logarithm of the belief in each point, against that in the centre."""
        return -0.5 * ((points - self.centre) / self.doubt) ** 2


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of the logarithm of the worth: masses (they sum to 1) on evenly spaced points.

    `belongs` says of each observation how likely it is the thing itself.
    """

    points: Floats
    masses: Floats
    belongs: tuple[float, ...] = ()

    def quantile(self, share: float) -> float:
        """Return the point below which `share` (0..1) of the mass lies."""
        edges, below = self._cumulated()
        return float(np.interp(share, below, edges))

    def between(self, low: float, high: float) -> float:
        """Return the mass between two points."""
        edges, below = self._cumulated()
        return float(np.interp(high, edges, below) - np.interp(low, edges, below))

    def _cumulated(self) -> tuple[Floats, Floats]:
        """Return the edges of the points' cells, and the mass below each."""
        half = (self.points[1] - self.points[0]) / 2
        edges = np.append(self.points - half, self.points[-1] + half)
        return edges, np.minimum(np.append(0.0, np.cumsum(self.masses)), 1.0)


@dataclass(frozen=True, slots=True)
class _Question:
    """All that is known: what was paid, what is asked, and what was believed before."""

    sold: Columns
    asked: Columns
    prior: Prior | None


@dataclass(frozen=True, slots=True)
class _Points:
    """Evenly spaced logarithms of the worth."""

    low: float
    step: float
    size: int

    def values(self, further: int = 0) -> Floats:
        """Return the points, and so many more of the same step."""
        return self.low + self.step * np.arange(self.size + further, dtype=np.float64)


def fit(seen: Sequence[Observation], prior: Prior | None = None) -> Posterior:
    """Return what `seen` says of the worth, and what was believed of it before; one of both is needed."""
    known = _Question(
        Columns.of([one for one in seen if not one.asked]),
        Columns.of([one for one in seen if one.asked]),
        prior,
    )
    every = Hypotheses.every()
    low, high = _reach(seen, prior)
    points = _Points(low, _ROUGH_STEP, math.ceil((high - low) / _ROUGH_STEP) + 1)
    likely = _masses(known, every, points)
    rough = Posterior(points.values(), likely.sum(axis=0))
    kept = every.where(likely.sum(axis=1) > _UNLIKELY * likely.sum(axis=1).max())
    low, high = rough.quantile(0.0005) - _ROUGH_STEP, rough.quantile(0.9995) + _ROUGH_STEP
    points = _Points(low, (high - low) / _FINE_STEPS, _FINE_STEPS + 1)
    return _told(seen, kept, points, _masses(known, kept, points))


def _reach(seen: Sequence[Observation], prior: Prior | None) -> tuple[float, float]:
    """Return between which points the worth is looked for."""
    ends = [one.log_amount + far for one in seen for far in (-0.6, 0.5)]
    ends += [prior.centre + prior.doubt * far for far in (-3.0, 3.0)] if prior else []
    return min(ends), max(ends)


def _masses(known: _Question, what: Hypotheses, points: _Points) -> Floats:
    """Return the mass of each hypothesis (rows) at each point (columns); all sum to 1."""
    logs = what.log_priors[:, None] + np.zeros(points.size)
    if known.sold.amounts.size:
        logs += _of_sold(known.sold, what, points)
    if known.asked.amounts.size:
        logs += _of_asked(known.asked, what, points)
    if known.prior:
        logs += known.prior.log_density(points.values())
    likelihoods = np.exp(logs - logs.max())
    masses: Floats = likelihoods / likelihoods.sum()
    return masses


def _of_sold(sold: Columns, what: Hypotheses, points: _Points) -> Floats:
    """Return the log-likelihood of what was paid, over all that the market may have done since."""
    drifts = _DRIFTS if sold.ages.max() > _RECENT else ((0.0, 1.0),)
    return _log_sum(
        [
            log_likelihood(sold, what, points.values(), place * _DRIFT_A_YEAR) + math.log(weight)
            for place, weight in drifts
        ]
    )


def _of_asked(asked: Columns, what: Hypotheses, points: _Points) -> Floats:
    """Return the log-likelihood of what is asked, over all mark-ups: whole steps of the points."""
    markups = _markups(points.step)
    rows = log_likelihood(asked, what, points.values(markups[-1][0]))
    return _log_sum([rows[:, at : at + points.size] + log_prior for at, log_prior in markups])


def _markups(step: float) -> list[tuple[int, float]]:
    """Return the mark-ups that points of `step` can hold, in steps, with their log-priors."""
    low, high = _MARKUP
    steps = range(
        round((low - 2 * _MARKUP_BLUR) / step),
        round((high + 2 * _MARKUP_BLUR) / step) + 1,
        max(1, round(2 * _MARKUP_BLUR / step)),
    )
    beyond = [max(low - at * step, at * step - high, 0.0) for at in steps]
    return [(at, -0.5 * (far / _MARKUP_BLUR) ** 2) for at, far in zip(steps, beyond, strict=True)]


def _log_sum(logs: Sequence[Floats]) -> Floats:
    """Return the logarithm of the sum, element by element, of what has these logarithms."""
    top = np.max(logs, axis=0)
    total: Floats = top + np.log(np.exp(np.array(logs) - top).sum(axis=0))
    return total


def _told(seen: Sequence[Observation], what: Hypotheses, points: _Points, masses: Floats) -> Posterior:
    """Return the belief in the worth, and with it in each observation."""
    posterior = Posterior(points.values(), masses.sum(axis=0))
    each = masses.sum(axis=1)
    # what is asked is compared with the worth as it would be asked
    paid = [replace(one, log_amount=one.log_amount - sum(_MARKUP) / 2) if one.asked else one for one in seen]
    spread, share = max(float(each @ what.spreads), _USUAL_SPREAD), float(each @ what.shares)
    belongs = inlier_probability(Columns.of(paid), posterior.quantile(0.5), spread, share)
    return replace(posterior, belongs=tuple(belongs.tolist()))
