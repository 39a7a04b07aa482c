"""The choice of the marketplaces that are searched."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.clients.ebay import BrowseApi
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.marketplace_pages import MarketplacePages
from lens_rx.clients.protocols import OfferSource, Reader
from lens_rx.clients.search_sources import ApiClients
from lens_rx.parsing.marketplaces import MARKETPLACES, ebay
from lens_rx.settings import Settings


def offer_sources(
    settings: Settings, endpoints: Endpoints, reader: Reader, apis: ApiClients
) -> Sequence[OfferSource]:
    """Return the marketplaces, eBay through its official API where that is configured."""
    chosen = [it for it in MARKETPLACES if it.name in settings.marketplaces or not settings.marketplaces]
    pages: list[OfferSource] = [MarketplacePages(it, reader, endpoints) for it in chosen]
    if apis.ebay is None or all(it.name != ebay.NAME for it in chosen):
        return pages
    api = BrowseApi(settings, client=apis.ebay)
    return [api, *(it for it in pages if it.name != api.name)]
