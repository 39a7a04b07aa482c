"""Depop: result pages, whose cards show a picture, a price, a size and a brand; the address has the title."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "depop"
HOST_NAMES = (NAME,)
SEARCH_PATH = re.compile(r"/search\b")

_COUNTRIES = frozenset(("US", "GB", "AU", "CA", "IE", "NZ"))
_LISTING = re.compile(r"/products/([\w-]{4,})/?(?=[?#]|$)")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return found[1] if found else None


def serves(country: str) -> bool:
    """Tell whether Depop sells in a country."""
    return country.upper() in _COUNTRIES


def search_url(identity: Identity, country: str) -> str:  # noqa: ARG001  # it has one site
    """Return the address of the first page of offers."""
    return f"https://www.depop.com/search/?{urlencode({'q': search_words(identity)})}"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order. Never raises."""
    return OfferReader(NAME, _listing_id).offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
