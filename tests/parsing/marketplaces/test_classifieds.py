"""The marketplaces that the generic reader is the base of, and pages of marketplaces that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_files import PageFile, shared

from lens_rx.facts import Condition, Identity, Offer
from lens_rx.parsing.marketplaces import (
    MARKETPLACES,
    depop,
    generic,
    kleinanzeigen,
    mercadolibre,
    offers_from_html,
    olx,
    wallapop,
)

SAVED = Path(__file__).parents[2] / "saved" / "classifieds"
CAMERA = Identity("Canon", "AE-1")
REAL = [*shared("2026/market"), *shared("ebay")]


def read(name: str, url: str) -> list[Offer]:
    """Return the offers of one of our pages, each checked for its link and its picture."""
    offers = offers_from_html((SAVED / name).read_text(), url)
    assert all(offer.link.startswith("https://") for offer in offers)
    return offers


def gist(offer: Offer) -> tuple[str, str, str, Condition]:
    return offer.title, str(offer.price), offer.currency, offer.condition


def test_kleinanzeigen():
    """Open prices are 0 or negotiable, adverts that seek and sellers who trade are told, gifts are no offers."""
    offers = read("kleinanzeigen_de.html", "https://www.kleinanzeigen.de/s-canon-ae-1/k0")
    assert [(it.title, str(it.price), it.best_offer) for it in offers] == [
        ("Canon AE-1 Gehäuse", "120", False),
        ("Canon AE-1 mit 50mm", "1150", True),
        ("Canon AE-1 Program schwarz", "0", True),
        ("Suche Canon AE-1", "60", False),
        ("Canon AE-1 defekt, Bastler", "25", True),
        ("Canon FD 50mm 1.8", "45", False),
        ("Canon AE-1 Konvolut", "300", False),
    ]
    assert [it.wanted for it in offers] == [False, False, False, True, False, False, False]
    assert [it.business_seller for it in offers] == [False, True, False, False, False, False, False]
    assert offers[0].id == "2800000000"
    assert offers[0].location == "10110 Berlin"
    assert offers[0].listed_at is not None
    assert offers[0].listed_at.date().isoformat() == "2025-07-01"
    assert offers[4].condition is Condition.FOR_PARTS


def test_wallapop():
    """The whole card is the link; the title is not linked apart."""
    offers = read("wallapop_es.html", "https://es.wallapop.com/search?keywords=canon")
    assert [gist(it) for it in offers] == [
        ("Canon AE-1 con objetivo", "140.00", "EUR", Condition.GOOD),
        ("Canon AE-1 Program", "1099.99", "EUR", Condition.NEW),
        ("Busco Canon AE-1", "50.00", "EUR", Condition.UNKNOWN),
        ("Canon AE-1 cuerpo", "90.00", "EUR", Condition.ACCEPTABLE),
    ]
    assert [it.wanted for it in offers] == [False, False, True, False]


def test_depop():
    """A card without a title has that of its address; the lower of two prices is asked."""
    offers = read("depop_us.html", "https://www.depop.com/search/?q=canon")
    assert [gist(it)[:3] for it in offers] == [
        ("lens lover canon ae1 program 35mm", "120.00", "USD"),
        ("retro cams canon ae 1 black body", "84.50", "USD"),
        ("old glass canon ae1 kit", "210.00", "USD"),
    ]


def test_olx():
    """Ids are those of the addresses; a swap has no price."""
    offers = read("olx_pl.html", "https://www.olx.pl/oferty/q-canon/")
    assert [(it.id, *gist(it)[1:]) for it in offers] == [
        ("14yntK", "690", "PLN", Condition.USED),
        ("16wbqX", "1290", "PLN", Condition.USED),
        ("15jtDz", "0", "PLN", Condition.FOR_PARTS),
        ("15kkAz", "1999.99", "PLN", Condition.NEW),
    ]
    assert (offers[1].best_offer, offers[2].wanted, offers[0].location) == (
        True,
        True,
        "Kraków, Stare Miasto",
    )


def test_mercadolibre():
    """The price is neither the one before nor an instalment; the id is the offer's, not the product's."""
    offers = read("mercadolibre_ar.html", "https://listado.mercadolibre.com.ar/canon-ae-1")
    assert [(it.id, *gist(it)) for it in offers] == [
        ("MLA1594830000", "Cámara Canon AE-1 Program", "489000", "ARS", Condition.USED),
        ("MLA1594830001", "Canon AE-1 Con Lente 50mm", "612999", "ARS", Condition.USED),
        ("MLA1594830002", "Canon AE-1 Solo Cuerpo", "350000", "ARS", Condition.USED),
    ]


def test_unknown_marketplace():
    """A host that nobody knows is read by the generic reader: no seller, nothing beside the list."""
    offers = read("unknown_fr.html", "https://www.brocante.example/recherche?q=canon")
    assert [(it.id, *gist(it)) for it in offers] == [
        ("700000", "Appareil Canon AE-1 argentique", "149.00", "EUR", Condition.VERY_GOOD),
        ("700001", "Boîtier Canon AE-1 noir", "1250", "EUR", Condition.GOOD),
        ("700002", "Canon AE-1 pour pièces", "30", "EUR", Condition.FOR_PARTS),
    ]
    assert {it.marketplace for it in offers} == {"brocante"}


@pytest.mark.parametrize(
    ("address", "country", "start"),
    [
        (kleinanzeigen.search_url, "DE", "https://www.kleinanzeigen.de/s-canon-ae-1/k0"),
        (wallapop.search_url, "IT", "https://it.wallapop.com/search?keywords=Canon+AE-1"),
        (depop.search_url, "GB", "https://www.depop.com/search/?q=Canon+AE-1"),
        (olx.search_url, "RO", "https://www.olx.ro/oferte/q-Canon-AE-1/"),
        (mercadolibre.search_url, "BR", "https://lista.mercadolivre.com.br/Canon-AE-1_"),
    ],
)
def test_search_address(address: Callable[[Identity, str], str], country: str, start: str):
    """A search goes to the site of the country, and its address is known as one of a result page."""
    url = address(CAMERA, country)
    assert url.startswith(start)
    assert [it.name for it in MARKETPLACES if it.is_search(url)] == [address.__module__.rpartition(".")[2]]


def rights(page: PageFile, offers: list[Offer]) -> tuple[int, int]:
    """Return how many offers of a real page have the right price and currency, and how many are none."""
    truth = page.truth["offers"]
    found = {
        next((key for key in truth if key == it.id or (len(key) > 5 and key in it.link)), it.id): it
        for it in offers
    }
    right = sum(_is_right(found[key], fact) for key, fact in truth.items() if key in found)
    return right, sum(key not in truth and key not in page.truth.get("optional", {}) for key in found)


def _is_right(offer: Offer, fact: dict) -> bool:
    prices = [it for it in (fact.get("price", fact.get("low")), *fact.get("also", [])) if it]
    currencies = fact.get("currency") or offer.currency
    return (not prices or any(abs(offer.price - Decimal(str(it))) < Decimal("0.005") for it in prices)) and (
        offer.currency in currencies
    )


@pytest.mark.parametrize(
    ("reader", "least", "most"),
    [(offers_from_html, 0.97, 0.01), (generic.offers_from_html, 0.95, 0.05)],
    ids=["own", "generic"],
)
def test_real_pages(reader: Callable[[str, str], list[Offer]], least: float, most: float):
    """On the real pages nearly every offer is right, and hardly anything else is taken for one."""
    if not REAL:
        pytest.skip("the shared pages are not there")
    scores = [rights(page, reader(page.html, page.url)) for page in REAL]
    total = sum(len(page.truth["offers"]) for page in REAL)
    assert sum(right for right, _ in scores) >= least * total
    assert sum(more for _, more in scores) <= most * total


@settings(max_examples=60, deadline=1000)
@given(
    st.text(max_size=300),
    st.sampled_from(["https://x.example/s?q=1", "http://[", "", "https://www.olx.pl/q-a/"]),
)
def test_anything(text: str, url: str):
    """Whatever the page, nothing raises."""
    html = f"<ul><li><a href='/a/{text}'>{text}</a> 5 €<li><a href='/b/1'>{text}</a> 6 €{text}"
    assert isinstance(offers_from_html(html, url), list)


@pytest.mark.parametrize(
    "html",
    [
        "<div><a href=/a>5 €" * 20_000,
        "".join(f"<li><a href=/i/{it}>Thing</a> {it} €" for it in range(20_000)),
        "<div>" * 200 + "".join(f"<a href=/i/{it}>{it} €</a>" for it in range(5_000)),
    ],
    ids=["nested", "many", "deep"],
)
def test_hostile(html: str):
    """A page that was built to be slow is read within bounds."""
    assert len(generic.offers_from_html(html, "https://x.example/s")) <= 600
