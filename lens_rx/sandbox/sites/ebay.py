"""The stand-in for eBay: search pages in both layouts, for every country, including elements that mislead parsers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from aiohttp import web

from lens_rx.facts import Condition, Money
from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Catalogue
from lens_rx.sandbox.listings import Listing
from lens_rx.sandbox.responses import NameObfuscator, html_response
from lens_rx.sandbox.sites.ebay_phrases import PHRASES, EbaySiteLocale, locale_for_host
from lens_rx.sandbox.sites.listing_search import Entry, ListingIndex

LAYOUTS = ("s-item", "s-card", "mixed")
FEWER_SHOWN = 8
CAROUSEL_FROM = 8
PAGE_SIZES = (60, 120, 240)
#: eBay's condition ids, by which a search may filter (`LH_ItemCondition=3000|4000`).
CONDITION_IDS: Mapping[Condition, tuple[str, ...]] = {
    Condition.NEW: ("1000",),
    Condition.LIKE_NEW: ("1500", "1750", "2750"),
    Condition.REFURBISHED: ("2000", "2010", "2020", "2030", "2500"),
    Condition.VERY_GOOD: ("2990", "4000"),
    Condition.GOOD: ("3010", "5000"),
    Condition.USED: ("3000",),
    Condition.ACCEPTABLE: ("6000",),
    Condition.FOR_PARTS: ("7000",),
}


class EbaySite:
    """All pages of eBay; the host's name tells the country."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._listings = ListingIndex(catalogue, "ebay")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of every eBay host."""
        return [
            web.get("/", self._start),
            web.get("/sch/i.html", self._search),
            web.get("/sch/{category}/i.html", self._search),
            web.get("/itm/{id}", self._item),
            web.get("/itm/{slug}/{id}", self._item),
        ]

    async def _start(self, request: web.Request) -> web.Response:
        ebay = locale_for_host(request.host)
        return html_response("ebay_start.html", ebay=ebay, words=ebay.words)

    async def _search(self, request: web.Request) -> web.Response:
        """Serve a search; `LH_Sold=1` selects sold listings, anything else those for sale."""
        query, ebay = request.query.get("_nkw", ""), locale_for_host(request.host)
        sold = request.query.get("LH_Sold") == "1"
        hits = self._listings.find(query, lambda listing: _matches_filters(listing, request))
        rng = random.Random(f"layout:{query}:{sold}")
        layout = rng.choice(LAYOUTS)
        cards = [_card(entry, ebay, request, layout) for entry in _page_of(hits.full, request)]
        few = len(hits.full) < FEWER_SHOWN
        fewer = [_card(entry, ebay, request, layout) for entry in hits.fewer[:FEWER_SHOWN]] if few else []
        return html_response(
            "ebay_search.html",
            result=True,
            ebay=ebay,
            words=ebay.words,
            query=query,
            total=len(hits.full),
            cards=cards,
            fewer=fewer,
            carousel=cards[2:5] if len(cards) >= CAROUSEL_FROM and layout != "s-item" else [],
            ghosts=2 if layout == "s-card" else 1,
            ghost_layout="s-card" if layout == "s-card" else "s-item",
            home=f"http://{request.url.host}",
            prices=[ebay.price(Decimal(bound)) for bound in (50, 100)],
            name=NameObfuscator(random.random()),
        )

    async def _item(self, request: web.Request) -> web.Response:
        """Serve a listing's page."""
        entry, ebay = self._listings.get(request.match_info["id"]), locale_for_host(request.host)
        if entry is None:
            return html_response("ebay_missing.html", status=404, result=True, ebay=ebay, words=ebay.words)
        card = _card(entry, ebay, request, "s-card")
        return html_response(
            "ebay_item.html", result=True, ebay=ebay, words=ebay.words, card=card, thing=entry.thing
        )


def _matches_filters(listing: Listing, request: web.Request) -> bool:
    """Return whether a listing passes the search's filters: sold or for sale, and its condition."""
    sold = request.query.get("LH_Sold") == "1"
    conditions = set(filter(None, request.query.get("LH_ItemCondition", "").split("|")))
    fits = not conditions or bool(conditions & set(CONDITION_IDS.get(listing.condition, ())))
    return fits and (listing.sold_days_ago is not None) == sold


def _page_of(entries: Sequence[Entry], request: web.Request) -> Sequence[Entry]:
    """Return the entries of the page that `_pgn` and `_ipg` ask for."""
    wanted = int(request.query["_ipg"]) if request.query.get("_ipg", "").isdigit() else 0
    size = wanted if wanted in PAGE_SIZES else PAGE_SIZES[0]
    number = int(request.query["_pgn"]) if request.query.get("_pgn", "").isdigit() else 1
    return entries[(max(number, 1) - 1) * size :][:size]


def _today() -> date:
    return datetime.now(UTC).date()


def _to_local(amount: Decimal, currency: str, ebay: EbaySiteLocale) -> Decimal:
    """Convert an amount to the site's currency."""
    local = convert(Money(amount, currency), ebay.currency, _today())
    assert local is not None, f"no rate for {currency}"
    return local.amount


def _card(entry: Entry, ebay: EbaySiteLocale, request: web.Request, layout: str) -> dict[str, Any]:
    """Return what a card's template needs."""
    listing, rng = entry.listing, random.Random(f"card:{entry.listing.id}")
    price = _to_local(listing.price.amount, listing.price.currency, ebay)
    high = listing.price_high and _to_local(listing.price_high, listing.price.currency, ebay)
    spoken = listing.language == ebay.language and listing.condition_text
    place = PHRASES.get(listing.language, PHRASES["en"])["place"]
    return {
        "layout": rng.choice(LAYOUTS[:2]) if layout == "mixed" else layout,
        "id": listing.id,
        "title": listing.title,
        "link": f"http://{request.url.host}/itm/{listing.id}?itmmeta=01J{rng.randrange(10**9)}&hash=item{rng.randrange(10**9):x}",
        "image": f"http://{entry.thing.host}/img/{entry.thing.id}.jpg",
        "price": ebay.price(price),
        "amount": price,
        "high": ebay.price(high) if high else "",
        "was": ebay.price((price * Decimal("1.3")).quantize(Decimal("0.01"))) if rng.random() < 0.15 else "",
        "wear": spoken or ebay.wear(listing.condition),
        "shipping": _shipping_text(listing, ebay),
        "bids": _auction_texts(listing, ebay, rng),
        "offer": ebay.words["offer"] if listing.best_offer else "",
        "buy": ebay.words["buy"] if listing.bids is None and not listing.best_offer else "",
        "sold": _sold_text(listing, ebay),
        "place": ebay.words["from"].format(place=place),
        "seller": f"seller_{rng.randrange(10**4)}",
        "rating": ebay.words["seller"].format(share=rng.randint(92, 100), count=rng.randint(6, 4000)),
        "ad": rng.random() < 0.4,
        "watched": rng.random() < 0.5,
    }


def _shipping_text(listing: Listing, ebay: EbaySiteLocale) -> str:
    """Return the text about shipping, "" where the listing says nothing."""
    if listing.shipping is None:
        return ""
    if not listing.shipping:
        return str(ebay.words["free"])
    cost = _to_local(listing.shipping, listing.price.currency, ebay)
    return str(ebay.words["post"].format(amount=ebay.price(cost)))


def _auction_texts(listing: Listing, ebay: EbaySiteLocale, rng: random.Random) -> dict[str, str]:
    """Return an auction's number of bids and, while it runs, the time left; {} for a fixed price."""
    if listing.bids is None:
        return {}
    word = ebay.words["bid" if listing.bids == 1 else "bids"]
    left = ebay.words["ends"].format(days=rng.randint(0, 6), hours=rng.randint(1, 23))
    open_still = listing.sold_days_ago is None
    return {"count": f"{listing.bids} {word}", "left": left if open_still else ""}


def _sold_text(listing: Listing, ebay: EbaySiteLocale) -> str:
    """Return the text with the day of the sale, "" for a listing that is for sale."""
    if listing.sold_days_ago is None:
        return ""
    return ebay.sold_on(_today() - timedelta(days=listing.sold_days_ago))


def routes(catalogue: Catalogue) -> list[web.RouteDef]:
    """Return the routes of every eBay host."""
    return EbaySite(catalogue).routes()
