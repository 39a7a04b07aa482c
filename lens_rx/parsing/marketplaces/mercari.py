"""Mercari: its Japanese and its American result pages."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.html.urls import public_host_of
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "mercari"
HOST_NAMES = (NAME,)
SEARCH_PATH = re.compile(r"/search\b")

_LISTING = re.compile(r"/(?:item|us/item)/(m\d{6,})|/shops/product/([A-Za-z0-9]{8,})")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return (found[1] or found[2]) if found else None


def serves(country: str) -> bool:
    """Tell whether Mercari sells in a country: in Japan and in America."""
    return country.upper() in ("JP", "US")


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of what is for sale."""
    if country.upper() == "US":
        return f"https://www.mercari.com/search/?{urlencode({'keyword': search_words(identity)})}"
    return (
        f"https://jp.mercari.com/search?{urlencode({'keyword': search_words(identity), 'status': 'on_sale'})}"
    )


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order. Never raises."""
    american = public_host_of(url) in ("www.mercari.com", "mercari.com")
    return OfferReader(NAME, _listing_id, "USD" if american else "JPY", by_links=True).offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
