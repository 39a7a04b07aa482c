"""How fast things sell: against closed forms, and against markets whose survival is known."""

from __future__ import annotations

import math
import random

import pytest

from lens_rx.pricing.decision.time_to_sell import Listing, SaleRate, sale_rate


def fitted(listings: list[Listing]) -> SaleRate:
    rate = sale_rate(listings)
    assert isinstance(rate, SaleRate), rate
    return rate


def simulated(
    rng: random.Random, rate: float, elasticity: float, *, ages_known: bool = True
) -> list[Listing]:
    """Return what pages show of a market in which two things a day are listed: sales of 90 days, and what is offered."""
    listings = []
    for _ in range(800):
        log_price, listed = rng.gauss(0, 0.2), rng.uniform(0, 400)
        sold = listed - rng.expovariate(rate * math.exp(-elasticity * log_price))
        if sold < 0:
            listings.append(Listing(log_price, None, listed if ages_known else None))
        elif sold <= 90:
            listings.append(Listing(log_price, sold, None))
    return listings


def test_with_known_days_the_rate_is_events_by_exposure():
    """All at the typical price and of known age: the sales in the window by the days on which they were on offer."""
    sold = [Listing(0.0, float(days), float(days + 10)) for days in (2, 4, 6, 8, 30)]
    offered = [Listing(0.0, None, float(days)) for days in (5, 10, 20, 40)]
    # the oldest sale opens the window of 30 days; exposure: 4 times 10, and 5 + 10 + 20 + 30
    assert fitted([*sold, *offered]).log_rate == pytest.approx(math.log(4 / 105), abs=1e-3)


def test_with_unknown_days_the_rate_is_sales_a_day_by_stock():
    """Where no page says since when, a steady market sells as many a day as the rate times what is on offer."""
    sold = [Listing(0.0, float(days)) for days in range(1, 61)]
    offered = [Listing(0.0) for _ in range(20)]
    assert math.exp(fitted([*sold, *offered]).log_rate) == pytest.approx(59 / (60 * 20), rel=0.05)


def test_what_was_listed_before_the_window_counts_inside_it_alone():
    """A thing on offer for years adds the days of the window, not its age."""
    sold = [Listing(0.0, float(days), float(days + 10)) for days in (2, 4, 6, 8, 30)]
    young = [Listing(0.0, None, 30.0) for _ in range(4)]
    old = [Listing(0.0, None, 900.0) for _ in range(4)]
    assert fitted([*sold, *old]).log_rate == pytest.approx(fitted([*sold, *young]).log_rate)


@pytest.mark.parametrize("ages_known", [True, False])
def test_the_chances_are_those_of_the_market(ages_known: bool):
    """On markets of a known rate and elasticity the chances to sell are right on average, at each of three prices."""
    rng = random.Random(20261128)
    errors: list[float] = []
    for _ in range(12):
        rate, elasticity = math.exp(rng.uniform(math.log(0.01), math.log(0.06))), rng.uniform(2, 4)
        found = sale_rate(simulated(rng, rate, elasticity, ages_known=ages_known))
        if isinstance(found, SaleRate):
            for log_price in (-0.15, 0.0, 0.15):
                truth = 1 - math.exp(-14 * rate * math.exp(-elasticity * log_price))
                errors.append(found.chance(log_price, 14) - truth)
    assert len(errors) >= 30
    assert abs(sum(errors) / len(errors)) < 0.04
    assert sum(map(abs, errors)) / len(errors) < 0.1


def test_a_dearer_thing_sells_later_and_a_longer_time_sells_more():
    """The chance falls with the price and grows with the days, and is a chance."""
    rate = fitted(simulated(random.Random(1), 0.03, 3.0))
    assert 0 < rate.chance(0.2, 14) < rate.chance(0.0, 14) < rate.chance(-0.2, 14) < 1
    assert rate.chance(0.0, 14) < rate.chance(0.0, 30)


@pytest.mark.parametrize(
    ("listings", "word"),
    [
        ([Listing(0.0, None, 5.0)] * 20, "Too few sales"),
        ([Listing(0.0, float(day)) for day in range(20)], "Too few things on offer"),
        ([Listing(0.0, 1.0)] * 9 + [Listing(0.0, None, 5.0)] * 9, "same days"),
        ([Listing(0.0, 200.0 + day) for day in range(20)] + [Listing(0.0)] * 9, "Too few sales"),
        ([], "Too few sales"),
    ],
)
def test_too_little_evidence_is_said(listings: list[Listing], word: str):
    """Without sales, stock or different days there is a sentence instead of a number."""
    found = sale_rate(listings)
    assert isinstance(found, str) and word in found and found.endswith(".")
