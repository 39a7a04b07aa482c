"""Carousell: result pages of its sites in South-East Asia, Hong Kong and Taiwan."""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import quote

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "carousell"
HOST_NAMES = (NAME,)
SEARCH_PATH = re.compile(r"/search\b")

_HOSTS = MappingProxyType(
    {
        "SG": "www.carousell.sg",
        "MY": "www.carousell.com.my",
        "HK": "www.carousell.com.hk",
        "PH": "www.carousell.ph",
        "TW": "tw.carousell.com",
        "ID": "id.carousell.com",
    }
)
_LISTING = re.compile(r"/p/(?:[^/?#]*-)?(\d{6,12})(?=[/?#]|$)")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return found[1] if found else None


def serves(country: str) -> bool:
    """Tell whether Carousell sells in a country."""
    return country.upper() in _HOSTS


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of offers, on the site that serves a country."""
    host = _HOSTS.get(country.upper(), _HOSTS["SG"])
    return f"https://{host}/search/{quote(search_words(identity), safe='')}"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order. Never raises."""
    return OfferReader(NAME, _listing_id, by_links=True).offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
