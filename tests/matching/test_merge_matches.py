"""The matches of several sources become one list with each page once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lens_rx.facts import Condition, Match, MatchKind, Money, Offer
from lens_rx.matching import offers_from_matches
from lens_rx.matching.consensus import consensus
from lens_rx.matching.merge_matches import link_key, merge_matches


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.shop.test/a", "http://shop.test/a/", True),
        ("https://shop.test/a?utm_source=x&size=2", "https://shop.test/a?size=2", True),
        ("https://shop.test/a#reviews", "https://shop.test/a", True),
        ("https://shop.test/a?size=2", "https://shop.test/a?size=3", False),
        ("https://shop.test/a", "https://shop.test/b", False),
        ("https://www.ebay.de/itm/123456789012?hash=x", "https://www.ebay.com/itm/parka/123456789012", True),
        ("https://www.ebay.de/itm/123456789012", "https://www.ebay.de/itm/123456789013", False),
        ("", "https://[", False),
    ],
)
def test_addresses_of_one_page(one: str, other: str, same: bool):
    """Tracking, scheme and final slash make no other page; a listing on eBay is the same on all its sites."""
    assert (link_key(one) == link_key(other)) is same


def test_what_others_know_is_added():
    """A page found twice keeps its first title and gains price, offer, kind and the other source's name."""
    offer = Offer("1", "Parka", "https://shop.test/a", Decimal(80), "EUR")
    first = Match("Parka", "https://shop.test/a", found_by="lens")
    other = Match(
        "Another title",
        "https://shop.test/a/",
        price=Money(Decimal(80), "EUR"),
        exact=True,
        found_by="ebay",
        kind=MatchKind.FULL,
        offer=offer,
    )
    (merged,) = merge_matches([[first], [other]])
    assert (merged.title, merged.link, merged.found_by) == ("Parka", "https://shop.test/a", "lens,ebay")
    assert (merged.exact, merged.kind, merged.offer) == (True, MatchKind.FULL, offer)
    assert merged.price == Money(Decimal(80), "EUR")


def test_full_matches_weigh_more():
    """A page with the very photo names the thing against one that only resembles it."""
    full = Match("Norrvik Fjell Parka", "https://a.test/", kind=MatchKind.FULL)
    similar = Match("Caldera Ridge Coat", "https://b.test/", kind=MatchKind.SIMILAR)
    found = consensus([similar, full])
    assert found is not None
    assert (found.producer, found.model, found.titles) == ("Norrvik", "Fjell Parka", ("Norrvik Fjell Parka",))
    assert consensus([similar, Match("Norrvik Fjell Parka", "https://a.test/")]) is None


@pytest.mark.parametrize(("condition", "joins"), [(Condition.USED, True), (Condition.NEW, False)])
def test_a_match_that_is_a_listing_is_an_offer(condition: Condition, joins: bool):
    """A used listing joins the offers as it is; a new one does not."""
    offer = Offer("1", "Parka", "https://www.ebay.de/itm/1", Decimal(80), "EUR", condition=condition, bids=2)
    match = Match("Parka", offer.link, price=Money(Decimal(80), "EUR"), offer=offer)
    assert offers_from_matches([match]) == ((offer,) if joins else ())
