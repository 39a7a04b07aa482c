"""The marketplace that a name in a history means: its own in any letters, or a host of its."""

from __future__ import annotations

from functools import lru_cache

from lens_rx.parsing.marketplaces import MARKETPLACES


@lru_cache(maxsize=256)
def marketplace_named(text: str) -> str:
    """Return the name of a marketplace as rules and fees have it ("ebay" for eBay.de), an unknown one in small letters."""
    name = " ".join(text.casefold().split())
    closed = name.replace(" ", "").replace("-", "")
    for market in MARKETPLACES:
        if closed in (market.name, *market.host_names) or ("." in name and market.owns(f"https://{closed}/")):
            return market.name
    return name
