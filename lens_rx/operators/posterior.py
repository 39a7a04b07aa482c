"""What a handful of prices, some of strangers, say about the price of one thing: Bayes on a grid.

Logarithms of prices are seen as a mixture: the thing itself, spread normally around its worth, and
strangers, which lie where bundles (2 to 5 times), parts and replicas (0.05 to 0.3 times) and other
models (half to double) lie. Worth, spread, share of strangers and the mark-up of asking prices are
all unknown; each has a prior, and what the prices make of them is summed on a grid. Source: Hogg,
Bovy, Lang (2010), "Data analysis recipes: Fitting a model to data", section 3.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

#: Spread of a thing's own prices, with how often it is met.
_SPREADS = ((0.05, 0.6), (0.09, 1.0), (0.14, 1.2), (0.2, 1.2), (0.28, 0.9), (0.4, 0.5))
#: Share of strangers, with how often it is met.
_SHARES = ((0.03, 1.0), (0.15, 1.0), (0.35, 1.0))
#: Where strangers lie, as ratios to the worth, each a third of them: bundles, parts and replicas, other models.
_PLACES = ((2.0, 5.0), (0.05, 0.3), (0.5, 2.0))
#: Density of what lies anywhere, by mistake of a seller or a reader.
_ANYWHERE = 0.01
#: Mark-up of asking over sold: 10 to 25 %, as a logarithm with its doubt.
MARKUP, _MARKUP_DOUBT = 0.16, 0.055
_COARSE, _FINE = 40, 40
_TABLE_STEP, _TABLE_REACH, _BLUR = 0.02, 200, 0.2
#: So many densities are multiplied before the logarithm is taken; more would leave the range of a float.
_CHUNK = 16


@dataclass(frozen=True, slots=True)
class Observation:
    """One price: the logarithm of its amount, its own doubt (added to the spread), and how it came about.

    `suspicion` is the factor on the odds that it is a stranger: 1 for an average offer.
    """

    log_amount: float
    doubt: float = 0.0
    asked: bool = True
    suspicion: float = 1.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of the logarithm of the worth before any offer: normally around `centre`."""

    centre: float
    doubt: float

    def density(self, point: float) -> float:
        """Return the belief in a point, against 1 at the centre."""
        return math.exp(-0.5 * ((point - self.centre) / self.doubt) ** 2)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of the logarithm of the worth: masses (they sum to 1) on evenly spaced points.

    `belongs` says of each observation how likely it is the thing itself.
    """

    points: tuple[float, ...]
    masses: tuple[float, ...]
    belongs: tuple[float, ...] = ()

    def quantile(self, share: float) -> float:
        """Return the point below which `share` (0..1) of the mass lies."""
        sums = list(accumulate(self.masses))
        at = min(bisect_left(sums, share * sums[-1]), len(sums) - 1)
        below = sums[at - 1] if at else 0.0
        step = self.points[1] - self.points[0]
        inside = (share * sums[-1] - below) / self.masses[at] if self.masses[at] else 0.5
        return self.points[at] + (inside - 0.5) * step

    def between(self, low: float, high: float) -> float:
        """Return the mass between two points."""
        step = self.points[1] - self.points[0]
        parts = (
            mass * max(0.0, min(high, point + step / 2) - max(low, point - step / 2)) / step
            for point, mass in zip(self.points, self.masses, strict=True)
        )
        return min(sum(parts), 1.0)


@lru_cache(maxsize=1)
def _strange_table() -> tuple[float, ...]:
    """Return the density of strangers by their distance from the worth, in steps of `_TABLE_STEP`.

    A place is taken as even in half of the cases and as even in the logarithm in the other half, and
    its edges are blurred by the spread of the strangers' own prices.
    """
    blurs = [(offset * _BLUR / 3, math.exp(-0.5 * (offset / 3) ** 2)) for offset in range(-7, 8)]
    whole = sum(weight for _, weight in blurs)
    ends = range(-_TABLE_REACH, _TABLE_REACH + 1)
    return tuple(
        _ANYWHERE + sum(weight * _sharp(at * _TABLE_STEP - offset) for offset, weight in blurs) / whole
        for at in ends
    )


def _sharp(distance: float) -> float:
    ratio = math.exp(distance)
    inside = (
        0.5 / math.log(high / low) + 0.5 * ratio / (high - low)
        for low, high in _PLACES
        if low <= ratio <= high
    )
    return sum(inside) / len(_PLACES)


def _strange(distance: float) -> float:
    """Return the density of strangers at a distance from the worth (logarithms)."""
    at = round(distance / _TABLE_STEP)
    return _strange_table()[at + _TABLE_REACH] if abs(at) <= _TABLE_REACH else _ANYWHERE


def _own(log_amount: float, points: Sequence[float], spread: float) -> list[float]:
    scale, height = -0.5 / spread**2, 1 / (spread * math.sqrt(2 * math.pi))
    return [height * math.exp(scale * (log_amount - point) ** 2) for point in points]


def _share_of(base: float, suspicion: float) -> float:
    odds = base / (1 - base) * suspicion
    return odds / (1 + odds)


_Table = list[list[float]]


def _likelihoods(seen: Sequence[Observation], points: Sequence[float]) -> _Table:
    """Return, for each spread and share of strangers, the log-likelihood of `seen` at each point."""
    strange = [[_strange(one.log_amount - point) for point in points] for one in seen]
    rows: _Table = []
    for spread, _ in _SPREADS:
        own = [_own(one.log_amount, points, math.hypot(spread, one.doubt)) for one in seen]
        for share, _ in _SHARES:
            shares = [_share_of(share, one.suspicion) for one in seen]
            rows.append(_product(own, strange, shares, len(points)))
    return rows


def _product(own: _Table, strange: _Table, shares: Sequence[float], size: int) -> list[float]:
    """Return the logarithm of the product, over observations, of their mixed densities."""
    total = [0.0] * size
    for start in range(0, len(own), _CHUNK):
        product = [1.0] * size
        for near, far, share in zip(
            own[start : start + _CHUNK],
            strange[start : start + _CHUNK],
            shares[start : start + _CHUNK],
            strict=True,
        ):
            product = [p * ((1 - share) * n + share * f) for p, n, f in zip(product, near, far, strict=True)]
        total = [t + math.log(p) for t, p in zip(total, product, strict=True)]
    return total


def _priors() -> list[float]:
    return [math.log(often * also) for _, often in _SPREADS for _, also in _SHARES]


def _markups(step: float, *, asked: bool) -> list[tuple[int, float]]:
    """Return the mark-ups that the grid can hold, in steps, with their log-priors."""
    if not asked:
        return [(0, 0.0)]
    stride = max(1, round(0.5 * _MARKUP_DOUBT / step))
    first, last = round((MARKUP - 2.2 * _MARKUP_DOUBT) / step), round((MARKUP + 2.2 * _MARKUP_DOUBT) / step)
    steps = range(max(first, 0), max(last, 1) + 1, stride)
    return [(at, -0.5 * ((at * step - MARKUP) / _MARKUP_DOUBT) ** 2) for at in steps]


def _masses(
    seen: Sequence[Observation], low: float, step: float, size: int, prior: Prior | None
) -> list[float]:
    """Return the mass at each of `size` points from `low` on."""
    asked = [one for one in seen if one.asked]
    sold = [one for one in seen if not one.asked]
    markups = _markups(step, asked=bool(asked))
    points = [low + step * at for at in range(size)]
    longer = [low + step * at for at in range(size + markups[-1][0])]
    sold_rows, asked_rows = _likelihoods(sold, points), _likelihoods(asked, longer)
    logs = [
        [
            weight + tilt + one + two
            for one, two in zip(sold_row, asked_row[shift : shift + size], strict=True)
        ]
        for weight, sold_row, asked_row in zip(_priors(), sold_rows, asked_rows, strict=True)
        for shift, tilt in markups
    ]
    top = max(map(max, logs))
    sums = [sum(math.exp(value - top) for value in column) for column in zip(*logs, strict=True)]
    masses = [
        mass * (prior.density(point) if prior else 1.0) for mass, point in zip(sums, points, strict=True)
    ]
    whole = sum(masses)
    return [mass / whole for mass in masses]


def fit(seen: Sequence[Observation], prior: Prior | None = None) -> Posterior:
    """Return what `seen` says of the worth, and what was believed of it before; one of both is needed."""
    low, high = _reach(seen, prior)
    step = max((high - low) / _COARSE, 0.06)
    size = math.ceil((high - low) / step) + 1
    rough = Posterior(
        tuple(low + step * at for at in range(size)), tuple(_masses(seen, low, step, size, prior))
    )
    low, high = rough.quantile(0.0005) - step, rough.quantile(0.9995) + step
    step = (high - low) / _FINE
    points = tuple(low + step * at for at in range(_FINE + 1))
    best = Posterior(points, tuple(_masses(seen, low, step, _FINE + 1, prior)))
    return Posterior(points, best.masses, tuple(_belongs(one, best.quantile(0.5)) for one in seen))


def _reach(seen: Sequence[Observation], prior: Prior | None) -> tuple[float, float]:
    """Return between which points the worth is looked for."""
    ends = [one.log_amount + far for one in seen for far in (-0.6, 0.5)]
    ends += [prior.centre + prior.doubt * far for far in (-3.0, 3.0)] if prior else []
    return min(ends), max(ends)


def _belongs(one: Observation, worth: float) -> float:
    """Return how likely an observation is the thing itself, if this is the logarithm of its worth."""
    log_amount = one.log_amount - (MARKUP if one.asked else 0.0)
    own = _own(log_amount, [worth], math.hypot(0.18, one.doubt))[0]
    share = _share_of(0.15, one.suspicion)
    far = share * _strange(log_amount - worth)
    return (1 - share) * own / ((1 - share) * own + far)
