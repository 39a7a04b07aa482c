"""The catalogue: its truth holds together, and its listings are hard enough."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from statistics import fmean, median

import pytest

from lens_rx.facts import Condition
from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import ShopForm, Thing, catalogue
from lens_rx.sandbox.listings import Listing, Trap
from lens_rx.sandbox.sellers import CONDITION_FACTORS

THINGS = catalogue().things
LISTED = [thing for thing in THINGS if thing.comparables >= 3]


def euros(listing: Listing) -> float:
    local = convert(listing.price, "EUR", date.max)
    assert local is not None
    return float(local.amount)


def ids(thing: Thing) -> str:
    return thing.id


def test_there_are_enough_things() -> None:
    """Forty things and more, each under a name of its own, of many kinds."""
    assert len(THINGS) >= 40
    assert len({thing.id for thing in THINGS}) == len(THINGS)
    assert len({thing.kind for thing in THINGS}) >= 20


def test_the_first_twelve_lack_nothing() -> None:
    """The first twelve yield all five facts; some of the later ones lack each of the kinds."""
    assert all(not thing.missing_kinds and thing.retail for thing in THINGS[:12])
    lacking = {kind for thing in THINGS[12:] for kind in thing.missing_kinds}
    assert lacking == {"producer-url", "retail-price-details", "second-hand-offers", "estimated-price"}
    assert any(thing.shop and thing.retail is None for thing in THINGS)


def test_names_are_not_trivial() -> None:
    """Several producers make several things, and some models' names stand inside of others."""
    producers = [thing.producer for thing in THINGS]
    assert len({name for name in producers if producers.count(name) > 2}) >= 4
    assert catalogue()["kivo-one"].model in catalogue()["kivo-one-pro"].model


def test_shops_speak_in_every_form_and_currency() -> None:
    """All forms of product pages occur, and six currencies."""
    assert {thing.shop for thing in THINGS if thing.shop} == set(ShopForm)
    assert {"EUR", "USD", "GBP", "SEK", "JPY", "CHF"} == {t.retail.currency for t in THINGS if t.retail}


def test_an_unknown_id_is_a_key_error() -> None:
    """A thing that is not there is not made up."""
    with pytest.raises(KeyError):
        catalogue()["no-such-thing"]


def test_another_process_sees_the_same() -> None:
    """The version follows the content, and the content follows no process."""
    code = "from lens_rx.sandbox.catalogue import catalogue; print(catalogue().version)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == catalogue().version


def test_listing_ids_are_unique() -> None:
    """No two listings share a number."""
    numbers = [listing.id for thing in THINGS for listing in thing.listings]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("thing", LISTED, ids=ids)
def test_sold_listings_tell_the_truth(thing: Thing) -> None:
    """Honest sold listings, brought to the photo's condition, lie around the true used price."""
    level = CONDITION_FACTORS[thing.condition]
    sold = [
        euros(listing) / CONDITION_FACTORS[listing.condition] * level
        for listing in thing.listings
        if listing.trap is Trap.NONE and listing.sold_days_ago is not None
    ]
    assert len(sold) >= 3
    assert median(sold) == pytest.approx(float(thing.used), rel=0.15)


@pytest.mark.parametrize("thing", LISTED, ids=ids)
def test_search_finds_honest_listings(thing: Thing) -> None:
    """Honest titles bear producer and model, and enough of them are on eBay."""
    honest = [listing for listing in thing.listings if listing.trap is Trap.NONE]
    assert all(f"{thing.producer} {thing.model}" in listing.title for listing in honest)
    assert sum(listing.marketplace == "ebay" for listing in honest) >= 5


def test_a_plain_mean_is_wrong() -> None:
    """The mean of all offers is off by a fifth or more for so many things that it would fail."""
    wrong = [abs(fmean(map(euros, t.listings)) / float(t.used) - 1) > 0.2 for t in LISTED]
    assert sum(wrong) / len(wrong) > 0.4


def test_asking_is_above_sold() -> None:
    """Over all things what is asked at a fixed price lies 10 to 25 % above what was paid."""

    def levels(*, sold: bool) -> list[float]:
        return [
            euros(listing)
            / float(thing.used)
            / CONDITION_FACTORS[listing.condition]
            * CONDITION_FACTORS[thing.condition]
            for thing in LISTED
            for listing in thing.listings
            if listing.trap is Trap.NONE
            and (listing.sold_days_ago is not None) == sold
            and (sold or listing.bids is None)
        ]

    assert 1.1 < median(levels(sold=False)) / median(levels(sold=True)) < 1.25


def test_listings_vary() -> None:
    """Every trap, every condition, auctions, ranges, free and unknown shipping, four marketplaces occur."""
    cards = [listing for thing in THINGS for listing in thing.listings]
    assert {card.trap for card in cards} == set(Trap)
    assert {card.condition for card in cards} == set(CONDITION_FACTORS)
    assert {card.marketplace for card in cards} == {"ebay", "mercari", "carousell", "vinted"}
    assert {"de", "en", "fr", "es", "it", "nl", "pl", "ja"} <= {card.language for card in cards}
    assert any(card.price_high for card in cards)
    assert any(card.bids for card in cards)
    assert {None, Decimal(0)} <= {card.shipping for card in cards}


def test_ranges_rise() -> None:
    """The upper end of a range lies above the lower one, and every price is above nothing."""
    cards = [listing for thing in THINGS for listing in thing.listings]
    assert all(card.price.amount > 0 for card in cards)
    assert all(card.price_high > card.price.amount for card in cards if card.price_high)


def test_wear_is_said_in_the_listings_language() -> None:
    """The same grade reads otherwise in another language."""
    worn = {
        card.language: card.condition_text
        for thing in THINGS
        for card in thing.listings
        if card.condition is Condition.ACCEPTABLE
    }
    assert worn["de"] == "Akzeptabel"
    assert worn["en"] == "Acceptable"
    assert len(set(worn.values())) == len(worn)
