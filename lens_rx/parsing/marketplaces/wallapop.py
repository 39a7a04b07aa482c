"""Wallapop: result pages of its sites in Spain, Italy and Portugal."""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import urlencode

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "wallapop"
HOST_NAMES = (NAME,)
SEARCH_PATH = re.compile(r"/(?:app/)?search\b")

_HOSTS = MappingProxyType({"ES": "es.wallapop.com", "IT": "it.wallapop.com", "PT": "pt.wallapop.com"})
_LISTING = re.compile(r"/item/(?:[^/?#]*-)?(\d{6,12})(?=[/?#]|$)")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return found[1] if found else None


def serves(country: str) -> bool:
    """Tell whether Wallapop sells in a country."""
    return country.upper() in _HOSTS


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of offers, on the site that serves a country."""
    host = _HOSTS.get(country.upper(), _HOSTS["ES"])
    return f"https://{host}/search?{urlencode({'keywords': search_words(identity)})}"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order. Never raises."""
    return OfferReader(NAME, _listing_id, "EUR").offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
