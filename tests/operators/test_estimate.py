"""The estimate's certainty falls with what is not sure or could not be read, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import reactivex as rx
from collecting import collect

from lens_rx.facts import (
    AnalysisState,
    Candidate,
    Caption,
    Condition,
    Decider,
    Estimate,
    Fact,
    Failed,
    Identity,
    IdentityCandidates,
    Item,
    Offer,
    Offers,
    Options,
    Outcome,
    Product,
    Retail,
)
from lens_rx.operators.estimate import estimate, rests_on_offers

SOLD_AT = datetime(2026, 9, 1, tzinfo=UTC)
SALES = tuple(
    Offer(str(price), "a", f"https://m.test/{price}", Decimal(price), "EUR", sold=True, sold_at=SOLD_AT)
    for price in (96, 104, 99, 110, 92, 101, 105, 95)
)
SEEN = Caption(condition=Condition.GOOD)


async def estimated(**fields: Any) -> Estimate:
    state = AnalysisState(
        **{"item": Item(()), "caption": SEEN, "identity": Identity("A", "B"), "offers": Offers(SALES)}
        | fields
    )
    _, found, *_ = await collect(rx.of(state).pipe(estimate("EUR")))
    assert isinstance(found, Estimate)
    return found


def marked(offers: tuple[Offer, ...], *exclusions: str) -> AnalysisState:
    return AnalysisState(Item(()), offers=Offers(offers, exclusions=exclusions))


FOR_PARTS = replace(SALES[3], condition=Condition.FOR_PARTS)
NO_RATE = replace(SALES[3], currency="XAU")


@pytest.mark.parametrize(
    ("state", "enough"),
    [
        (AnalysisState(Item(())), False),
        (marked(SALES[:3]), False),
        (marked(SALES[:3], "", "", ""), True),
        (marked(SALES[:4], "", "far above the others", "", ""), True),
        (marked(SALES[:3], "", "far above the others", ""), False),
        (marked((*SALES[:2], FOR_PARTS), "", "", ""), False),
        (marked((*SALES[:2], NO_RATE), "", "", ""), False),
    ],
)
async def test_three_sound_offers_make_the_price_new_unnecessary(state: AnalysisState, enough: bool):
    """Where so many are left that a currency is known of, the estimate is the same with and without the price new."""
    assert rests_on_offers(state, "EUR") is enough
    if enough:
        retail = Retail("https://a.test", Product(price=Decimal(500), currency="EUR"))
        with_it, without = [await facts_of(replace(state, retail=it)) for it in (retail, None)]
        assert with_it == without


async def facts_of(state: AnalysisState) -> list[Fact]:
    return await collect(rx.of(state).pipe(estimate("EUR")))


async def test_certainty_falls_with_the_name_and_with_the_price():
    """The chance that the price is right is that of the name times that of the price; the name's doubts are kept."""
    unsure = IdentityCandidates((Candidate("A", "B", 1, decided=True),), 0.5, ("Only one source names it.",))
    plain, halved = await estimated(), await estimated(candidates=unsure)
    assert plain.price_certainty == halved.price_certainty == plain.certainty
    assert halved.certainty == pytest.approx(0.5 * plain.certainty, abs=0.001)
    assert (halved.identity_certainty, halved.doubts) == (0.5, unsure.doubts)
    assert plain.doubts == ()


async def test_the_users_name_is_nearly_sure():
    """A name by the user is taken, and never quite certain."""
    given = await estimated(identity=Identity("A", "B", decider=Decider.USER))
    assert given.identity_certainty == 0.98


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"failures": (Failed("offers.ebay", Outcome.BLOCKED, "a captcha"),)}, "Without offers of ebay"),
        (
            {"failures": (Failed("describe", Outcome.ERROR, "down"),), "caption": None},
            "could not be described",
        ),
        ({"caption": Caption()}, "The photo does not tell"),
        ({"caption": None}, "No photo was looked at"),
    ],
)
async def test_what_is_missing_makes_the_price_less_sure(fields: dict[str, Any], doubt: str):
    """A marketplace that could not be read and a condition that is not known are said, and lower the certainty."""
    plain, missing = await estimated(), await estimated(**fields)
    assert missing.price_certainty < plain.price_certainty  # type: ignore[operator]
    assert [doubt in it for it in missing.doubts] == [True]


async def test_a_condition_by_the_user_leaves_nothing_open():
    """Where the user gave it, it does not matter that the photo does not tell."""
    assert (await estimated(item=Item((), Options(condition=Condition.GOOD)), caption=None)).doubts == ()
