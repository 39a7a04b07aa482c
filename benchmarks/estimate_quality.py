"""Error of the estimate on samples with a known true price, relative to a weighted mean.

Usage: estimate_quality.py [--samples 150] [--seed 20261122]

Draws samples of 3 to 60 offers, log-normal around a true price with an unknown spread of 0.1 to 0.4, with 0 to 40 % of
outliers (bundles at 2 to 5 times the price, accessories and replicas at 0.05 to 0.3, other models at 0.5 to 2), mixed
conditions (like new +15 %, worn -30 %), asking prices 10 to 25 % above sold ones, and ages. Prints for each cell the
median relative error of both, their ratio, the ratio reachable with known outliers, spread and factors of conditions,
the mean error as a multiple of that best one, the same of one who knows the outliers and the spread and must learn the
factors from these offers, the coverage of the 80 % range, and the share of held-out sales in the range of single sales;
then, for each market and for all, how often estimates of a stated certainty are within 20 %.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from tools.figures import report

from lens_rx.facts import Condition, Estimate, Offer
from lens_rx.pricing import estimate_price

SIZES = (3, 6, 12, 16, 40, 60)
#: From so many offers on, the error is held against the best possible one.
MANY_OFFERS = 16
HELD_OUT_SALES = 10
OUTLIER_SHARES = (0.0, 0.1, 0.2, 0.4)
OUTLIER_FACTORS: tuple[tuple[float, float], ...] = ((2.0, 5.0), (0.05, 0.3), (0.5, 2.0))
CONDITION_FACTORS = {Condition.LIKE_NEW: 1.15, Condition.USED: 1.0, Condition.ACCEPTABLE: 0.7}
#: The logarithm of the mark-up, uniform from 10 to 25 %: its mean and standard deviation.
USUAL_MARKUP = (math.log(1.1 * 1.25) / 2, math.log(1.25 / 1.1) / math.sqrt(12))
OBSERVED_ON = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Market:
    """A kind of market: the shares of asking prices and of the condition `used`.

    `one_kind`: all outliers of a sample are of one kind. `drift`: the most that prices change in a year.
    `factor_sd`: by how much the conditions' factors differ from the usual ones (logarithm). `markups`: by how much
    asking prices lie above sold ones, from and to.
    """

    name: str
    asking_share: float
    used_share: float
    one_kind: bool = False
    drift: float = 0.0
    factor_sd: float = 0.0
    markups: tuple[float, float] = (1.1, 1.25)


MARKETS = (
    Market("half asking, all conditions", 0.5, 0.5),
    Market("asking alone, all conditions", 1.0, 0.5),
    Market("half asking, one condition, strangers of one kind, drifting 8 % a year", 0.5, 1.0, True, 0.08),
    Market("sold alone, one condition: nothing to correct", 0.0, 1.0),
    Market("a tenth sold, all conditions", 0.9, 0.5),
    Market("half asking, all conditions, whose factors differ by 5 %", 0.5, 0.5, factor_sd=0.05),
    Market("half asking, all conditions, whose factors differ by 10 %", 0.5, 0.5, factor_sd=0.1),
    Market("half asking, 0 to 50 % above sold", 0.5, 0.5, markups=(1.0, 1.5)),
)


@dataclass(frozen=True, slots=True)
class DrawnOffer:
    """One offer, the logarithm of its price adjusted to the condition `used`, and whether it is an outlier."""

    offer: Offer
    log_price: float
    is_outlier: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """One sample's outcome: relative errors, whether the range covers the truth, and the stated certainty.

    `reachable_error` is the error with known outliers, spread and factors of conditions; `learnt_error` with known
    outliers and spread; `sales_covered` the share of held-out sales in the range of single sales.
    """

    error: float
    peer_error: float
    reachable_error: float
    learnt_error: float
    covered: bool
    certainty: float
    sales_covered: float
    offers: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The parameters of one sample; `factor_sd` is by how much factors of conditions differ in its kind of market."""

    truth: float
    spread: float
    markup: float
    drift: float
    kinds: Sequence[tuple[float, float]]
    factors: dict[Condition, float]
    factor_sd: float


def draw_sample(market: Market, rng: random.Random) -> Sample:
    """Draw the parameters of one sample."""
    return Sample(
        truth=math.exp(rng.uniform(math.log(15), math.log(900))),
        spread=rng.uniform(0.1, 0.4),
        markup=rng.uniform(*market.markups),
        drift=rng.uniform(-market.drift, market.drift),
        kinds=[rng.choice(OUTLIER_FACTORS)] if market.one_kind else OUTLIER_FACTORS,
        factors={
            it: usual * (1 if it is Condition.USED else math.exp(rng.gauss(0, market.factor_sd)))
            for it, usual in CONDITION_FACTORS.items()
        },
        factor_sd=market.factor_sd,
    )


def draw_offers(
    market: Market, sample: Sample, count: int, outlier_share: float, rng: random.Random
) -> list[DrawnOffer]:
    """Return the offers of one sample, in random order."""
    is_outlier = set(rng.sample(range(count), round(count * outlier_share)))
    return [_draw_offer(market, sample, index, rng, is_outlier=index in is_outlier) for index in range(count)]


def _draw_offer(
    market: Market, sample: Sample, index: int, rng: random.Random, *, is_outlier: bool
) -> DrawnOffer:
    other = (1 - market.used_share) / 2
    condition = rng.choices(list(CONDITION_FACTORS), [other, market.used_share, other])[0]
    is_asking = rng.random() < market.asking_share
    days = 0 if is_asking else rng.randrange(360)
    factor = math.exp(rng.gauss(0, sample.spread) + sample.drift * days / 365)
    factor *= (sample.markup if is_asking else 1) * (
        rng.uniform(*rng.choice(sample.kinds)) if is_outlier else 1
    )
    offer = Offer(
        id=str(index),
        title="a thing",
        link=f"https://market.example/{index}",
        price=Decimal(f"{sample.truth * factor * sample.factors[condition]:.2f}"),
        currency="EUR",
        condition=condition,
        sold=not is_asking,
        sold_at=None if is_asking else OBSERVED_ON - timedelta(days=days),
    )
    return DrawnOffer(offer, math.log(sample.truth * factor), is_outlier)


def best_price(offers_drawn: Sequence[DrawnOffer], spread: float) -> float:
    """Return the best estimate with known outliers, spread and condition factors.

    The mean of sold prices and the mean of asking prices less the usual mark-up, weighted by precision.
    """
    own = [one for one in offers_drawn if not one.is_outlier]
    paid = [one.log_price for one in own if one.offer.sold]
    asking = [one.log_price for one in own if not one.offer.sold]
    markup, log_sd = USUAL_MARKUP
    parts = [(statistics.mean(paid), len(paid) / spread**2)] if paid else []
    if asking:
        parts.append((statistics.mean(asking) - markup, 1 / (spread**2 / len(asking) + log_sd**2)))
    return math.exp(sum(mean * weight for mean, weight in parts) / sum(weight for _, weight in parts))


def learnt_price(offers_drawn: Sequence[DrawnOffer], sample: Sample) -> float:
    """Return the best estimate with known outliers and spread that must learn the mark-up and the condition factors.

    What is known of these is by how much they differ from the usual ones: least squares with that prior.
    """
    own = [one.offer for one in offers_drawn if not one.is_outlier]
    markup, log_sd = USUAL_MARKUP
    varying = [it for it in CONDITION_FACTORS if it is not Condition.USED] if sample.factor_sd else []
    rows = [[1.0, float(not it.sold), *(float(it.condition is one) for one in varying)] for it in own]
    values = [
        math.log(float(it.price) / CONDITION_FACTORS[it.condition]) - markup * (not it.sold) for it in own
    ]
    design, prior = np.array(rows), [0.0, log_sd**-2, *(sample.factor_sd**-2 for _ in varying)]
    precision = design.T @ design / sample.spread**2 + np.diag(prior)
    return math.exp(np.linalg.solve(precision, design.T @ np.array(values) / sample.spread**2)[0])


def peer_price(offers: Sequence[Offer]) -> float:
    """Return the peer's price: the weighted mean of the pre-owned offers.

    Weights fall in a line from 1 for the first to 0.5 for the last, times exp(-((price - median) /
    median) ** 2). Where nothing is marked pre-owned all offers are taken.
    """
    used = [float(offer.price) for offer in offers if offer.condition is Condition.USED]
    prices = used or [float(offer.price) for offer in offers]
    median = statistics.median(prices)
    last = max(len(prices) - 1, 1)
    weights = [
        (1 - 0.5 * index / last) * math.exp(-(((price - median) / median) ** 2))
        for index, price in enumerate(prices)
    ]
    return sum(weight * price for weight, price in zip(weights, prices, strict=True)) / sum(weights)


def run_trial(market: Market, count: int, outlier_share: float, rng: random.Random) -> Trial | None:
    """Draw one sample and estimate it with each method; None where no two prices agree, so that there is none."""
    sample = draw_sample(market, rng)
    offers_drawn = draw_offers(market, sample, count, outlier_share, rng)
    offers = [one.offer for one in offers_drawn]
    estimate = estimate_price(offers)
    if estimate is None:
        return None

    def relative_error(price: float) -> float:
        return abs(price / sample.truth - 1)

    return Trial(
        error=relative_error(float(estimate.price)),
        peer_error=relative_error(peer_price(offers)),
        reachable_error=relative_error(best_price(offers_drawn, sample.spread)),
        learnt_error=relative_error(learnt_price(offers_drawn, sample)),
        covered=float(estimate.low) <= sample.truth <= float(estimate.high),
        certainty=estimate.certainty,
        sales_covered=held_out_coverage(estimate, sample, rng),
        offers=count,
    )


def held_out_coverage(estimate: Estimate, sample: Sample, rng: random.Random) -> float:
    """Return the share of further sales of used ones, of the last year, that lie in the range of single sales."""
    sales = (
        sample.truth * math.exp(rng.gauss(0, sample.spread) + sample.drift * rng.random())
        for _ in range(HELD_OUT_SALES)
    )
    return statistics.mean(
        float(estimate.sale_low or 0) <= it <= float(estimate.sale_high or 0) for it in sales
    )


def print_grid(market: Market, samples: int, seed: int) -> list[Trial]:
    """Print one market's grid and return its trials."""
    print(
        f"\n{market.name}\n  outliers offers   error    peer   ratio  reachable  of best  learnt  range covers  sales in range"
    )
    all_trials: list[Trial] = []
    missing = 0
    for outlier_share in OUTLIER_SHARES:
        for count in SIZES:
            rng = random.Random(f"{seed} {market.name} {outlier_share} {count}")
            drawn = [run_trial(market, count, outlier_share, rng) for _ in range(samples)]
            trials = [it for it in drawn if it]
            missing += len(drawn) - len(trials)
            all_trials += trials
            print(f" {outlier_share:9.0%} {count:6d} {_cell(trials)}", flush=True)
    print_calibration(all_trials)
    print(f" no estimate, since no two prices agree, in {missing} of {missing + len(all_trials)} samples")
    return all_trials


def _cell(trials: Sequence[Trial]) -> str:
    error, peer, reachable = (
        statistics.median(values)
        for values in zip(*((one.error, one.peer_error, one.reachable_error) for one in trials), strict=True)
    )
    covered = statistics.mean(one.covered for one in trials)
    sales = statistics.mean(one.sales_covered for one in trials)
    ratios = (
        f"{error / peer:7.2f} {reachable / peer:10.2f} {of_best(trials):8.2f} {learnt_of_best(trials):7.2f}"
    )
    return f"{error:7.3f} {peer:7.3f} {ratios} {covered:13.0%} {sales:15.0%}"


def of_best(trials: Sequence[Trial]) -> float:
    """Return the mean error as a multiple of the best possible one's."""
    return sum(one.error for one in trials) / sum(one.reachable_error for one in trials)


def learnt_of_best(trials: Sequence[Trial]) -> float:
    """Return the mean error of one who knows all but the factors, as a multiple of the best possible one's."""
    return sum(one.learnt_error for one in trials) / sum(one.reachable_error for one in trials)


def print_calibration(trials: Sequence[Trial]) -> None:
    """Print the range's coverage, and for each band of certainty the share of estimates within 20 %."""
    covered = statistics.mean(one.covered for one in trials)
    print(f" the 80 % range covers the truth in {covered:.1%} of {len(trials)} samples")
    sales = statistics.mean(one.sales_covered for one in trials)
    print(f" {sales:.1%} of held-out sales lie in the range of single sales")
    if many := [one for one in trials if one.offers >= MANY_OFFERS]:
        print(
            f" with {MANY_OFFERS} and more offers the error is {of_best(many):.2f} times the best possible one,"
            f" {learnt_of_best(many):.2f} times where outliers are known and factors are learnt"
        )
    print(" certainty  samples   stated   within 20 %")
    for tenth in range(10):
        band = [one for one in trials if tenth / 10 <= one.certainty < (tenth + 1) / 10]
        if len(band) >= 20:
            stated = statistics.mean(one.certainty for one in band)
            right = statistics.mean(one.error <= 0.2 for one in band)
            print(f"   {tenth / 10:.1f}-{tenth / 10 + 0.1:.1f} {len(band):8d} {stated:8.2f} {right:13.2f}")


def report_all(trials: Sequence[Trial]) -> None:
    """Report the figures over all markets."""
    errors, peers = (
        statistics.median(values)
        for values in zip(*((it.error, it.peer_error) for it in trials), strict=True)
    )
    of = f"of {len(trials)} samples"
    report(
        "the estimate's median error, over all markets",
        100 * errors,
        f"% {of}",
        peer="weighted mean of the pre-owned offers",
        ratios=[errors / peers],
    )
    many = [it for it in trials if it.offers >= MANY_OFFERS]
    report_many(f"the estimate's mean error with {MANY_OFFERS} and more offers", many)
    report("the 80 % range holds the truth", 100 * statistics.mean(it.covered for it in trials), f"% {of}")
    report(
        "held-out sales in the range of single sales",
        100 * statistics.mean(it.sales_covered for it in trials),
        "%",
    )
    report(f"CPU of an estimate of {SIZES[-1]} offers", 1000 * cpu_seconds(SIZES[-1]), "ms")


def report_many(what: str, trials: Sequence[Trial]) -> None:
    """Report the mean error beside the best one, and how near one gets who knows the outliers alone."""
    error = 100 * statistics.mean(it.error for it in trials)
    best = "the best estimate that knows every stranger and factor"
    report(what, error, "%", peer=best, ratios=[of_best(trials)])
    report(
        f"{what}, strangers known, factors learnt",
        100 * statistics.mean(it.learnt_error for it in trials),
        "%",
        peer=best,
        ratios=[learnt_of_best(trials)],
    )


def cpu_seconds(count: int, runs: int = 25) -> float:
    """Return the median CPU time of an estimate of `count` offers."""
    rng, taken = random.Random(count), []
    for _ in range(runs):
        drawn = draw_offers(MARKETS[0], draw_sample(MARKETS[0], rng), count, 0.2, rng)
        began = time.process_time()
        estimate_price([one.offer for one in drawn])
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=150)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    print(
        f"{options.samples} samples a cell, seed {options.seed}; peer: weighted mean of the pre-owned offers"
    )
    by_market = {it: print_grid(it, options.samples, options.seed) for it in MARKETS}
    trials = [one for of_market in by_market.values() for one in of_market]
    print("\nall markets")
    print_calibration(trials)
    report_all(trials)
    varying = max(MARKETS, key=lambda it: it.factor_sd)
    many = [it for it in by_market[varying] if it.offers >= MANY_OFFERS]
    report_many(f"{varying.name}: mean error with {MANY_OFFERS} and more offers", many)


if __name__ == "__main__":
    main()
