"""Vinted: catalogue pages, and the JSON that they load."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import orjson

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.html.urls import join_url, public_host_of
from lens_rx.parsing.marketplaces.condition import grade
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words
from lens_rx.pricing import currency_of_host

NAME = "vinted"
HOST_NAMES = (NAME,)
SEARCH_PATH = re.compile(r"/catalog\b")

_ENDINGS = MappingProxyType(
    {
        **{country: country.lower() for country in "AT BE CZ DE DK EE ES FI FR HR HU IE".split()},
        **{country: country.lower() for country in "IT LT LU LV NL PL PT RO SE SI SK".split()},
        "GB": "co.uk",
        "GR": "gr",
        "US": "com",
    }
)
_LISTING = re.compile(r"/items/(\d{4,})(?=[-/?#]|$)")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return found[1] if found else None


def serves(country: str) -> bool:
    """Tell whether Vinted sells in a country."""
    return country.upper() in _ENDINGS


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of the catalogue, on the site that serves a country."""
    ending = _ENDINGS.get(country.upper(), "fr")
    return f"https://www.vinted.{ending}/catalog?{urlencode({'search_text': search_words(identity)})}"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a catalogue page, or of the JSON behind it, in its order. Never raises."""
    answer = _answer(html)
    if answer is None:
        return OfferReader(NAME, _listing_id, by_links=True).offers(html, url)
    items = answer.get("items")
    offers = (_offer(item, url) for item in (items if isinstance(items, list) else ()))
    return list({offer.id: offer for offer in offers if offer}.values())


def says_none(html: str) -> bool:
    """Tell whether a page or a JSON answer says that nothing matches."""
    answer = _answer(html)
    return says_no_match(parse_html(html)) if answer is None else answer.get("items") == []


def _answer(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object that a text is, bare or as a browser wraps it, None where it is a page."""
    if text.lstrip()[:1] == "<":
        shown = parse_html(text).css_first("body > pre:first-child")
        text = shown.text() if shown else ""
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None


def _offer(item: object, url: str) -> Offer | None:
    if not isinstance(item, dict) or item.get("is_visible") in (False, 0):
        return None
    amount, currency = _price(item, public_host_of(url))
    if amount is None or not currency or not item.get("title"):
        return None
    words = _text(item.get("status")) or _text(_mapping(item.get("item_box")).get("second_line"))
    return Offer(
        id=str(item.get("id", "")),
        title=" ".join(_text(item.get("title")).split()),
        link=join_url(url, _text(item.get("url")) or _text(item.get("path"))),
        price=amount,
        currency=currency,
        condition=grade(words),
        condition_text=words,
        image=_text(_mapping(item.get("photo")).get("url")),
        marketplace=NAME,
        size=_text(item.get("size_title")),
    )


def _price(item: Mapping[str, Any], host: str) -> tuple[Decimal | None, str]:
    """Return the seller's price without the buyer's fee; older answers write it flat, or as a number."""
    price = item.get("price")
    amount = price.get("amount") if isinstance(price, dict) else price
    given = _text(_mapping(price).get("currency_code")) or _text(item.get("currency"))
    try:
        read = Decimal(str(item.get("price_numeric") if amount is None else amount).replace(",", "."))
    except InvalidOperation:
        return None, ""
    return (read if read.is_finite() else None), given or currency_of_host(host) or ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
