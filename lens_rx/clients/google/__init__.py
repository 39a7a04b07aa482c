"""Google: Lens and the web search in Chromium, Cloud Vision, and the Custom Search JSON API."""

from lens_rx.clients.google.chromium_lens import ChromiumLens
from lens_rx.clients.google.chromium_search import ChromiumSearch
from lens_rx.clients.google.custom_search import CustomSearch
from lens_rx.clients.google.vision import CloudVision

__all__ = ["ChromiumLens", "ChromiumSearch", "CloudVision", "CustomSearch"]
