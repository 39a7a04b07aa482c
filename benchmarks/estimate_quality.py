"""How near the estimate comes to a known true price, beside the weighted mean that it replaces.

Usage: estimate_quality.py [--samples 150] [--seed 20261122]

Draws samples of 3 to 60 offers, log-normal around a true price, with 0 to 40 % of strangers (bundles
at 2 to 5 times, accessories and replicas at 0.05 to 0.3, other models at 0.5 to 2), mixed conditions
(like new +15 %, worn -30 %), asking prices 10 to 25 % above sold ones, and ages. Prints, for each cell,
the median absolute error of both, their ratio, and how often the 80 % range holds the truth; then how
often estimates of a stated certainty lie within 20 % of the truth.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lens_rx.facts import Condition, Offer
from lens_rx.operators.estimate import estimate_price

SIZES = (3, 6, 12, 30, 60)
STRANGERS = (0.0, 0.1, 0.2, 0.4)
STRANGE: tuple[tuple[float, float], ...] = ((2.0, 5.0), (0.05, 0.3), (0.5, 2.0))
WORTH = {Condition.LIKE_NEW: 1.15, Condition.USED: 1.0, Condition.ACCEPTABLE: 0.7}
DAY = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Market:
    """What samples are drawn from: share of asking prices and of used-and-sound things, spread."""

    name: str
    asking: float
    sound: float
    spread: float


MARKETS = (
    Market("mixed: half asking, all conditions, spread 0.2", 0.5, 0.5, 0.2),
    Market("asking alone, all conditions, spread 0.25", 1.0, 0.5, 0.25),
    Market("half asking, one condition, spread 0.15", 0.5, 1.0, 0.15),
    Market("sold alone, one condition, spread 0.2: nothing to correct", 0.0, 1.0, 0.2),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One sample's outcome: relative errors of both, whether the range held, and the stated certainty."""

    error: float
    peer_error: float
    held: bool
    certainty: float


def offers_of(market: Market, count: int, strangers: float, truth: float, rng: random.Random) -> list[Offer]:
    """Return one sample of offers around `truth`, in random order."""
    strange = set(rng.sample(range(count), round(count * strangers)))
    markup = rng.uniform(1.1, 1.25)
    return [_offer(market, at, truth, markup, rng, strange=at in strange) for at in range(count)]


def _offer(
    market: Market, at: int, truth: float, markup: float, rng: random.Random, *, strange: bool
) -> Offer:
    other = (1 - market.sound) / 2
    condition = rng.choices(list(WORTH), [other, market.sound, other])[0]
    asked = rng.random() < market.asking
    factor = math.exp(rng.gauss(0, market.spread)) * WORTH[condition] * (markup if asked else 1)
    if strange:
        factor *= rng.uniform(*rng.choice(STRANGE))
    return Offer(
        id=str(at),
        title="a thing",
        link=f"https://market.example/{at}",
        price=Decimal(f"{truth * factor:.2f}"),
        currency="EUR",
        condition=condition,
        sold=not asked,
        sold_at=None if asked else DAY - timedelta(days=rng.randrange(360)),
    )


def weighted_mean(offers: Sequence[Offer]) -> float:
    """Return the peer's price: the weighted mean of the pre-owned offers.

    Weights fall in a line from 1 for the first to 0.5 for the last, times exp(-((price - median) /
    median) ** 2). Where nothing is marked pre-owned all offers are taken.
    """
    used = [float(offer.price) for offer in offers if offer.condition is Condition.USED]
    prices = used or [float(offer.price) for offer in offers]
    median = statistics.median(prices)
    last = max(len(prices) - 1, 1)
    weights = [
        (1 - 0.5 * at / last) * math.exp(-(((price - median) / median) ** 2))
        for at, price in enumerate(prices)
    ]
    return sum(weight * price for weight, price in zip(weights, prices, strict=True)) / sum(weights)


def trial(market: Market, count: int, strangers: float, rng: random.Random) -> Trial:
    """Draw one sample and let both estimate it."""
    truth = math.exp(rng.uniform(math.log(15), math.log(900)))
    offers = offers_of(market, count, strangers, truth, rng)
    estimate = estimate_price(offers)
    assert estimate is not None
    return Trial(
        abs(float(estimate.price) - truth) / truth,
        abs(weighted_mean(offers) - truth) / truth,
        float(estimate.low) <= truth <= float(estimate.high),
        estimate.certainty,
    )


def print_grid(market: Market, samples: int, seed: int) -> list[Trial]:
    """Print one market's grid and return its trials."""
    print(f"\n{market.name}\n strangers offers   error    peer   ratio  range holds")
    every: list[Trial] = []
    for strangers in STRANGERS:
        for count in SIZES:
            rng = random.Random(f"{seed} {market.name} {strangers} {count}")
            trials = [trial(market, count, strangers, rng) for _ in range(samples)]
            every += trials
            error, peer = _median(trials, lambda one: one.error), _median(trials, lambda one: one.peer_error)
            held = statistics.mean(one.held for one in trials)
            print(f" {strangers:9.0%} {count:6d} {error:7.3f} {peer:7.3f} {error / peer:7.2f} {held:12.0%}")
    return every


def _median(trials: Sequence[Trial], value: Callable[[Trial], float]) -> float:
    return statistics.median(map(value, trials))


def print_calibration(trials: Sequence[Trial]) -> None:
    """Print how often the range held, and for each band of certainty how many were within 20 %."""
    print(
        f"\nthe 80 % range holds the truth in {statistics.mean(one.held for one in trials):.1%} of {len(trials)} samples"
    )
    print(" certainty  samples   stated   within 20 %")
    for tenth in range(10):
        band = [one for one in trials if tenth / 10 <= one.certainty < (tenth + 1) / 10]
        if len(band) >= 20:
            stated = statistics.mean(one.certainty for one in band)
            right = statistics.mean(one.error <= 0.2 for one in band)
            print(f"   {tenth / 10:.1f}-{tenth / 10 + 0.1:.1f} {len(band):8d} {stated:8.2f} {right:13.2f}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=150)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    print(
        f"{options.samples} samples a cell, seed {options.seed}; peer: weighted mean of the pre-owned offers"
    )
    trials = [one for market in MARKETS for one in print_grid(market, options.samples, options.seed)]
    print_calibration(trials)


if __name__ == "__main__":
    main()
