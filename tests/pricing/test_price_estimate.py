"""What a thing is worth, from offers of it and of strangers."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import reactivex as rx
from collecting import collect
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lens_rx.facts import (
    AnalysisState,
    Condition,
    DecisionBasis,
    Estimate,
    EstimateBasis,
    Item,
    Money,
    Offer,
    Offers,
    PriceEvidence,
)
from lens_rx.operators.estimate import estimate as estimate_of
from lens_rx.operators.estimate import estimate_price
from lens_rx.pricing import convert

DAY = datetime(2026, 9, 1, tzinfo=UTC)
PRICES = st.lists(
    st.integers(min_value=500, max_value=500_000).map(lambda cents: Decimal(cents) / 100),
    min_size=3,
    max_size=12,
)


def offer(price: str | Decimal, **fields: Any) -> Offer:
    told = {"currency": "EUR", "condition": Condition.USED, **fields}
    return Offer(id="1", title="jacket", link="https://market.example/1", price=Decimal(price), **told)


def sold(*prices: str | Decimal, **fields: Any) -> list[Offer]:
    return [offer(price, sold=True, sold_at=DAY, **fields) for price in prices]


def asked(*prices: str | Decimal, **fields: Any) -> list[Offer]:
    return [offer(price, **fields) for price in prices]


def worth(offers: list[Offer], **fields: Any) -> Estimate:
    estimate = estimate_price(offers, **fields)
    assert estimate is not None
    return estimate


MARKET = ("96", "104", "99", "110", "92", "101", "105", "95")


def test_agreeing_sales_are_the_worth():
    """Eight sales around 100 make 100, with a narrow range and near certainty."""
    estimate = worth(sold(*MARKET))
    assert 97 < estimate.price < 103
    assert 90 < estimate.low < estimate.price < estimate.high < 110
    assert 0.9 < estimate.certainty < 1
    assert (estimate.basis, estimate.comparables, estimate.currency) == (EstimateBasis.SOLD, 8, "EUR")


async def test_the_evidence_is_as_old_as_the_offers():
    """What the offers were read at is told of the evidence too, so that both are converted by one day's rates."""
    known = AnalysisState(Item(()), offers=Offers(tuple(sold(*MARKET)), observed_at=DAY))
    evidence, estimate, basis = await collect(rx.of(known).pipe(estimate_of("EUR")))
    assert isinstance(evidence, PriceEvidence) and isinstance(estimate, Estimate)
    assert evidence.observed_at == DAY
    assert isinstance(basis, DecisionBasis) and basis.estimate == estimate
    assert (len(basis.listings), basis.offers_read_at) == (estimate.comparables, DAY)


def test_an_outlier_of_a_hundred_times_is_left_out_and_says_so():
    """One absurd price hardly moves the worth; its evidence has no weight, but a reason."""
    alone = worth(sold(*MARKET))
    beside = worth(sold(*MARKET, "10000"))
    assert abs(beside.price / alone.price - 1) < Decimal("0.03")
    assert (beside.evidence[-1].weight, beside.comparables) == (0, 8)
    assert "far above" in beside.evidence[-1].reason


def test_two_prices_that_agree_are_enough():
    """Beside a planted price they make a worth, less sure than one of eight."""
    estimate = worth(sold("98", "102", "12800"))
    assert (estimate.comparables, estimate.basis) == (2, EstimateBasis.SOLD)
    assert 90 < estimate.price < 110
    assert estimate.certainty < worth(sold(*MARKET)).certainty


def test_one_price_that_none_agrees_with_is_no_market():
    """Of three prices far apart there is no worth, or it follows from the price new."""
    apart = sold("10", "40", "1500")
    assert estimate_price(apart) is None
    assert worth(apart, retail=Money(Decimal(100), "EUR")).basis is EstimateBasis.RETAIL


def test_bundles_and_accessories_are_told_from_the_thing():
    """Two bundles at triple and two cases at a tenth are strangers among six sales."""
    estimate = worth(sold("100", "300", "95", "10", "104", "99", "320", "9", "101", "97"))
    assert 94 < estimate.price < 106
    strangers = {one.amount for one in estimate.evidence if one.weight < 0.1}
    assert strangers == {Decimal(300), Decimal(320), Decimal(10), Decimal(9)}
    assert any("accessory" in one.reason for one in estimate.evidence)


def test_asking_prices_stand_above_the_worth():
    """The same amounts are worth 10 to 25 % less where they are asked, not paid."""
    assert 1.1 < worth(sold(*MARKET)).price / worth(asked(*MARKET)).price < 1.25
    assert worth(asked(*MARKET)).basis is EstimateBasis.ASKING


def test_sales_count_more_than_hopes():
    """Where sales and asking prices differ, the worth stays with the sales, and the basis is mixed."""
    estimate = worth(sold("100", "98", "102", "101") + asked("150", "155", "148", "152"))
    assert estimate.price < 125
    assert estimate.basis is EstimateBasis.MIXED


def test_the_condition_of_the_thing_moves_its_worth():
    """A thing like new is worth more than a used one, a worn one less, one for parts least."""
    steps = [Condition.FOR_PARTS, Condition.ACCEPTABLE, Condition.USED, Condition.LIKE_NEW, Condition.NEW]
    prices = [worth(sold(*MARKET), condition=step).price for step in steps]
    assert prices == sorted(prices)
    assert prices[0] < prices[-1] / 3


def test_the_condition_of_an_offer_is_taken_into_account():
    """Worn things at 70 and things like new at 115 say the same: 100 for a used one."""
    worn, fresh = (
        sold("70", "71", "69", condition=Condition.ACCEPTABLE),
        sold("115", "116", condition=Condition.LIKE_NEW),
    )
    estimate = worth(worn + fresh)
    assert 96 < estimate.price < 104
    assert [one.amount for one in estimate.evidence[:1]] == [Decimal(100)]
    assert "brought to used" in estimate.evidence[0].reason


@pytest.mark.parametrize("condition", [None, Condition.UNKNOWN, Condition.GOOD])
def test_an_unknown_condition_is_taken_as_used_and_sound(condition: Condition | None):
    """Nothing said, unknown and good give what used gives."""
    assert (
        worth(sold(*MARKET), condition=condition).price
        == worth(sold(*MARKET), condition=Condition.USED).price
    )


def test_amounts_in_other_currencies_are_converted_at_the_rates_of_the_day():
    """Dollars of a day and euros that are worth as much agree."""
    on = date(2020, 1, 2)
    dollars = [convert(Money(Decimal(price), "EUR"), "USD", on) for price in MARKET]
    offers = [offer(money.amount, currency="USD", sold=True) for money in dollars if money]
    assert abs(worth(offers, on=on).price - worth(sold(*MARKET)).price) < Decimal("0.1")
    assert (
        worth(sold(*MARKET), currency="JPY", on=on).price
        == worth(sold(*MARKET), currency="JPY", on=on).price.to_integral()
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (offer("0"), "no price"),
        (offer("-5"), "no price"),
        (offer("NaN"), "no price"),
        (offer("0.001"), "no price"),
        (offer("100", currency="XYZ"), "no exchange rate from XYZ"),
        (offer("100", currency=""), "no exchange rate from an unknown currency"),
        (offer("100", condition=Condition.FOR_PARTS), "defective, for parts"),
        (offer("1", bids=2), "an auction that still runs: the bid is not the price"),
    ],
)
def test_what_is_no_evidence_is_kept_with_its_reason(bad: Offer, reason: str):
    """An offer that says nothing of the worth changes nothing, and stands in the evidence with weight 0."""
    estimate = worth([bad, *sold(*MARKET)])
    assert (estimate.evidence[0].weight, estimate.evidence[0].reason) == (0, reason)
    assert abs(estimate.price - worth(sold(*MARKET)).price) < 1


def test_parts_are_evidence_for_parts():
    """A thing for parts is compared with things for parts."""
    parts = asked("20", "22", "21", condition=Condition.FOR_PARTS)
    estimate = worth(parts, condition=Condition.FOR_PARTS)
    assert estimate.comparables == 3
    assert 15 < estimate.price < 21


@pytest.mark.parametrize("count", [0, 1, 2])
def test_below_three_offers_there_is_no_estimate_without_the_price_new(count: int):
    """Two offers are no market."""
    assert estimate_price(sold(*MARKET[:count])) is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_below_three_offers_the_price_new_is_the_basis(count: int):
    """The price new is depreciated, the range is wide, the certainty at most even."""
    estimate = worth(sold(*MARKET[:count]), retail=Money(Decimal(200), "EUR"))
    assert (estimate.basis, estimate.comparables) == (EstimateBasis.RETAIL, count)
    assert 90 < estimate.price < 110
    assert estimate.high / estimate.low > Decimal("1.2")
    assert 0 < estimate.certainty <= 0.5


def test_the_price_new_falls_with_the_condition():
    """Of one price new, less is left the worse the condition, and never all."""
    retail = Money(Decimal(200), "USD")
    steps = [Condition.FOR_PARTS, Condition.ACCEPTABLE, Condition.USED, Condition.LIKE_NEW, Condition.NEW]
    prices = [worth([], retail=retail, condition=step, currency="USD").price for step in steps]
    assert prices == sorted(prices)
    assert prices[-1] < 200


@pytest.mark.parametrize("retail", [Money(Decimal(0), "EUR"), Money(Decimal(200), "XYZ")])
def test_a_price_new_that_says_nothing_is_no_basis(retail: Money):
    """Neither nothing nor an unknown currency is depreciated."""
    assert estimate_price([], retail=retail) is None


def test_more_agreement_is_more_certain():
    """Certainty grows with the number of sales, and with their agreement."""
    few, many = worth(sold(*MARKET[:3])), worth(sold(*MARKET))
    torn = worth(sold("40", "75", "100", "140", "180", "60", "120", "210"))
    assert few.certainty < many.certainty
    assert torn.certainty < many.certainty
    assert torn.high / torn.low > many.high / many.low


def test_old_sales_count_less():
    """A sale of three years ago has less weight than one of today, at the same price."""
    recent = sold("100", "101", "99")
    old = offer("100", sold=True, sold_at=DAY - timedelta(days=1095))
    evidence = worth([*recent, old]).evidence
    assert evidence[-1].weight < 0.7 * evidence[0].weight


def test_a_price_range_is_taken_in_its_middle_and_with_doubt():
    """A card that says 80 to 125 speaks for 100, more softly than one that says 100."""
    evidence = worth([offer("80", price_high=Decimal(125), sold=True), *sold("100", "101", "99")]).evidence
    assert evidence[0].amount == 100
    assert evidence[0].weight < evidence[1].weight


@given(prices=PRICES, asks=st.integers(min_value=0, max_value=12))
@settings(max_examples=40, deadline=None)
def test_an_estimate_is_always_well_formed(prices: list[Decimal], asks: int):
    """Price within the range, certainty below 1, evidence for every offer in the order given."""
    offers = asked(*prices[:asks]) + sold(*prices[asks:])
    estimate = estimate_price(offers)
    assume(estimate)  # there is none where no two prices agree
    assert 0 <= estimate.low <= estimate.price <= estimate.high
    assert 0 <= estimate.certainty < 1
    assert [one.offer for one in estimate.evidence] == offers
    assert all(0 <= one.weight <= 1 and one.reason for one in estimate.evidence)
    assert estimate.comparables == sum(round(one.weight, 4) > 0 for one in estimate.evidence) >= 2


@given(prices=PRICES, power=st.sampled_from([1, 2, 3]))
@settings(max_examples=25, deadline=None)
def test_the_estimate_scales_with_its_prices(prices: list[Decimal], power: int):
    """A thousand times the prices are a thousand times the worth, with the same certainty."""
    small, large = estimate_price(sold(*prices)), estimate_price(sold(*(it * 10**power for it in prices)))
    assume(small and large)  # there is none where no two prices agree
    assert math.isclose(large.price, small.price * 10**power, rel_tol=0.002, abs_tol=10**power)
    assert math.isclose(large.certainty, small.certainty, abs_tol=0.002)


@given(centre=st.integers(min_value=10, max_value=5000), seed=st.integers(min_value=0, max_value=1000))
@settings(max_examples=25, deadline=None)
def test_the_order_of_magnitude_is_right(centre: int, seed: int):
    """Six sales scattered by a fifth, beside two strangers, are never misread by half."""
    rng = random.Random(seed)
    own = [Decimal(round(centre * 100 * math.exp(rng.gauss(0, 0.2)))) / 100 for _ in range(6)]
    estimate = worth(sold(*own, Decimal(centre) * 4, Decimal(centre) / 10))
    assert centre / 1.6 < estimate.price < centre * 1.6


def test_the_range_holds_the_truth_about_as_often_as_it_says():
    """Of 120 samples with a fifth of strangers the 80 % range holds the truth in 70 to 90 %."""
    rng = random.Random(7)
    held = 0
    for _ in range(120):
        own = [Decimal(round(10000 * math.exp(rng.gauss(0, 0.2)))) / 100 for _ in range(8)]
        strange = [
            Decimal(round(10000 * rng.choice([rng.uniform(2, 5), rng.uniform(0.05, 0.3)]))) / 100
            for _ in range(2)
        ]
        estimate = worth(sold(*own, *strange))
        held += estimate.low <= 100 <= estimate.high
    assert 0.7 * 120 <= held <= 0.9 * 120


def test_a_struck_price_counts_like_an_asked_one():
    """What was sold below its price says less about the worth than what was sold at it."""
    bounds = sold(*MARKET, price_is_upper_bound=True)
    assert worth(bounds).price == worth(asked(*MARKET)).price < worth(sold(*MARKET)).price


def test_a_single_sale_falls_in_a_range_of_its_own():
    """Of 40 samples' next sales 70 to 90 % lie in the range of single sales, few in that of the typical price."""
    rng = random.Random(11)
    inside = typical = 0
    for _ in range(40):
        prices = [Decimal(round(10000 * math.exp(rng.gauss(0, 0.25)))) / 100 for _ in range(30)]
        estimate = worth(sold(*prices[:20]))
        assert estimate.sale_low is not None and estimate.sale_high is not None
        assert estimate.sale_low < estimate.low < estimate.high < estimate.sale_high
        inside += sum(estimate.sale_low <= price <= estimate.sale_high for price in prices[20:])
        typical += sum(estimate.low <= price <= estimate.high for price in prices[20:])
    assert 0.7 * 400 <= inside <= 0.9 * 400
    assert typical < 0.4 * 400
