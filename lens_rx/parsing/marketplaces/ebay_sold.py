"""What eBay sold: the same pages as what it offers, filtered by the sites themselves."""

from __future__ import annotations

from lens_rx.facts import Identity
from lens_rx.parsing.marketplaces import ebay
from lens_rx.parsing.marketplaces.ebay import offers_from_html, says_none, serves

__all__ = ["NAME", "offers_from_html", "says_none", "search_url", "serves"]

NAME = "ebay-sold"


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of second-hand sales, on the site that serves a country."""
    return f"{ebay.search_url(identity, country)}&LH_Sold=1&LH_Complete=1"
