"""The classifieds of the sandbox are read by the parsers of the real ones."""

from __future__ import annotations

import pytest
from sandbox_web import Visitor

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.marketplaces import MARKETPLACES
from lens_rx.sandbox.catalogue import Thing, catalogue

COUNTRIES = [
    ("kleinanzeigen", "DE", "EUR"),
    ("wallapop", "ES", "EUR"),
    ("depop", "US", "USD"),
    ("olx", "PL", "PLN"),
    ("olx", "RO", "RON"),
    ("mercadolibre", "AR", "ARS"),
    ("mercadolibre", "MX", "MXN"),
    ("mercadolibre", "BR", "BRL"),
]
THING = next(thing for thing in catalogue() if thing.listings)


async def offers_of(visitor: Visitor, name: str, country: str, thing: Thing) -> list[Offer]:
    """Return what the parser reads on the sandbox's result page."""
    market = next(it for it in MARKETPLACES if it.name == name)
    url = visitor.sandbox.endpoints.resolve(market.search_url(Identity(thing.producer, thing.model), country))
    answer = await visitor.get(url)
    assert market.is_search(answer.url)
    return market.offers_from_html(answer.text, answer.url)


@pytest.mark.parametrize(("name", "country", "currency"), COUNTRIES)
async def test_offers_are_read(visitor: Visitor, name: str, country: str, currency: str):
    """Each offer has its title, its price in the country's currency and a link; some are told apart."""
    offers = await offers_of(visitor, name, country, THING)
    priced = [offer for offer in offers if offer.price]
    assert len(priced) >= 3
    assert {offer.currency for offer in offers} == {currency}
    assert {offer.marketplace for offer in offers} == {name}
    words = f"{THING.producer} {THING.model}".casefold().split()
    assert all(word in offer.title.casefold() for offer in offers for word in words if word.isalnum())
    prices = sorted(offer.price for offer in priced)
    assert prices[-1] < prices[0] * 4
    assert all(
        offer.wanted == (offer.price == 0) for offer in offers if name in ("kleinanzeigen", "wallapop")
    )


@pytest.mark.parametrize(("name", "country"), [("wallapop", "ES"), ("depop", "US")])
async def test_sold_marks_are_read(visitor: Visitor, name: str, country: str):
    """What is sold is told from what is for sale."""
    offers = await offers_of(visitor, name, country, THING)
    assert [offer.sold for offer in offers if offer.price][:4] == [False, False, True, False]


@pytest.mark.parametrize(("name", "country"), [(name, country) for name, country, _ in COUNTRIES])
async def test_nothing_found_is_said(visitor: Visitor, name: str, country: str):
    """A search without results says so."""
    market = next(it for it in MARKETPLACES if it.name == name)
    url = visitor.sandbox.endpoints.resolve(market.search_url(Identity("Nobody", "makes this"), country))
    answer = await visitor.get(url)
    assert market.offers_from_html(answer.text, answer.url) == []
    assert market.says_none(answer.text)
