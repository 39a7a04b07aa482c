"""Where listings live: the host and path of an offer on each marketplace, by its language and currency."""

from __future__ import annotations

import re
import unicodedata

from lens_rx.sandbox.listings import Listing
from lens_rx.world import SANDBOX_SUFFIX

#: The eBay of a language; English is told apart by currency.
EBAY_BY_LANGUAGE = {"de": "de", "fr": "fr", "it": "it", "es": "es", "nl": "nl", "pl": "pl"}
EBAY_BY_CURRENCY = {"GBP": "co-uk", "CAD": "ca", "AUD": "au"}


def slug(text: str) -> str:
    """Return `text` as addresses write it: `norrvik-fjell-parka`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def offer_link(listing: Listing) -> str:
    """Return the address of the listing's own page."""
    if listing.marketplace == "ebay":
        country = EBAY_BY_LANGUAGE.get(listing.language) or EBAY_BY_CURRENCY.get(listing.price.currency)
        host = f"ebay-{country}" if country else "ebay"
        return f"http://{host}{SANDBOX_SUFFIX}/itm/{listing.id}"
    paths = {
        "mercari": f"item/{listing.id}",
        "carousell": f"p/{slug(listing.title)}-{listing.id}/",
        "vinted": f"items/{listing.id}-{slug(listing.title)}",
    }
    return f"http://{listing.marketplace}{SANDBOX_SUFFIX}/{paths[listing.marketplace]}"
