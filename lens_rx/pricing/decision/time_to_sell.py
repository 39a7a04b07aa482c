"""How long it takes to sell at a price: survival, from sales with their day and the ages of what is still offered.

The hazard of a sale is constant in time and falls with the price: `rate * (price / typical price) ** -elasticity` a day.
It is events by exposure over a calendar window that ends now: what is still offered is censored on the right, what was
listed before the window is truncated on the left. Where a page does not say since when a thing was offered, its expected
exposure takes the place (expectation maximisation; in a steady market the age at the sale is exponential, too).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

#: Days behind which sales say nothing about how fast things sell now.
MAX_WINDOW_DAYS = 180.0
#: Sales all of one day or two give no rate.
MIN_WINDOW_DAYS = 3.0
MIN_SALES, MIN_OFFERED = 4, 4
#: What is assumed of the elasticity before the sample is seen: a price 10 % higher sells a quarter slower.
PRIOR_ELASTICITY, PRIOR_SD = 3.0, 1.5
_ROUNDS, _CONVERGED = 60, 1e-4

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing: the logarithm of its price by the typical price, and the days since it was sold and listed.

    `sold_days` None: still offered. `listed_days` None: the page does not say.
    """

    log_price: float
    sold_days: float | None = None
    listed_days: float | None = None


@dataclass(frozen=True, slots=True)
class SaleRate:
    """How fast things sell: the logarithm of the daily rate at the typical price, the elasticity, and their covariance."""

    log_rate: float
    elasticity: float
    covariance: tuple[tuple[float, float], tuple[float, float]]

    def chance(self, log_price: float, days: float) -> float:
        """Return the chance that a thing listed at a price is sold within `days`; its own uncertainty averaged in."""
        (rate_variance, cross), (_, elasticity_variance) = self.covariance
        mean = self.log_rate - self.elasticity * log_price
        variance = rate_variance - 2 * log_price * cross + log_price**2 * elasticity_variance
        points, weights = _nodes()
        hazards = np.exp(mean + math.sqrt(max(variance, 0.0)) * points) * days
        return float(np.sum(weights * -np.expm1(-hazards)) / np.sum(weights))


@lru_cache(maxsize=1)
def _nodes() -> tuple[Array, Array]:
    """Return the points and weights of a Gauss-Hermite sum over a standard normal distribution."""
    points, weights = np.polynomial.hermite_e.hermegauss(15)
    return points, weights


def sale_rate(listings: Sequence[Listing]) -> SaleRate | str:
    """Return how fast such things sell, or a sentence that says why that cannot be told."""
    sold_days = sorted(it.sold_days for it in listings if it.sold_days is not None and it.sold_days >= 0)
    sold_days = [days for days in sold_days if days <= MAX_WINDOW_DAYS]
    offered = [it for it in listings if it.sold_days is None]
    if len(sold_days) < MIN_SALES:
        return (
            f"Too few sales with a day ({len(sold_days)}, {MIN_SALES} are needed) to say how fast it sells."
        )
    if len(offered) < MIN_OFFERED:
        return f"Too few things on offer ({len(offered)}, {MIN_OFFERED} are needed) to say how fast it sells."
    window = sold_days[-1]
    if window < MIN_WINDOW_DAYS:
        return "The sales are all of the same days, so they do not say how fast it sells."
    # the oldest sale opens the window and is no event in it
    inside = [it for it in listings if it.sold_days is not None and 0 <= it.sold_days < window]
    if len(inside) < MIN_SALES - 1:
        return "The sales are all of the same days, so they do not say how fast it sells."
    return _fit(inside, offered, window)


def _fit(sold: Sequence[Listing], offered: Sequence[Listing], window: float) -> SaleRate:
    listings = [*sold, *offered]
    log_prices = np.array([it.log_price for it in listings])
    events = np.array([float(it.sold_days is not None) for it in listings])
    spans = np.array([window - (it.sold_days or 0.0) for it in listings])
    known = np.array([_exposure(it, window) for it in listings])
    theta = np.array([math.log(len(sold) / (len(offered) * window)), PRIOR_ELASTICITY])
    exposure = known
    for _ in range(_ROUNDS):
        hazards = np.exp(theta[0] - theta[1] * log_prices)
        exposure = np.where(np.isnan(known), -np.expm1(-hazards * spans) / hazards, known)
        step = _newton_step(theta, log_prices, events, exposure)
        theta = theta + step
        if float(np.max(np.abs(step))) < _CONVERGED:
            break
    return _rate_of(theta, log_prices, exposure, offered)


def _exposure(it: Listing, window: float) -> float:
    """Return the days inside the window on which a listing could have been sold, nan where the page does not say."""
    if it.listed_days is None:
        return math.nan
    return max(min(it.listed_days, window) - (it.sold_days or 0.0), 0.0)


def _newton_step(theta: Array, log_prices: Array, events: Array, exposure: Array) -> Array:
    """Return one bounded Newton step of the Poisson likelihood with the prior on the elasticity."""
    expected = exposure * np.exp(theta[0] - theta[1] * log_prices)
    gradient = np.array(
        [
            np.sum(events - expected),
            np.sum(log_prices * (expected - events)) - (theta[1] - PRIOR_ELASTICITY) / PRIOR_SD**2,
        ]
    )
    return np.clip(np.linalg.solve(_information(expected, log_prices), gradient), -1.0, 1.0)


def _information(expected: Array, log_prices: Array) -> Array:
    cross = -np.sum(expected * log_prices)
    return np.array(
        [
            [np.sum(expected) + 1e-12, cross],
            [cross, np.sum(expected * log_prices**2) + 1 / PRIOR_SD**2],
        ]
    )


def _rate_of(theta: Array, log_prices: Array, exposure: Array, offered: Sequence[Listing]) -> SaleRate:
    expected = exposure * np.exp(theta[0] - theta[1] * log_prices)
    covariance = np.linalg.inv(_information(expected, log_prices))
    # what is on offer is a sample, too: where ages are guessed it adds its own share
    unknown = sum(it.listed_days is None for it in offered) / len(offered)
    (rate, cross), (_, elasticity) = covariance.tolist()
    rate += unknown / len(offered)
    return SaleRate(float(theta[0]), float(theta[1]), ((rate, cross), (cross, elasticity)))
