"""The stand-in for Mercari: the Japanese site's item cells in yen, the American one's in dollars."""

from __future__ import annotations

import random
from typing import Any

from aiohttp import web

from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.responses import Mangler, page
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
            web.get("/search/", self._search),
            web.get("/item/m{id}", self._item),
            web.get("/us/item/m{id}/", self._item),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        """Answer a search by `keyword`; `status` picks `on_sale` or `sold_out`, none shows both."""
        query, status = request.query.get("keyword", ""), request.query.get("status", "")
        wanted = {"on_sale": (False,), "sold_out": (True,)}.get(status, (False, True))
        hits = self._listings.find(query, lambda listing: (listing.sold_days_ago is not None) in wanted)
        american = _is_american(request)
        cells = [_cell(entry, american=american) for entry in hits.full]
        template = "mercari_us_search.html" if american else "mercari_search.html"
        return page(template, result=True, query=query, cells=cells, name=Mangler(random.random()))

    async def _item(self, request: web.Request) -> web.Response:
        """Answer a listing's own page."""
        entry = self._listings.at(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="ページが見つかりません")
        cell, name = _cell(entry, american=_is_american(request)), Mangler(random.random())
        return page("mercari_item.html", result=True, cell=cell, listing=entry.listing, name=name)


def _is_american(request: web.Request) -> bool:
    """Tell whether the American site is asked; any other name is the Japanese one."""
    return (request.url.host or "").removeprefix("www.").startswith("mercari.com.")


def _cell(entry: Entry, *, american: bool) -> dict[str, Any]:
    """Return what a cell's template needs."""
    listing, currency = entry.listing, "USD" if american else "JPY"
    local = convert(listing.price, currency, RATES_DAY)
    assert local is not None, f"no rate for {listing.price.currency}"
    return {
        "id": f"m{listing.id}",
        "title": listing.title,
        "price": f"${local.amount:,.2f}" if american else f"{int(local.amount):,}",
        "sold": listing.sold_days_ago is not None,
        "auction": listing.bids is not None,
        "image": f"http://{entry.thing.host}/img/{entry.thing.id}.jpg",
    }


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of the Mercari host."""
    return MercariSite(catalogue).routes()
