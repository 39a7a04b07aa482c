"""The stand-in for Mercari Japan: a search page of item cells, prices in yen."""

from __future__ import annotations

import random
from typing import Any

from aiohttp import web

from lens_rx.facts import Money
from lens_rx.money import convert
from lens_rx.sandbox.answers import Mangler, page
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.sites.listing_search import Entry, Listings
from lens_rx.sandbox.sites.resellers import RATES_DAY


class MercariSite:
    """All pages of Mercari."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._listings = Listings(catalogue, "mercari")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Mercari host."""
        return [
            web.get("/", self._search),
            web.get("/search", self._search),
            web.get("/item/{id}", self._item),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        """Answer a search by `keyword`; `status` picks `on_sale` or `sold_out`, none shows both."""
        query, status = request.query.get("keyword", ""), request.query.get("status", "")
        wanted = {"on_sale": (False,), "sold_out": (True,)}.get(status, (False, True))
        hits = self._listings.find(query, lambda listing: (listing.sold_days_ago is not None) in wanted)
        cells = [_cell(entry) for entry in hits.full]
        return page(
            "mercari_search.html", result=True, query=query, cells=cells, name=Mangler(random.random())
        )

    async def _item(self, request: web.Request) -> web.Response:
        """Answer a listing's own page."""
        entry = self._listings.at(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="ページが見つかりません")
        cell, name = _cell(entry), Mangler(random.random())
        return page("mercari_item.html", result=True, cell=cell, listing=entry.listing, name=name)


def _cell(entry: Entry) -> dict[str, Any]:
    """Return what a cell's template needs."""
    listing = entry.listing
    yen = convert(Money(listing.price.amount, listing.price.currency), "JPY", RATES_DAY)
    assert yen is not None, f"no rate for {listing.price.currency}"
    return {
        "id": listing.id,
        "title": listing.title,
        "price": f"{int(yen.amount):,}",
        "sold": listing.sold_days_ago is not None,
        "auction": listing.bids is not None,
        "image": f"http://{entry.thing.host}/img/{entry.thing.id}.jpg",
    }


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of the Mercari host."""
    return MercariSite(catalogue).routes()
