"""An estimate follows from the facts of its run alone."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import reactivex as rx
from collecting import collect

from lens_rx.facts import AnalysisState, Caption, Condition, Item, Offer, Offers, Product, Retail
from lens_rx.operators.estimate import estimate
from lens_rx.storage.codec import encode
from lens_rx.storage.records import Entry, Position
from lens_rx.web.fact_wire import ALL_KINDS
from lens_rx.web.view import View

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
READ = datetime(2026, 9, 1, tzinfo=UTC)
GRADES = (
    Condition.NEW,
    Condition.GOOD,
    Condition.USED,
    Condition.ACCEPTABLE,
    Condition.UNKNOWN,
    Condition.FOR_PARTS,
)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Import the benchmark as a script would."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield importlib.import_module("recompute_estimate")
    sys.modules.pop("recompute_estimate")


def market(count: int) -> tuple[Offer, ...]:
    """Return offers of every kind: sold, asked, ranges, running auctions, outliers, three currencies."""
    rng = random.Random(count)
    return tuple(
        Offer(
            str(number),
            "jacket",
            f"https://m.example/{number}",
            Decimal(rng.randrange(8000, 13000)) / 100 * rng.choice([1, 1, 1, 1, 4]),
            rng.choice(["EUR", "USD", "SEK"]),
            price_high=rng.choice([None, None, Decimal(150)]),
            condition=rng.choice(GRADES),
            sold=number % 2 == 0,
            sold_at=READ - timedelta(days=number * 9) if number % 2 == 0 else None,
            bids=rng.choice([None, None, None, 3]),
        )
        for number in range(count)
    )


async def stream(
    count: int, caption: Condition, currency: str = "EUR", offers: tuple[Offer, ...] = ()
) -> list[str]:
    known = AnalysisState(
        Item(()),
        caption=Caption(condition=caption),
        retail=Retail("https://n.test/1", Product(price=Decimal(220), currency="EUR")),
        offers=Offers(offers or market(count), observed_at=READ),
    )
    facts = await collect(rx.of(known).pipe(estimate("EUR")))
    view = View(currency, ALL_KINDS)
    entries = [Entry(Position(1, n), READ, encode(fact)) for n, fact in enumerate(facts, 1)]
    return [view.encode(entry).decode() for entry in entries]


@pytest.mark.parametrize("count", [0, 2, 5, 24, 60])
@pytest.mark.parametrize("caption", [Condition.UNKNOWN, Condition.VERY_GOOD, Condition.FOR_PARTS])
async def test_an_estimate_is_recomputed_to_the_cent(script: object, count: int, caption: Condition):
    """Amounts, rates, factors and weights on the wire give the price and both ranges, to the cent."""
    stated, again = script.recompute(await stream(count, caption))  # type: ignore[attr-defined]
    assert stated == again
    assert set(stated) == {"price", "min_range", "max_range", "sale_min", "sale_max"}


async def test_an_estimate_by_the_price_new_is_recomputed_though_there_are_offers(script: object):
    """Three prices that are each far off the others make no market: what is stated follows from the price new."""
    scattered = tuple(
        Offer(str(price), "jacket", f"https://m.example/{price}", Decimal(price), "EUR", sold=is_sold)
        for price, is_sold in ((375, True), (5079, True), (341, False))
    )
    lines = await stream(3, Condition.UNKNOWN, offers=scattered)
    assert '"basis":"retail"' in "".join(lines)
    stated, again = script.recompute(lines)  # type: ignore[attr-defined]
    assert stated == again


async def test_an_amount_that_does_not_follow_is_found(script: object):
    """A converted amount that is not the one read at the stated rate, and another currency, are refused."""
    lines = await stream(24, Condition.GOOD)
    with pytest.raises(ValueError, match="is not"):
        script.recompute([lines[0].replace('"amount_read":', '"amount_read":9'), *lines[1:]])  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="currency=EUR"):
        script.recompute(await stream(24, Condition.GOOD, "USD"))  # type: ignore[attr-defined]
