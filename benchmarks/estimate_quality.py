"""How near the estimate comes to a known true price, beside the weighted mean that it replaces.

Usage: estimate_quality.py [--samples 150] [--seed 20261122]

Draws samples of 3 to 60 offers, log-normal around a true price with a spread of 0.1 to 0.4 that the
estimate is not told, with 0 to 40 % of strangers (bundles at 2 to 5 times, accessories and replicas at
0.05 to 0.3, other models at 0.5 to 2), mixed conditions (like new +15 %, worn -30 %), asking prices 10 to
25 % above sold ones, and ages. Prints, for each cell, the median absolute error of both, their ratio, the
ratio that one would reach who knows the strangers and the spread, and how often the 80 % range holds the
truth; then, for each market and for all, how often estimates of a stated certainty lie within 20 %.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections.abc import Sequence
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
    """What samples are drawn from: share of asking prices and of used-and-sound things.

    `one_kind`: all strangers of a sample are of one kind. `drift`: how far a year may move the market.
    """

    name: str
    asking: float
    sound: float
    one_kind: bool = False
    drift: float = 0.0


MARKETS = (
    Market("half asking, all conditions", 0.5, 0.5),
    Market("asking alone, all conditions", 1.0, 0.5),
    Market("half asking, one condition, strangers of one kind, drifting 8 % a year", 0.5, 1.0, True, 0.08),
    Market("sold alone, one condition: nothing to correct", 0.0, 1.0),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One offer, the logarithm of its price brought to used and sound, and whether it is a stranger."""

    offer: Offer
    log_price: float
    strange: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """One sample's outcome: relative errors, whether the range held, and the stated certainty.

    `bound` is the error of one who knows the strangers and the spread.
    """

    error: float
    peer_error: float
    bound: float
    held: bool
    certainty: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What one sample's offers have in common."""

    truth: float
    spread: float
    markup: float
    drift: float
    kinds: Sequence[tuple[float, float]]


def sample_of(market: Market, rng: random.Random) -> Sample:
    """Draw what the offers of one sample have in common."""
    return Sample(
        truth=math.exp(rng.uniform(math.log(15), math.log(900))),
        spread=rng.uniform(0.1, 0.4),
        markup=rng.uniform(1.1, 1.25),
        drift=rng.uniform(-market.drift, market.drift),
        kinds=[rng.choice(STRANGE)] if market.one_kind else STRANGE,
    )


def offers_of(
    market: Market, sample: Sample, count: int, strangers: float, rng: random.Random
) -> list[Drawn]:
    """Return the offers of one sample, in random order."""
    strange = set(rng.sample(range(count), round(count * strangers)))
    return [_offer(market, sample, at, rng, strange=at in strange) for at in range(count)]


def _offer(market: Market, sample: Sample, at: int, rng: random.Random, *, strange: bool) -> Drawn:
    other = (1 - market.sound) / 2
    condition = rng.choices(list(WORTH), [other, market.sound, other])[0]
    asked = rng.random() < market.asking
    days = 0 if asked else rng.randrange(360)
    factor = math.exp(rng.gauss(0, sample.spread) + sample.drift * days / 365)
    factor *= (sample.markup if asked else 1) * (rng.uniform(*rng.choice(sample.kinds)) if strange else 1)
    offer = Offer(
        id=str(at),
        title="a thing",
        link=f"https://market.example/{at}",
        price=Decimal(f"{sample.truth * factor * WORTH[condition]:.2f}"),
        currency="EUR",
        condition=condition,
        sold=not asked,
        sold_at=None if asked else DAY - timedelta(days=days),
    )
    return Drawn(offer, math.log(sample.truth * factor), strange)


def bound(drawn: Sequence[Drawn], spread: float) -> float:
    """Return the price that one would tell who knows the strangers, the spread and what conditions do.

    The mean of what was paid and the mean of what is asked less its usual mark-up, each by its precision.
    """
    own = [one for one in drawn if not one.strange]
    paid = [one.log_price for one in own if one.offer.sold]
    asked = [one.log_price for one in own if not one.offer.sold]
    markup, doubt = (math.log(1.1) + math.log(1.25)) / 2, math.log(1.25 / 1.1) / math.sqrt(12)
    parts = [(statistics.mean(paid), len(paid) / spread**2)] if paid else []
    if asked:
        parts.append((statistics.mean(asked) - markup, 1 / (spread**2 / len(asked) + doubt**2)))
    return math.exp(sum(mean * weight for mean, weight in parts) / sum(weight for _, weight in parts))


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
    """Draw one sample and let all estimate it."""
    sample = sample_of(market, rng)
    drawn = offers_of(market, sample, count, strangers, rng)
    offers = [one.offer for one in drawn]
    estimate = estimate_price(offers)
    assert estimate is not None

    def off(price: float) -> float:
        return abs(price / sample.truth - 1)

    return Trial(
        error=off(float(estimate.price)),
        peer_error=off(weighted_mean(offers)),
        bound=off(bound(drawn, sample.spread)),
        held=float(estimate.low) <= sample.truth <= float(estimate.high),
        certainty=estimate.certainty,
    )


def print_grid(market: Market, samples: int, seed: int) -> list[Trial]:
    """Print one market's grid and return its trials."""
    print(f"\n{market.name}\n strangers offers   error    peer   ratio  reachable  range holds")
    every: list[Trial] = []
    for strangers in STRANGERS:
        for count in SIZES:
            rng = random.Random(f"{seed} {market.name} {strangers} {count}")
            trials = [trial(market, count, strangers, rng) for _ in range(samples)]
            every += trials
            print(f" {strangers:9.0%} {count:6d} {_cell(trials)}", flush=True)
    print_calibration(every)
    return every


def _cell(trials: Sequence[Trial]) -> str:
    error, peer, bound_ = (
        statistics.median(values)
        for values in zip(*((one.error, one.peer_error, one.bound) for one in trials), strict=True)
    )
    held = statistics.mean(one.held for one in trials)
    return f"{error:7.3f} {peer:7.3f} {error / peer:7.2f} {bound_ / peer:10.2f} {held:12.0%}"


def print_calibration(trials: Sequence[Trial]) -> None:
    """Print how often the range held, and for each band of certainty how many were within 20 %."""
    held = statistics.mean(one.held for one in trials)
    print(f" the 80 % range holds the truth in {held:.1%} of {len(trials)} samples")
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
    print("\nall markets")
    print_calibration(trials)


if __name__ == "__main__":
    main()
