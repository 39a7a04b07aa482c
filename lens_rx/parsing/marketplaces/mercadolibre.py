"""Mercado Libre: result pages of its sites in Latin America, in Brazil as Mercado Livre."""

from __future__ import annotations

import re
from types import MappingProxyType
from urllib.parse import quote

from lens_rx.facts import Identity, Offer
from lens_rx.parsing.html.tree import parse_html
from lens_rx.parsing.marketplaces.generic import OfferReader, says_no_match
from lens_rx.parsing.marketplaces.marketplace import search_words

NAME = "mercadolibre"
HOST_NAMES = (NAME, "mercadolivre")
SEARCH_PATH = re.compile(r"/(?!p/|up/|[^/]+/(?:p|up)/)[^/?#]+/?$")

_HOSTS = MappingProxyType(
    {
        "AR": "listado.mercadolibre.com.ar",
        "BR": "lista.mercadolivre.com.br",
        "CL": "listado.mercadolibre.cl",
        "CO": "listado.mercadolibre.com.co",
        "EC": "listado.mercadolibre.com.ec",
        "MX": "listado.mercadolibre.com.mx",
        "PE": "listado.mercadolibre.com.pe",
        "UY": "listado.mercadolibre.com.uy",
        "VE": "listado.mercadolibre.com.ve",
    }
)
#: The site's filter for used things (developers.mercadolibre.com, attribute ITEM_CONDITION).
_USED = "_ITEM*CONDITION_2230581"
#: An offer's own id in the address of its catalogue page, or in its own address.
_OFFER = re.compile(r"[?&#]wid=(ML[A-Z]\d{6,})")
_LISTING = re.compile(r"/(ML[A-Z]{1,2})-?(\d{6,})(?=[-/?#_]|$)")


def _listing_id(href: str) -> str | None:
    if offer := _OFFER.search(href):
        return offer[1]
    found = _LISTING.search(href)
    return f"{found[1]}{found[2]}" if found else None


def serves(country: str) -> bool:
    """Tell whether Mercado Libre sells in a country."""
    return country.upper() in _HOSTS


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of used things, on the site that serves a country."""
    host = _HOSTS.get(country.upper(), _HOSTS["AR"])
    words = "-".join(search_words(identity).split())
    return f"https://{host}/{quote(words, safe='-')}{_USED}"


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, in its order. Never raises."""
    return OfferReader(NAME, _listing_id).offers(html, url)


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches."""
    return says_no_match(parse_html(html))
