"""A wrong grade from a photo moves an estimate by little, and makes it less sure; the user's own word decides."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
import reactivex as rx
from collecting import collect

from lens_rx.facts import (
    AnalysisState,
    Caption,
    Condition,
    Decider,
    Estimate,
    Identity,
    Item,
    Offer,
    Offers,
    Options,
)
from lens_rx.matching.identity_support import PHOTO_NAME_CERTAINTY, PHOTO_NAME_DOUBT
from lens_rx.operators.estimate import estimate
from lens_rx.pricing import estimate_price
from lens_rx.pricing.condition_factors import CONDITION_FACTORS
from lens_rx.pricing.seen_condition import GRADES, weigh_seen_condition

#: Shares of the grades in a market of fashion, where little is worn and nothing is broken.
FRESH_MARKET = (0.3, 0.35, 0.2, 0.13, 0.02, 0)


def offers_of(conditions: Sequence[Condition], worth: float, rng: random.Random) -> tuple[Offer, ...]:
    """Return sales around what a thing of each condition is worth."""
    return tuple(
        Offer(
            id=str(n),
            title="thing",
            link=f"https://market.example/{n}",
            price=Decimal(f"{worth * CONDITION_FACTORS[it].factor * math.exp(rng.gauss(0, 0.1)):.2f}"),
            currency="EUR",
            condition=it,
            sold=True,
        )
        for n, it in enumerate(conditions)
    )


SOUND = offers_of(
    [Condition.GOOD] * 7 + [Condition.VERY_GOOD] * 4 + [Condition.ACCEPTABLE], 790, random.Random(1)
)


async def estimate_of(
    seen: Condition, given: Condition | None = None, decider: Decider = Decider.MODEL
) -> Estimate:
    state = AnalysisState(
        Item((), Options(condition=given)),
        caption=Caption(condition=seen),
        identity=Identity("Norrvik", "Fjell Parka", decider=decider),
        offers=Offers(SOUND),
    )
    _, estimated, *_ = await collect(rx.of(state).pipe(estimate("EUR")))
    assert isinstance(estimated, Estimate)
    return estimated


async def test_a_wrong_grade_moves_the_estimate_by_one_step():
    """Seen as for parts among sound offers, a thing of 790 is no thing of 230: the range holds both, and says so."""
    right, wrong = await estimate_of(Condition.GOOD), await estimate_of(Condition.FOR_PARTS)
    assert 0.65 < wrong.price / right.price < 1
    assert wrong.low < Decimal("0.35") * right.price < right.price < wrong.high
    assert wrong.certainty < 0.6 * right.certainty
    assert wrong.doubts == (
        "The photo looks for parts, but the offers make acceptable likelier; give the condition if you know it.",
    )
    assert right.doubts == ()


async def test_the_users_own_word_is_taken_as_it_is():
    """A condition given by the user shifts the worth in full, whatever the photo shows."""
    given = await estimate_of(Condition.GOOD, given=Condition.FOR_PARTS)
    assert given.price == estimate_price(SOUND, condition=Condition.FOR_PARTS).price  # type: ignore[union-attr]
    assert given.price < 300
    assert given.doubts == ()


def test_a_grade_in_which_much_is_offered_is_believed():
    """Where a third of the offers are for parts, so is a thing that looks it."""
    offers = offers_of([Condition.GOOD] * 8 + [Condition.FOR_PARTS] * 4, 100, random.Random(2))
    assert weigh_seen_condition(Condition.FOR_PARTS, offers)[Condition.FOR_PARTS] > 0.8
    assert weigh_seen_condition(Condition.UNKNOWN, offers) == {Condition.UNKNOWN: 1.0}


def test_grades_that_are_often_wrong_cost_less():
    """Graded right in two of three, weighed grades err less than grades taken as they are, and the range holds."""
    rng, errors, held = random.Random("fresh"), {False: 0.0, True: 0.0}, 0
    for _ in range(60):
        offers = offers_of(rng.choices(GRADES, FRESH_MARKET, k=12), 100, rng)
        true = rng.choices(GRADES, FRESH_MARKET)[0]
        seen = true if rng.random() < 0.6 else rng.choice(GRADES)
        worth = 100 * CONDITION_FACTORS[true].factor
        for weighed in errors:
            estimated = estimate_price(offers, condition=seen, seen_on_photo=weighed)
            assert estimated is not None
            errors[weighed] += abs(math.log(float(estimated.price) / worth))
        held += float(estimated.low) <= worth <= float(estimated.high)
    assert errors[True] < 0.8 * errors[False]
    assert held > 0.65 * 60


async def test_a_name_on_the_photo_alone_makes_the_price_less_sure():
    """The chance that the price is right falls with that of the name, and the doubt is in words."""
    named, printed = (
        await estimate_of(Condition.GOOD),
        await estimate_of(Condition.GOOD, decider=Decider.PHOTO),
    )
    assert printed.price == named.price
    assert printed.certainty == pytest.approx(PHOTO_NAME_CERTAINTY * named.certainty, abs=0.001)
    assert printed.doubts == (PHOTO_NAME_DOUBT,)
