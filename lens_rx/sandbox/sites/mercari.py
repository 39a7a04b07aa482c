"""The stand-in for Mercari: the Japanese site with prices in yen, the American one in dollars."""

from __future__ import annotations

import random
from typing import Any

from aiohttp import web

from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.responses import NameObfuscator, html_response
from lens_rx.sandbox.sites.listing_search import Entry, ListingIndex
from lens_rx.sandbox.sites.resellers import RATES_DAY


class MercariSite:
    """All pages of Mercari."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._listings = ListingIndex(catalogue, "mercari")

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
        """Serve a search by `keyword`; `status` is `on_sale`, `sold_out`, or absent for both."""
        query, status = request.query.get("keyword", ""), request.query.get("status", "")
        wanted = {"on_sale": (False,), "sold_out": (True,)}.get(status, (False, True))
        hits = self._listings.find(query, lambda listing: (listing.sold_days_ago is not None) in wanted)
        american = _is_american(request)
        cells = [_cell(entry, american=american) for entry in hits.full]
        template = "mercari_us_search.html" if american else "mercari_search.html"
        return html_response(
            template, result=True, query=query, cells=cells, name=NameObfuscator(random.random())
        )

    async def _item(self, request: web.Request) -> web.Response:
        """Serve a listing's page."""
        entry = self._listings.get(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="ページが見つかりません")
        cell, name = _cell(entry, american=_is_american(request)), NameObfuscator(random.random())
        return html_response("mercari_item.html", result=True, cell=cell, listing=entry.listing, name=name)


def _is_american(request: web.Request) -> bool:
    """Return whether the host is the American site; any other is the Japanese one."""
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
