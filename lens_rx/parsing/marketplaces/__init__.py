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


def default_country(name: str, currency: str) -> str:
    """Return the country for which a marketplace is asked where none is given: the largest with that currency.

    "" where it serves none.
    """
    market = next((market for market in MARKETPLACES if market.name == name), None)
    return market.country_with(currency) if market else ""


__all__ = ["MARKETPLACES", "Marketplace", "default_country", "offers_from_html"]
