"""What is read of a list of offers does not hang on names, scripts, or the order of the cards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mutated_pages import MUTATIONS
from page_files import shared

from lens_rx.facts import Offer
from lens_rx.parsing.marketplaces import generic, offers_from_html

SAVED = Path(__file__).parents[2] / "saved"
#: Our own pages: their file, and the address that each was written for.
OWN = {
    "ebay/card_us_asking.html": "https://www.ebay.com/sch/i.html?_nkw=x",
    "ebay/card_uk_abroad.html": "https://www.ebay.co.uk/sch/i.html?_nkw=x",
    "ebay/item_fr_sold.html": "https://www.ebay.fr/sch/i.html?_nkw=x&LH_Sold=1",
    "mercari/jp_search.html": "https://jp.mercari.com/search?keyword=x",
    "carousell/sg_search.html": "https://www.carousell.sg/search/x",
    "carousell/hk_search.html": "https://www.carousell.com.hk/search/x",
    "vinted/de_catalog.html": "https://www.vinted.de/catalog?search_text=x",
    "classifieds/kleinanzeigen_de.html": "https://www.kleinanzeigen.de/s-canon-ae-1/k0",
    "classifieds/wallapop_es.html": "https://es.wallapop.com/search?keywords=canon+ae-1",
    "classifieds/depop_us.html": "https://www.depop.com/search/?q=canon",
    "classifieds/olx_pl.html": "https://www.olx.pl/oferty/q-canon-ae-1/",
    "classifieds/mercadolibre_ar.html": "https://listado.mercadolibre.com.ar/canon-ae-1",
    "classifieds/unknown_fr.html": "https://www.brocante.example/recherche?q=canon",
}
SHARED = [*shared("2026/market"), *shared("ebay")]
MOST_LOST = 0.03


def facts(offers: list[Offer]) -> dict[str, tuple[str, str, str, bool]]:
    """Return what counts of each offer, by its id."""
    return {it.id: (it.title, str(it.price), it.currency, it.sold) for it in offers}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("name", OWN)
def test_own_page(name: str, mutation: str):
    """Each of our pages gives the same offers after every change that leaves its meaning."""
    html = (SAVED / name).read_text()
    before = facts(offers_from_html(html, OWN[name]))
    changed = MUTATIONS[mutation](html, before)
    assert changed != html
    assert facts(offers_from_html(changed, OWN[name])) == before


def test_cards_are_reordered():
    """The check itself: the cards of a list come in another order, and none is lost."""
    html = (SAVED / "classifieds/kleinanzeigen_de.html").read_text()
    url = OWN["classifieds/kleinanzeigen_de.html"]
    before = [it.id for it in offers_from_html(html, url)]
    after = [it.id for it in offers_from_html(MUTATIONS["cards reordered"](html, before), url)]
    assert after != before
    assert sorted(after) == sorted(before)


@pytest.mark.parametrize("reader", [offers_from_html, generic.offers_from_html], ids=["own", "generic"])
def test_real_pages(reader: object):
    """Of the offers on the real pages at most three in a hundred are lost, with one reader or the other."""
    if not SHARED:
        pytest.skip("the shared pages are not there")
    assert callable(reader)
    kept = total = 0
    for page in SHARED[::2]:
        before = facts(reader(page.html, page.url))
        after = facts(reader(MUTATIONS["all of it"](page.html, page.truth["offers"]), page.url))
        total += len(before)
        kept += sum(after.get(id_) == fact for id_, fact in before.items())
    assert kept >= (1 - MOST_LOST) * total, json.dumps({"kept": kept, "of": total})
