"""What a photo's grade of the condition is worth: error of the estimate with it taken as it is, weighed, and ignored.

Usage: condition_quality.py [--samples 250] [--seed 20261122]

Draws markets in which each condition has a share, things of a condition drawn from the same shares, and grades that are
right, one step off, or any. Offers are 4 to 30, half of them sold, a third without a grade. Prints the mean error
(logarithm), how often the 80 % range holds the truth, and the stated and the real chance to be within 20 %.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.figures import report

from lens_rx.facts import Condition, Estimate, Money, Offer
from lens_rx.pricing import estimate_price
from lens_rx.pricing.condition_factors import CONDITION_FACTORS
from lens_rx.pricing.seen_condition import GRADES

#: The shares of the grades in a market.
MARKETS = {
    "usual": (0.08, 0.15, 0.2, 0.4, 0.13, 0.04),
    "fresh": (0.3, 0.35, 0.2, 0.13, 0.02, 0),
    "worn": (0, 0.05, 0.1, 0.4, 0.35, 0.1),
    "a third for parts": (0, 0.02, 0.08, 0.3, 0.3, 0.3),
}
#: How often a grade is right, and one step off.
GRADERS = ((0.9, 0.1), (0.7, 0.2), (0.5, 0.3))
SPREAD, MARKUP = 0.2, 1.17


@dataclass(frozen=True, slots=True)
class Trial:
    """The true worth of one thing, and the estimates with its grade taken as it is, weighed and ignored."""

    worth: float
    taken: Estimate
    weighed: Estimate
    ignored: Estimate


def draw_offers(shares: Sequence[float], worth: float, rng: random.Random) -> list[Offer]:
    """Return the offers of one market; `worth` is that of a used and sound thing."""
    offers = []
    for n in range(rng.choice((4, 8, 16, 30))):
        condition, is_sold = rng.choices(GRADES, shares)[0], rng.random() < 0.5
        price = worth * CONDITION_FACTORS[condition].factor * math.exp(rng.gauss(0, SPREAD))
        offers.append(
            Offer(
                id=str(n),
                title="a thing",
                link=f"https://market.example/{n}",
                price=Decimal(f"{price * (1 if is_sold else MARKUP):.2f}"),
                currency="EUR",
                condition=condition if rng.random() < 0.7 else Condition.USED,
                sold=is_sold,
            )
        )
    return offers


def draw_grade(true: Condition, grader: tuple[float, float], rng: random.Random) -> Condition:
    """Return what a model sees."""
    draw, at = rng.random(), GRADES.index(true)
    if draw < grader[0]:
        return true
    if draw < sum(grader):
        return GRADES[max(0, min(len(GRADES) - 1, at + rng.choice((-1, 1))))]
    return rng.choice(GRADES)


def run_trial(shares: Sequence[float], grader: tuple[float, float], rng: random.Random) -> Trial:
    """Draw one market and one thing, and estimate it in each way."""
    base = math.exp(rng.uniform(3, 6.5))
    offers, true = draw_offers(shares, base, rng), rng.choices(GRADES, shares)[0]
    seen = draw_grade(true, grader, rng)
    retail = Money(Decimal(f"{2 * base:.2f}"), "EUR")  # counts where fewer than three offers are of use
    estimates = (
        estimate_price(offers, retail, condition=seen),
        estimate_price(offers, retail, condition=seen, seen_on_photo=True),
        estimate_price(offers, retail),
    )
    taken, weighed, ignored = (it for it in estimates if it is not None)
    return Trial(base * CONDITION_FACTORS[true].factor, taken, weighed, ignored)


def mean_error(trials: Sequence[Trial], way: str) -> float:
    """Return the mean error of the logarithm of one way's estimates."""
    return statistics.mean(abs(math.log(float(getattr(it, way).price) / it.worth)) for it in trials)


def print_row(name: str, grader: tuple[float, float], trials: Sequence[Trial]) -> None:
    """Print the figures of one market and grader."""
    errors = [mean_error(trials, way) for way in ("taken", "weighed", "ignored")]
    held = statistics.mean(float(it.weighed.low) <= it.worth <= float(it.weighed.high) for it in trials)
    stated = statistics.mean(it.weighed.certainty for it in trials)
    right = statistics.mean(abs(float(it.weighed.price) / it.worth - 1) <= 0.2 for it in trials)
    figures = " ".join(f"{it:8.3f}" for it in errors)
    print(f"{name:18} {grader[0]:6.0%} {figures} {held:8.1%} {stated:8.1%} {right:8.1%}", flush=True)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=250)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    print(f"{options.samples} samples a row, seed {options.seed}; mean error of the logarithm")
    every: list[Trial] = []
    print("market              right    taken  weighed  ignored    holds   stated  within 20 %")
    for name, shares in MARKETS.items():
        for grader in GRADERS:
            rng = random.Random(f"{options.seed} {name} {grader}")
            trials = [run_trial(shares, grader, rng) for _ in range(options.samples)]
            print_row(name, grader, trials)
            every += trials
    weighed, ignored = mean_error(every, "weighed"), mean_error(every, "ignored")
    title = f"error of the estimate with the photo's grade weighed (logarithm), {len(every)} samples"
    report(title, weighed, peer="the grade ignored", ratios=[weighed / ignored])


if __name__ == "__main__":
    main()
