"""One's own history against the rules: judged by what was known before each sale."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lens_rx.pricing.decision import Terms, parse_rules
from lens_rx.pricing.decision.sales_history import PastSale, WithoutFee, backtest

ON = date(2026, 11, 20)
PRIVATE = Terms(
    marketplace="vinted", country="DE", rules=parse_rules("[defaults]\nseller = 'private'\nmargin = 25\n")
)


def history(number: int = 200) -> list[PastSale]:
    """Return sales at 0.8 of the asking price, spread by 12 %, bought for a third of it."""
    rng = random.Random(7)
    sales = []
    for at in range(number):
        asked = Decimal(rng.randrange(20, 300))
        sold = (asked * Decimal(0.8 * math.exp(rng.gauss(0, 0.12)))).quantize(Decimal("0.01"))
        sales.append(
            PastSale((asked / 3).quantize(Decimal("0.01")), sold, asked, date(2025, 1, 1) + timedelta(at))
        )
    return sales


def test_what_an_asking_price_brings_is_learnt_from_earlier_sales():
    """The estimate follows the sales, its error is their spread, and its range holds four of five of them."""
    result = backtest(history(), PRIVATE, "EUR", ON)
    assert (result.sales, result.priced) == (200, 200)
    assert result.brings == pytest.approx(0.8, abs=0.03)
    assert result.median_error == pytest.approx(
        0.084, abs=0.03
    )  # the median of a normal with 12 %: 0.6745 times it
    assert abs(result.bias or 0) < 0.03
    assert result.inside == pytest.approx(0.8, abs=0.07)


def test_profit_is_what_was_left_and_the_rules_part_it():
    """Without fees and tax the profit is sales less purchases; bought and left make up all of it."""
    sales = history()
    result = backtest(sales, PRIVATE, "EUR", ON)
    assert result.actual.profit == sum(it.sold - it.bought for it in sales)
    assert result.bought.number + result.left.number == 200
    assert result.bought.profit + result.left.profit == result.actual.profit
    assert backtest(sales, Terms(margin=Decimal(99), rules=PRIVATE.rules), "EUR", ON).bought.number == 0


def test_later_sales_are_not_looked_at():
    """Absurd sales after the first ones change nothing of what was known before those."""
    early = history(40)
    late = [
        PastSale(Decimal(1), Decimal(9999), Decimal(10), date(2026, 1, 1) + timedelta(at)) for at in range(60)
    ]
    alone, beside = (backtest(sales, PRIVATE, "EUR", ON) for sales in (early, [*late, *early]))
    assert beside.left.number + beside.bought.number == 100
    assert beside.actual.profit - alone.actual.profit == sum(it.sold - it.bought for it in late)
    assert beside.bought.number - alone.bought.number <= len(late)


def test_estimates_of_ones_own_are_used_with_their_certainty():
    """Columns of estimates replace the asking price, and certainties are compared with what came true."""
    sales = [
        PastSale(
            Decimal(10), Decimal(100), estimate=Decimal(95), low=Decimal(80), high=Decimal(110), certainty=0.9
        ),
        PastSale(
            Decimal(10),
            Decimal(100),
            estimate=Decimal(150),
            low=Decimal(120),
            high=Decimal(180),
            certainty=0.7,
        ),
        PastSale(Decimal(10), Decimal(100)),
    ]
    result = backtest(sales, PRIVATE, "EUR", ON)
    assert (result.sales, result.priced, result.inside, result.within) == (3, 2, 0.5, 0.5)
    assert (result.said, result.was) == (pytest.approx(0.8), 0.5)
    assert result.actual.profit == 270


def test_sales_without_a_known_fee_are_counted_by_place():
    """A marketplace or a country that is not known has no fee, and the result says of how many sales."""
    places = [("etsy", "DE"), ("etsy", "DE"), ("ebay", "NARNIA"), ("ebay", "DE"), ("mercadolibre", "AR")]
    sales = [PastSale(Decimal(1), Decimal(9), marketplace=name, country=country) for name, country in places]
    result = backtest(sales, Terms(), "EUR", ON)
    assert result.without_fee == (WithoutFee("etsy", "DE", 2), WithoutFee("ebay", "NARNIA", 1))
