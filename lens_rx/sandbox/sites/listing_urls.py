"""Addresses of listings on each marketplace, by language and currency."""

from __future__ import annotations

import re
import unicodedata

from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.listings import Listing

#: Top-level domain by the listing's language; for English by currency.
EBAY_BY_LANGUAGE = {"de": "de", "fr": "fr", "it": "it", "es": "es", "nl": "nl", "pl": "pl"}
EBAY_BY_CURRENCY = {"GBP": "co.uk", "CAD": "ca", "AUD": "com.au"}


def slug(text: str) -> str:
    """Return `text` as a URL slug: `norrvik-fjell-parka`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def country_of(host: str, site: str) -> str:
    """Return the country part of a stand-in's host name: `co-uk`, `de`, "" for `.com` or none.

    It may also be a label before the site: `jp.mercari.com.sandbox.test` is `jp`.
    """
    labels = host.partition(":")[0].removesuffix(SANDBOX_SUFFIX).split(".")
    return "-".join(label for label in labels if label not in (site, "com", "www"))


def offer_link(listing: Listing) -> str:
    """Return the address of the listing's page."""
    ending = EBAY_BY_LANGUAGE.get(listing.language) or EBAY_BY_CURRENCY.get(listing.price.currency, "com")
    name = slug(listing.title)
    places = {
        "ebay": f"www.ebay.{ending}{SANDBOX_SUFFIX}/itm/{listing.id}",
        "mercari": f"jp.mercari.com{SANDBOX_SUFFIX}/item/m{listing.id}",
        "carousell": f"www.carousell.sg{SANDBOX_SUFFIX}/p/{name}-{listing.id}/",
        "vinted": f"www.vinted.{ending}{SANDBOX_SUFFIX}/items/{listing.id}-{name}",
    }
    return f"http://{places[listing.marketplace]}"
