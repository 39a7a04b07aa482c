"""eBay's official search, the Browse API."""

from lens_rx.clients.ebay.browse_api import BrowseApi

__all__ = ["BrowseApi"]
