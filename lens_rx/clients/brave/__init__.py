"""The Brave Search API."""

from lens_rx.clients.brave.web_search import BraveSearch

__all__ = ["BraveSearch"]
