"""The stand-in for Vinted: its catalogue's answer in JSON, and a page for each item."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from aiohttp import web

from lens_rx.facts import Condition, Money
from lens_rx.money import convert
from lens_rx.sandbox.answers import data, page
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.sites.addresses import slug
from lens_rx.sandbox.sites.listing_search import Entry, Listings
from lens_rx.sandbox.sites.resellers import RATES_DAY

PER_PAGE = 96
#: What Vinted puts on the price for its buyer protection.
FEE = (Decimal("0.70"), Decimal("0.05"))
WEAR = {
    Condition.NEW: "New with tags",
    Condition.LIKE_NEW: "New without tags",
    Condition.VERY_GOOD: "Very good",
    Condition.GOOD: "Good",
}


class VintedSite:
    """All that Vinted answers."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._listings = Listings(catalogue, "vinted")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of every Vinted host."""
        return [
            web.get("/api/v2/catalog/items", self._search),
            web.get("/items/{id:[^-/]+}{slug:.*}", self._item),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        """Answer a search by `search_text`, page by page."""
        query = request.query.get("search_text", "")
        hits = self._listings.find(query, lambda listing: listing.sold_days_ago is None).full
        per_page = min(PER_PAGE, _number(request, "per_page", PER_PAGE))
        current = _number(request, "page", 1)
        shown = hits[(current - 1) * per_page :][:per_page]
        pages = -(-len(hits) // per_page)
        return data(
            {
                "items": [_item(entry, request) for entry in shown],
                "pagination": {
                    "current_page": current,
                    "total_pages": pages,
                    "total_entries": len(hits),
                    "per_page": per_page,
                },
                "code": 0,
            },
            result=True,
        )

    async def _item(self, request: web.Request) -> web.Response:
        """Answer a listing's own page."""
        entry = self._listings.at(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="This item is gone.")
        return page("vinted_item.html", result=True, item=_item(entry, request))


def _number(request: web.Request, key: str, default: int) -> int:
    """Return a positive number of the query."""
    text = request.query.get(key, "")
    return max(1, int(text)) if text.isdigit() else default


def _euros(entry: Entry) -> Decimal:
    price = entry.listing.price
    local = convert(Money(price.amount, price.currency), "EUR", RATES_DAY)
    assert local is not None, f"no rate for {price.currency}"
    return local.amount


def _money(amount: Decimal) -> dict[str, str]:
    return {
        "amount": str(amount.normalize() if amount % 1 else amount.quantize(Decimal("0.1"))),
        "currency_code": "EUR",
    }


def _item(entry: Entry, request: web.Request) -> dict[str, Any]:
    """Return one item in the shape of Vinted's catalogue."""
    listing, dice = entry.listing, random.Random(f"card:{entry.listing.id}")
    price = _euros(entry)
    fee = (FEE[0] + price * FEE[1]).quantize(Decimal("0.01"))
    wear = WEAR.get(listing.condition, "Satisfactory")
    path = f"/items/{listing.id}-{slug(listing.title)}"
    picture = f"http://{entry.thing.host}/img/{entry.thing.id}.jpg"
    number: int | str = int(listing.id) if listing.id.isdigit() else listing.id
    return {
        "id": number,
        "title": listing.title,
        "price": _money(price),
        "is_visible": True,
        "brand_title": entry.thing.producer,
        "path": path,
        "user": {"id": dice.randrange(10**8), "login": f"user{dice.randrange(10**5)}", "business": False},
        "url": f"http://{request.url.host}{path}",
        "promoted": False,
        "photo": {
            "id": dice.randrange(10**9),
            "image_no": 1,
            "is_main": True,
            "url": picture,
            "full_size_url": picture,
        },
        "favourite_count": dice.randint(0, 30),
        "is_favourite": False,
        "service_fee": _money(fee),
        "total_item_price": _money(price + fee),
        "view_count": 0,
        "size_title": "",
        "content_source": "search",
        "status": wear,
        "item_box": {"first_line": entry.thing.producer, "second_line": wear, "item_id": number},
    }


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of every Vinted host."""
    return VintedSite(catalogue).routes()
