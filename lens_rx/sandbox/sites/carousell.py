"""The stand-in for Carousell: a search page of listing cards, prices in the country's dollars."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from aiohttp import web

from lens_rx.facts import Condition
from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.responses import NameObfuscator, html_response
from lens_rx.sandbox.sites.listing_search import Entry, ListingIndex
from lens_rx.sandbox.sites.listing_urls import country_of, slug
from lens_rx.sandbox.sites.resellers import RATES_DAY

#: By the country in the host's name: the sign and the currency; Singapore for any other.
MONEY = {"hk": ("HK$", "HKD"), "au": ("A$", "AUD"), "my": ("RM", "MYR"), "ph": ("PHP ", "PHP")}
SINGAPORE = ("S$", "SGD")
WEAR = {
    Condition.NEW: "Brand new",
    Condition.LIKE_NEW: "Like new",
    Condition.VERY_GOOD: "Lightly used",
    Condition.GOOD: "Well used",
    Condition.USED: "Well used",
    Condition.ACCEPTABLE: "Heavily used",
    Condition.FOR_PARTS: "Heavily used",
}


class CarousellSite:
    """All pages of Carousell; the host's name tells the country."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._listings = ListingIndex(catalogue, "carousell")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of every Carousell host."""
        return [
            web.get("/search", self._search),
            web.get("/search/", self._search),
            web.get("/search/{query}", self._search),
            web.get("/search/{query}/", self._search),
            web.get("/p/{slug:.*-}{id:[^-/]+}/", self._item),
            web.get("/p/{slug:.*-}{id:[^-/]+}", self._item),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        """Serve a search for listings that are for sale."""
        query = request.match_info.get("query") or request.query.get("query", "")
        hits = self._listings.find(query, lambda listing: listing.sold_days_ago is None)
        cards = [_card(entry, request) for entry in hits.full]
        return html_response(
            "carousell_search.html",
            result=True,
            query=query,
            cards=cards,
            name=NameObfuscator(random.random()),
        )

    async def _item(self, request: web.Request) -> web.Response:
        """Serve a listing's page."""
        entry = self._listings.get(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="This listing is gone.")
        return html_response(
            "carousell_item.html",
            result=True,
            card=_card(entry, request),
            name=NameObfuscator(random.random()),
        )


def _card(entry: Entry, request: web.Request) -> dict[str, Any]:
    """Return what a card's template needs."""
    listing, rng = entry.listing, random.Random(f"card:{entry.listing.id}")
    sign, currency = MONEY.get(country_of(request.host, "carousell"), SINGAPORE)
    local = convert(listing.price, currency, RATES_DAY)
    assert local is not None, f"no rate for {listing.price.currency}"
    amount = local.amount.quantize(Decimal(1)) if rng.random() < 0.7 else local.amount
    return {
        "id": listing.id,
        "title": listing.title,
        "slug": slug(listing.title),
        "price": f"{sign}{amount:,}",
        "wear": WEAR.get(listing.condition, "Well used"),
        "seller": f"seller{rng.randrange(10**4)}",
        "age": f"{rng.randint(2, 28)} days ago",
        "likes": rng.randint(0, 40),
        "protected": rng.random() < 0.4,
        "image": f"http://{entry.thing.host}/img/{entry.thing.id}.jpg",
    }


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of every Carousell host."""
    return CarousellSite(catalogue).routes()
