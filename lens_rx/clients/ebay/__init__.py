"""eBay's official APIs: the search by words and the search by image."""

from lens_rx.clients.ebay.browse_api import BrowseApi
from lens_rx.clients.ebay.ebay_client import EbayClient
from lens_rx.clients.ebay.image_search import EbayImageSearch

__all__ = ["BrowseApi", "EbayClient", "EbayImageSearch"]
