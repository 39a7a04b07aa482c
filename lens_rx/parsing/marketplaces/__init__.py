"""Second-hand marketplaces: pure, no network. A new one is one file here and one line below."""

from __future__ import annotations

from lens_rx.facts import Offer
from lens_rx.parsing.marketplaces import (
    carousell,
    depop,
    ebay,
    generic,
    kleinanzeigen,
    mercadolibre,
    mercari,
    olx,
    vinted,
    wallapop,
)
from lens_rx.parsing.marketplaces.marketplace import Marketplace, marketplace

MARKETPLACES: tuple[Marketplace, ...] = (
    marketplace(ebay),
    ebay.SOLD,
    marketplace(vinted),
    marketplace(mercari),
    marketplace(carousell),
    marketplace(kleinanzeigen),
    marketplace(wallapop),
    marketplace(depop),
    marketplace(olx),
    marketplace(mercadolibre),
)


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a marketplace's result page, best match first; never raises.

    The host of `url` chooses the marketplace, its query whether the page shows sales. An unknown
    host is read by the generic reader.
    """
    known = next((market for market in MARKETPLACES if market.owns(url)), None)
    return known.offers_from_html(html, url) if known else generic.offers_from_html(html, url)


__all__ = ["MARKETPLACES", "Marketplace", "offers_from_html"]
