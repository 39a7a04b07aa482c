"""Kleinanzeigen: result pages of the German classifieds, under its former name as well."""

from __future__ import annotations

import re
from urllib.parse import quote

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "kleinanzeigen"
HOST_NAMES = (NAME, "ebay-kleinanzeigen")
SEARCH_PATH = re.compile(r"/s-(?!anzeige/)")

_LISTING = re.compile(r"/s-anzeige/[^/?#]*/(\d{6,12})(?=[-/?#]|$)")


def _listing_id(href: str) -> str | None:
    found = _LISTING.search(href)
    return found[1] if found else None


def serves(country: str) -> bool:
    """Tell whether Kleinanzeigen sells in a country: in Germany."""
    return country.upper() == "DE"


def search_url(identity: Identity, country: str) -> str:  # noqa: ARG001  # it has one site
    """Return the address of the first page of adverts."""
    words = "-".join(search_words(identity).casefold().split())
    return f"https://www.kleinanzeigen.de/s-{quote(words, safe='-')}/k0"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order; 0 is the price of "VB". Never raises."""
    return OfferReader(NAME, _listing_id, "EUR").offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
