"""Marketplaces searched side by side: told as they end, and all as one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
import reactivex as rx
from collecting import collect

from lens_rx.facts import (
    AnalysisState,
    Fact,
    Failed,
    Identity,
    Item,
    MarketplaceOffers,
    Match,
    Matches,
    Money,
    Offer,
    Offers,
    Options,
    Outcome,
)
from lens_rx.facts.errors import Blocked, NoResults, StageError
from lens_rx.operators.offers import LOOK_ALIKES, OfferSearch, offers, search_marketplace
from lens_rx.reactive.interop import to_async_iterable

CAMERA = Identity("Canon", "AE-1", category="camera")
KNOWN = AnalysisState(Item((), Options(country="DE")), identity=CAMERA)


def listing(title: str, number: int, marketplace: str = "ebay") -> Offer:
    link = f"https://www.{marketplace}.de/items/{110_000_000_000 + number}"
    return Offer(str(number), title, link, Decimal(50 + number), "EUR", marketplace=marketplace)


class Stall:
    """A source of offers that opens when it is told to."""

    def __init__(self, name: str, answer: Sequence[Offer] | StageError) -> None:
        self.name, self.answer = name, answer
        self.opened = asyncio.Event()
        self.asked: list[tuple[Identity, str]] = []

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        self.asked.append((identity, country))
        await self.opened.wait()
        if isinstance(self.answer, StageError):
            raise self.answer
        return self.answer


def finds(*stalls: Stall, closed: bool = False) -> dict[str, OfferSearch]:
    for stall in () if closed else stalls:
        stall.opened.set()
    return {stall.name: search_marketplace(stall) for stall in stalls}


async def collect_offers(searches: dict[str, OfferSearch], known: AnalysisState = KNOWN) -> list[Fact]:
    return await collect(offers(searches)(rx.of(known)))


async def test_each_marketplace_is_told_as_it_ends_and_all_as_one():
    """The one that ends first is told first; the whole keeps the order of trust."""
    slow, quick = (
        Stall("ebay", [listing("Canon AE-1 a", 1)]),
        Stall("vinted", [listing("Canon AE-1 b", 2, "vinted")]),
    )
    searches = finds(slow, quick, closed=True)
    quick.opened.set()
    facts: list[Fact] = []
    async for fact in to_async_iterable(offers(searches)(rx.of(KNOWN))):
        facts.append(fact)
        slow.opened.set()
    first, second, whole = facts
    assert isinstance(first, MarketplaceOffers)
    assert isinstance(second, MarketplaceOffers)
    assert [first.marketplace, second.marketplace] == ["vinted", "ebay"]
    assert isinstance(whole, Offers)
    assert [offer.marketplace for offer in whole.offers] == ["ebay", "vinted"]
    assert slow.asked == [(CAMERA, "DE")]


async def test_offers_are_judged():
    """What is not the thing is told with its reason, by the marketplace and in the whole."""
    partial, whole = await collect_offers(
        finds(Stall("ebay", [listing("Canon AE-1", 1), listing("Canon A-1", 2)]))
    )
    assert isinstance(partial, MarketplaceOffers)
    assert isinstance(whole, Offers)
    assert [offer.title for offer in whole.offers] == ["Canon AE-1"]
    assert partial.rejected == whole.rejected
    assert [it.offer.title for it in whole.rejected] == ["Canon A-1"]


async def test_a_blocked_marketplace_does_not_stop_the_others():
    """A failure is told under the marketplace's name, and the others' offers still come."""
    blocked = Stall("ebay", Blocked("ebay showed a wall (pardon).", "pardon"))
    facts = await collect_offers(finds(blocked, Stall("vinted", [listing("Canon AE-1", 1, "vinted")])))
    assert Failed("offers.ebay", Outcome.BLOCKED, "ebay showed a wall (pardon).") in facts
    whole = facts[-1]
    assert isinstance(whole, Offers)
    assert len(whole.offers) == 1


async def test_the_same_listing_is_counted_once():
    """A look-alike that a marketplace lists too is counted where it is trusted more."""
    same = listing("Canon AE-1", 1, "vinted")
    matches = Matches((Match("Canon AE-1", same.link + "-canon", price=Money(Decimal(51), "EUR")),))
    facts = await collect_offers(finds(Stall("vinted", [same])), replace(KNOWN, matches=matches))
    whole = facts[-1]
    assert isinstance(whole, Offers)
    assert whole.offers == (same,)
    assert [it.offer.link for it in whole.rejected] == [same.link + "-canon"]


async def test_look_alikes_alone_are_enough():
    """With every marketplace blocked the priced look-alikes are still offers."""
    matches = Matches(
        (Match("Canon AE-1", "https://www.vinted.de/items/4411", price=Money(Decimal(51), "EUR")),)
    )
    facts = await collect_offers(finds(Stall("ebay", Blocked("wall"))), replace(KNOWN, matches=matches))
    whole = facts[-1]
    assert isinstance(whole, Offers)
    assert [offer.price for offer in whole.offers] == [Decimal(51)]
    assert any(isinstance(fact, MarketplaceOffers) and fact.marketplace == LOOK_ALIKES for fact in facts)


async def test_nothing_anywhere_is_nothing():
    """When all say that they have nothing the stage ends empty, without a word of each."""
    with pytest.raises(NoResults):
        await collect_offers(finds(Stall("ebay", NoResults("none")), Stall("vinted", NoResults("none"))))


@pytest.mark.parametrize("failure", [NoResults("none"), Blocked("wall")])
async def test_look_alikes_of_another_thing_are_no_offers(failure: StageError):
    """Where no marketplace has anything the stage ends as without look-alikes, though the photo's are for sale."""
    other = Match("Nikon FM2", "https://www.vinted.de/items/4411", price=Money(Decimal(51), "EUR"))
    known = replace(KNOWN, matches=Matches((other,)))
    with pytest.raises(type(failure)):
        await collect_offers(finds(Stall("ebay", failure)), known)
    *_, whole = await collect_offers(finds(Stall("ebay", [listing("Canon AE-1", 1)])), known)
    assert isinstance(whole, Offers)
    assert [it.offer.title for it in whole.rejected] == ["Nikon FM2"]


async def test_the_gravest_failure_ends_the_stage_when_no_one_answers():
    """A wall outweighs a marketplace that has nothing: it is not known what the other had."""
    with pytest.raises(Blocked):
        await collect_offers(finds(Stall("vinted", NoResults("none")), Stall("ebay", Blocked("wall"))))


async def test_a_planted_price_is_no_price_of_the_thing():
    """A listing at a hundred times the others is marked, with the reason, before the fact is told; the others are not."""
    market = [listing("Canon AE-1", number) for number in range(8)]
    planted = replace(listing("Canon AE-1 Program", 9), price=Decimal(12800))
    facts = await collect_offers(finds(Stall("ebay", [*market, replace(planted, title="Canon AE-1")])))
    whole = facts[-1]
    assert isinstance(whole, Offers)
    assert whole.exclusions[:-1] == ("",) * 8
    assert "far above" in whole.exclusions[-1]
