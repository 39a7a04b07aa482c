"""Error and coverage of the estimate where most offers are of other sizes, on samples with a known true price.

Usage: size_quality.py [--samples 40] [--seed 20261128]

Draws samples of 12 to 60 offers of one thing in several sizes, as `estimate_quality.py` draws them, a tenth of them
outliers. Each size's prices deviate from the thing's by a factor of its own, the wanted one's as well; a share of the
offers is of the wanted size, some do not state theirs. Prints for each share, and for each standard deviation of the
difference of two sizes, the median relative error beside that of the offers of the wanted size alone, and how often
the 80 % range holds the truth.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from dataclasses import dataclass, replace
from decimal import Decimal

from estimate_quality import MARKETS, draw_offers, draw_sample
from tools.figures import report

from lens_rx.facts import Identity, Offer, Options
from lens_rx.matching.wanted_traits import WantedTraits
from lens_rx.pricing import estimate_price
from lens_rx.pricing.assessment import Assessment

COUNTS = (12, 24, 60)
WANTED_SHARES = (0.05, 0.2, 0.5)
#: Standard deviation of the difference of two sizes (logarithm); the estimate expects 0.12.
DIFFERENCES = (0.06, 0.12, 0.2)
UNSTATED_SHARE, OUTLIER_SHARE = 0.15, 0.1
WANTED_SIZE, OTHER_SIZES = "M", ("S", "L", "XL")
PARKA = Identity("Norrvik", "Fjell Parka", category="jacket")


@dataclass(frozen=True, slots=True)
class SizedOffer:
    """An offer whose title states its size, or none."""

    offer: Offer
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """The relative errors with all offers and with those of the wanted size alone, and whether the range held the truth."""

    error: float
    own_error: float
    covered: bool


def draw_sizes(
    count: int, wanted_share: float, difference: float, rng: random.Random
) -> tuple[float, list[SizedOffer]]:
    """Return the true price of the wanted size, and the offers."""
    sample = draw_sample(MARKETS[0], rng)
    effects = {size: rng.gauss(0, difference / math.sqrt(2)) for size in (WANTED_SIZE, *OTHER_SIZES)}
    sized = []
    for drawn in draw_offers(MARKETS[0], sample, count, OUTLIER_SHARE, rng):
        size = WANTED_SIZE if rng.random() < wanted_share else rng.choice(OTHER_SIZES)
        title = "Fjell Parka" if rng.random() < UNSTATED_SHARE else f"Fjell Parka size {size}"
        price = drawn.offer.price * Decimal(math.exp(effects[size] - effects[WANTED_SIZE]))
        offer = replace(drawn.offer, title=title, price=price.quantize(Decimal("0.01")))
        sized.append(SizedOffer(offer, title.endswith(f" {WANTED_SIZE}")))
    return sample.truth, sized


def run_trial(count: int, wanted_share: float, difference: float, rng: random.Random) -> Trial:
    """Draw one sample and estimate it from all offers, and from those of the wanted size where there are enough."""
    truth, sized = draw_sizes(count, wanted_share, difference, rng)
    wanted = WantedTraits.of(Options(size=WANTED_SIZE), PARKA)
    fits = [wanted.fit(it.offer) for it in sized]
    assessments = [Assessment(log_sd=it.log_sd, group=it.note, group_log_sd=it.group_log_sd) for it in fits]
    estimate = estimate_price([it.offer for it in sized], assessments=assessments)
    own = estimate_price([it.offer for it in sized if it.is_wanted]) or estimate
    assert estimate is not None
    assert own is not None
    return Trial(
        abs(float(estimate.price) / truth - 1),
        abs(float(own.price) / truth - 1),
        float(estimate.low) <= truth <= float(estimate.high),
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=40)
    parser.add_argument("--seed", type=int, default=20261128)
    options = parser.parse_args()
    print(f"{options.samples} samples a cell, seed {options.seed}")
    print(" wanted  difference offers   error  wanted size alone  range covers")
    by_difference: dict[float, list[Trial]] = {it: [] for it in DIFFERENCES}
    for wanted_share in WANTED_SHARES:
        for difference in DIFFERENCES:
            for count in COUNTS:
                rng = random.Random(f"{options.seed} {wanted_share} {difference} {count}")
                trials = [run_trial(count, wanted_share, difference, rng) for _ in range(options.samples)]
                by_difference[difference] += trials
                error, own = (
                    statistics.median(it)
                    for it in zip(*((it.error, it.own_error) for it in trials), strict=True)
                )
                covered = statistics.mean(it.covered for it in trials)
                print(
                    f" {wanted_share:6.0%} {difference:11.2f} {count:6d} {error:7.3f} {own:18.3f} {covered:13.0%}"
                )
    for difference, trials in by_difference.items():
        errors = [statistics.mean(it.error for it in trials) / statistics.mean(it.own_error for it in trials)]
        what = f"offers of other sizes, which differ by {difference:.0%}"
        report(
            f"{what}: mean error",
            100 * statistics.mean(it.error for it in trials),
            "%",
            peer="the offers of the wanted size alone",
            ratios=errors,
        )
        report(
            f"{what}: the 80 % range holds the truth",
            100 * statistics.mean(it.covered for it in trials),
            f"% of {len(trials)} samples",
        )


if __name__ == "__main__":
    main()
