"""Chances to sell against markets whose survival is known, and the fit against `lifelines` where it is installed.

Usage: list_prices.py [--markets 60] [--seed 20261128]

Draws markets in which things are listed at random times at prices spread by 20 % and sell at a daily rate (1 to 6 in a
hundred) that falls with the price (elasticity 2 to 4). A page shows the latest sales with their day, and what is on offer,
with ages or without. Prints, for each kind of market and horizon, how often things of a stated chance were sold, the mean
absolute error of the chance, and the share of markets in which nothing is said. Also markets that break the assumptions:
things that differ in how well they sell, and things that sell best when they are new.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tools.figures import report

from lens_rx.pricing.decision.time_to_sell import Listing, SaleRate, sale_rate

HORIZONS = (14, 30)
LOG_PRICES = (-0.15, 0.0, 0.15)
HISTORY_DAYS = 500.0
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Market:
    """A kind of market: how many things are listed, whether ages are shown, and how it differs from the model.

    `shape` is that of a Weibull time to sell (1: exponential), `frailty` the spread of things' own rates (logarithm).
    """

    name: str
    listed: int
    ages_known: bool = True
    shape: float = 1.0
    frailty: float = 0.0


MARKETS = (
    Market("many things, ages shown", 600),
    Market("many things, ages not shown", 600, ages_known=False),
    Market("few things, ages shown", 90),
    Market("few things, ages not shown", 90, ages_known=False),
    Market("things differ in how well they sell", 600, frailty=0.5),
    Market("new things sell best (Weibull 0.7)", 600, shape=0.7),
    Market("old things sell best (Weibull 1.4)", 600, shape=1.4),
)


@dataclass(frozen=True, slots=True)
class Truth:
    """One market's rate a day at the typical price, and its elasticity."""

    market: Market
    rate: float
    elasticity: float

    def draw(self, rng: random.Random, log_price: float) -> float:
        """Return the days that a thing at this price takes to sell."""
        rate = self.rate * math.exp(rng.gauss(0, self.market.frailty) - self.elasticity * log_price)
        return rng.expovariate(1.0) ** (1 / self.market.shape) / rate

    def page(self, rng: random.Random) -> list[Listing]:
        """Return what pages show of it today: the sales of 90 days, and what is on offer."""
        listings = []
        for _ in range(self.market.listed):
            log_price, listed = rng.gauss(0, 0.2), rng.uniform(0, HISTORY_DAYS)
            left = listed - self.draw(rng, log_price)
            if left < 0:
                listings.append(Listing(log_price, None, listed if self.market.ages_known else None))
            elif left <= 90:
                listings.append(Listing(log_price, left, None))
        return listings

    def chance(self, rng: random.Random, log_price: float, days: int) -> float:
        """Return the share of things at this price that sell within the days."""
        return sum(self.draw(rng, log_price) <= days for _ in range(DRAWS)) / DRAWS


def run(market: Market, number: int, rng: random.Random) -> tuple[int, list[tuple[int, float, float]]]:
    """Return in how many markets nothing is said, and (days, stated, true) chances of the others."""
    silent, chances = 0, []
    for _ in range(number):
        truth = Truth(market, math.exp(rng.uniform(math.log(0.01), math.log(0.06))), rng.uniform(2, 4))
        found = sale_rate(truth.page(rng))
        if not isinstance(found, SaleRate):
            silent += 1
            continue
        chances += [
            (days, found.chance(log_price, days), truth.chance(rng, log_price, days))
            for days in HORIZONS
            for log_price in LOG_PRICES
        ]
    return silent, chances


def print_calibration(chances: Sequence[tuple[int, float, float]]) -> None:
    """Print the true share beside each fifth of stated chances."""
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [
            (stated, true)
            for _, stated, true in chances
            if low <= stated < low + 0.2 or stated == low + 0.2 == 1
        ]
        if inside:
            stated, true = (statistics.fmean(values) for values in zip(*inside, strict=True))
            print(f"  stated {low:.0%}-{low + 0.2:.0%}: {stated:.1%}, sold {true:.1%} ({len(inside)})")


def compare_with_lifelines(rng: random.Random) -> None:
    """Print the ratio of the fitted rate to that of lifelines' ExponentialFitter, with late entry and censoring."""
    try:
        from lifelines import ExponentialFitter  # noqa: PLC0415  # may be missing
    except ImportError:
        print("lifelines is not installed: pip install lifelines")
        return
    ratios = []
    for _ in range(20):
        rate = math.exp(rng.uniform(math.log(0.01), math.log(0.06)))
        spans = [
            (listed, listed - rng.expovariate(rate)) for listed in (rng.uniform(0, 300) for _ in range(300))
        ]
        page = [Listing(0.0, None if left < 0 else left, listed) for listed, left in spans if left <= 90]
        found = sale_rate(page)
        assert isinstance(found, SaleRate)
        window = max(it.sold_days for it in page if it.sold_days is not None)
        rows = [it for it in page if it.sold_days != window]
        fitter = ExponentialFitter().fit(
            [(it.listed_days or 0) - (it.sold_days or 0) for it in rows],
            [it.sold_days is not None for it in rows],
            entry=[max((it.listed_days or 0) - window, 0) for it in rows],
        )
        ratios.append(math.exp(found.log_rate) * fitter.lambda_)
    print(f"rate by that of lifelines.ExponentialFitter: {min(ratios):.5f} to {max(ratios):.5f}")
    report(
        "the fitted rate of sales",
        f"{len(ratios)} samples",
        peer="lifelines.ExponentialFitter",
        ratios=ratios,
    )


def main() -> None:
    """Run all kinds of markets and print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--markets", type=int, default=60, help="markets of each kind")
    parser.add_argument("--seed", type=int, default=20261128)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    for market in MARKETS:
        silent, chances = run(market, arguments.markets, rng)
        error = statistics.fmean(abs(stated - true) for _, stated, true in chances) if chances else math.nan
        bias = statistics.fmean(stated - true for _, stated, true in chances) if chances else math.nan
        print(
            f"{market.name}: error {error:.3f}, bias {bias:+.3f}; nothing said in {silent} of {arguments.markets}"
        )
        print_calibration(chances)
        report(
            f"chance to sell, mean absolute error: {market.name}",
            100 * error,
            "points",
            main=market in MARKETS[:2],
        )
    compare_with_lifelines(rng)


if __name__ == "__main__":
    main()
