"""The Brave Search API."""

from lens_rx.clients.brave.brave_search import BraveSearch

__all__ = ["BraveSearch"]
