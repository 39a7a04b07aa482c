"""The stand-in for Vinted: its catalogue as HTML and JSON, in the country's language and currency."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aiohttp import web
from babel.numbers import format_currency

from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.responses import NameObfuscator, html_response, json_response, phrases
from lens_rx.sandbox.sites.listing_search import Entry, ListingIndex
from lens_rx.sandbox.sites.listing_urls import country_of, slug
from lens_rx.sandbox.sites.resellers import RATES_DAY

PER_PAGE = 96
#: The buyer's fee: a fixed part and a share of the price.
FEE = (Decimal("0.70"), Decimal("0.05"))
WORDS = phrases("vinted")
#: Language and currency by country; English and euros for any other.
PLACES = {
    "de": ("de", "EUR"),
    "at": ("de", "EUR"),
    "fr": ("fr", "EUR"),
    "be": ("fr", "EUR"),
    "es": ("es", "EUR"),
    "it": ("it", "EUR"),
    "nl": ("nl", "EUR"),
    "pl": ("pl", "PLN"),
    "co-uk": ("en", "GBP"),
    "": ("en", "USD"),
}


@dataclass(frozen=True, slots=True)
class Country:
    """Language and currency of one country's site."""

    language: str
    currency: str

    @classmethod
    def of(cls, request: web.Request) -> Country:
        """Return the country of the request's host."""
        return cls(*PLACES.get(country_of(request.host, "vinted"), ("en", "EUR")))

    def price(self, amount: Decimal) -> str:
        """Format an amount as on cards."""
        return format_currency(amount, self.currency, locale=self.language)


class VintedSite:
    """All pages and the JSON endpoint of Vinted."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._listings = ListingIndex(catalogue, "vinted")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of every Vinted host."""
        return [
            web.get("/catalog", self._page),
            web.get("/api/v2/catalog/items", self._json),
            web.get("/items/{id:[^-/]+}{slug:.*}", self._item),
        ]

    def _search(self, request: web.Request) -> list[dict[str, Any]]:
        """Return the items for sale that the query's `search_text` finds."""
        hits = self._listings.find(
            request.query.get("search_text", ""), lambda listing: listing.sold_days_ago is None
        )
        return [_item(entry, request) for entry in hits.full]

    async def _page(self, request: web.Request) -> web.Response:
        """Serve a search as HTML."""
        country = Country.of(request)
        return html_response(
            "vinted_catalog.html",
            result=True,
            language=country.language,
            words=WORDS[country.language],
            query=request.query.get("search_text", ""),
            items=self._search(request),
            name=NameObfuscator(random.random()),
        )

    async def _json(self, request: web.Request) -> web.Response:
        """Serve a page of search results as JSON, as the site's script loads them."""
        items = self._search(request)
        per_page = min(PER_PAGE, _number(request, "per_page", PER_PAGE))
        current = _number(request, "page", 1)
        pagination = {
            "current_page": current,
            "total_pages": -(-len(items) // per_page),
            "total_entries": len(items),
            "per_page": per_page,
        }
        shown = items[(current - 1) * per_page :][:per_page]
        return json_response({"items": shown, "pagination": pagination, "code": 0}, result=True)

    async def _item(self, request: web.Request) -> web.Response:
        """Serve a listing's page."""
        entry = self._listings.get(request.match_info["id"])
        if entry is None:
            raise web.HTTPNotFound(text="This item is gone.")
        language = Country.of(request).language
        return html_response("vinted_item.html", result=True, language=language, item=_item(entry, request))


def _number(request: web.Request, key: str, default: int) -> int:
    """Return a positive integer parameter."""
    text = request.query.get(key, "")
    return max(1, int(text)) if text.isdigit() else default


def _item(entry: Entry, request: web.Request) -> dict[str, Any]:
    """Return one item of Vinted's catalogue."""
    listing, country = entry.listing, Country.of(request)
    rng = random.Random(f"card:{listing.id}")
    local = convert(listing.price, country.currency, RATES_DAY)
    assert local is not None, f"no rate for {listing.price.currency}"
    fee = (FEE[0] + local.amount * FEE[1]).quantize(Decimal("0.01"))
    path = f"/items/{listing.id}-{slug(listing.title)}"
    picture = f"http://{entry.thing.host}/img/{entry.thing.id}.jpg"
    return {
        "id": int(listing.id),
        "title": listing.title,
        "price": _money(local.amount, country),
        "is_visible": True,
        "brand_title": entry.thing.producer,
        "path": path,
        "user": {"id": rng.randrange(10**8), "login": f"user{rng.randrange(10**5)}", "business": False},
        "url": f"http://{request.url.host}{path}",
        "photo": {"id": rng.randrange(10**9), "image_no": 1, "is_main": True, "url": picture},
        "favourite_count": rng.randint(0, 30),
        "service_fee": _money(fee, country),
        "total_item_price": _money(local.amount + fee, country),
        "status": _wear(entry, country),
        "item_box": _box(entry, country, country.price(local.amount), country.price(local.amount + fee)),
    }


def _wear(entry: Entry, country: Country) -> str:
    """Return the country's text for a listing's condition."""
    return str(WORDS[country.language]["wear"].get(entry.listing.condition.value, ""))


def _box(entry: Entry, country: Country, price: str, total: str) -> dict[str, Any]:
    """Return the texts of an item's card."""
    title, brand, wear = entry.listing.title, entry.thing.producer, _wear(entry, country)
    label = WORDS[country.language]["label"]
    return {
        "first_line": brand,
        "second_line": wear,
        "accessibility_label": label.format(title=title, brand=brand, wear=wear, price=price, total=total),
        "item_id": int(entry.listing.id),
        "price_text": price,
        "total_text": total,
    }


def _money(amount: Decimal, country: Country) -> dict[str, str]:
    """Return an amount as JSON."""
    return {"amount": f"{amount:.2f}", "currency_code": country.currency}


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of every Vinted host."""
    return VintedSite(catalogue).routes()
