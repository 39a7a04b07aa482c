"""OLX: result pages of its sites in Europe and Central Asia."""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import quote

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "olx"
HOST_NAMES = (NAME,)
SEARCH_PATH = re.compile(r"/(?:[^/?#]+/)*q-[^/?#]+")

#: By country: the site's domain, and the path of a search in all of its categories.
_SITES = MappingProxyType(
    {
        "PL": "olx.pl/oferty",
        "RO": "olx.ro/oferte",
        "BG": "olx.bg/ads",
        "PT": "olx.pt/ads",
        "UA": "olx.ua/list",
        "KZ": "olx.kz/list",
        "UZ": "olx.uz/list",
    }
)
_LISTING = re.compile(r"-ID([A-Za-z0-9]{4,10})\.html")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return found[1] if found else None


def serves(country: str) -> bool:
    """Tell whether OLX sells in a country."""
    return country.upper() in _SITES


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of offers, on the site that serves a country."""
    site = _SITES.get(country.upper(), _SITES["PL"])
    words = "-".join(search_words(identity).split())
    return f"https://www.{site}/q-{quote(words, safe='-')}/"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order. Never raises."""
    return OfferReader(NAME, _listing_id).offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
