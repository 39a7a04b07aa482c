"""Which sources search the web and look photos up, and in which order, by the settings and their keys.

Beside a sandbox a user's key is never used: sources that the settings name get the sandbox's own keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import structlog

from lens_rx.clients.brave import BraveSearch
from lens_rx.clients.ebay import EbayClient, EbayImageSearch
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.fallback_search import (
    FallbackImageSearch,
    FallbackWebSearch,
    MergedImageSearch,
    Source,
)
from lens_rx.clients.google import CloudVision, CustomSearch
from lens_rx.clients.google.custom_search import ENDS_ON as CUSTOM_SEARCH_ENDS
from lens_rx.clients.llm import ModelWebSearch, OpenAIModel
from lens_rx.clients.protocols import ImageMatches, ImageSearch, SearchAnswer, Supplier, WebSearch
from lens_rx.facts import Photo
from lens_rx.facts.errors import UpstreamError
from lens_rx.settings import Settings

S = TypeVar("S")

CHROMIUM, MODEL, ALL = "chromium", "model", "all"
#: The orders where the settings name none.
DEFAULT_WEB = ("brave", "google", CHROMIUM, MODEL)
DEFAULT_IMAGE = (CHROMIUM, "vision", "ebay")

_log = structlog.get_logger()


class NotConfigured:
    """Implements both searches where there is no source: fails, and says what to set."""

    def __init__(self, words: str) -> None:
        self._words = words

    async def search(self, query: str, country: str) -> SearchAnswer:  # noqa: ARG002  # the protocol's arguments
        """Raise `UpstreamError`."""
        raise UpstreamError(self._words)

    async def search_image(self, photo: Photo) -> ImageMatches:  # noqa: ARG002
        """Raise `UpstreamError`."""
        raise UpstreamError(self._words)


@dataclass(frozen=True, slots=True)
class ApiClients:
    """The clients of official APIs that have a key, each None where it has none."""

    brave: BraveSearch | None = None
    google: CustomSearch | None = None
    vision: CloudVision | None = None
    ebay: EbayClient | None = None


def open_api_clients(stack: AsyncExitStack, settings: Settings, endpoints: Endpoints) -> ApiClients:
    """Open the clients that have a key, or that the settings name beside a sandbox; `stack` closes them."""
    keys, is_free = _with_sandbox_keys(settings, endpoints), endpoints.is_sandbox
    clients = ApiClients(
        brave=BraveSearch(keys, endpoints.brave_url, is_free=is_free) if keys.brave_api_key else None,
        google=CustomSearch(keys, endpoints.custom_search_url, is_free=is_free)
        if keys.google_api_key and keys.google_cse_id
        else None,
        vision=CloudVision(keys, endpoints.vision_url, is_free=is_free)
        if keys.google_vision_api_key
        else None,
        ebay=EbayClient(keys, endpoints.ebay_api_url)
        if keys.ebay_client_id and keys.ebay_client_secret
        else None,
    )
    for client in (clients.brave, clients.google, clients.vision, clients.ebay):
        if client is not None:
            stack.push_async_callback(client.aclose)
    return clients


#: The official APIs by their field in `ApiClients`.
API_SUPPLIERS = {
    "brave": Supplier("Brave Search API", "web search"),
    "google": Supplier("Custom Search JSON API", "web search", CUSTOM_SEARCH_ENDS),
    "vision": Supplier("Cloud Vision", "photo search"),
    "ebay": Supplier("eBay Browse API", "offers, photo search"),
}


def api_suppliers(apis: ApiClients) -> list[Supplier]:
    """Return the official APIs that are configured as suppliers."""
    return [supplier for name, supplier in API_SUPPLIERS.items() if getattr(apis, name) is not None]


def _with_sandbox_keys(settings: Settings, endpoints: Endpoints) -> Settings:
    """Return the settings with the keys that may be used: beside a sandbox its own, for sources that are named."""
    if not endpoints.is_sandbox:
        return settings
    named = {*settings.search, *settings.lens}
    keys = {it: key for name, own in endpoints.api_keys.items() for it, key in own.items() if name in named}
    return settings.model_copy(update=dict.fromkeys(API_KEY_FIELDS) | keys)


#: The settings that hold the access to an official API.
API_KEY_FIELDS = (
    "brave_api_key",
    "google_api_key",
    "google_cse_id",
    "google_vision_api_key",
    "ebay_client_id",
    "ebay_client_secret",
)


def web_search(
    settings: Settings,
    apis: ApiClients,
    in_chromium: WebSearch | None,
    by_model: ModelWebSearch | None,
) -> WebSearch:
    """Return the web search: the configured sources in order, or one that says what to set."""
    available: Mapping[str, WebSearch | None] = {
        "brave": apis.brave,
        "google": apis.google,
        CHROMIUM: in_chromium,
        MODEL: by_model,
    }
    order = settings.search or DEFAULT_WEB
    sources = _available(order, available, "LENS_RX_SEARCH")
    if not settings.search:  # it costs, so it is the last resort
        sources = [
            Source(it.name, it.client, only_after_block=it.name == MODEL and in_chromium is not None)
            for it in sources
        ]
    if not sources:
        return NotConfigured("No web search is configured: set BRAVE_API_KEY, or let Chromium be used.")
    if [it.name for it in sources] == [CHROMIUM]:  # it has a cooldown of its own
        return sources[0].client
    return FallbackWebSearch(sources, settings.cooldown_seconds, settings.stage_deadline_seconds)


def is_chromium_first(settings: Settings, apis: ApiClients) -> bool:
    """Return whether web searches are made in Chromium, where they cost nothing, before others are asked."""
    available = {"brave": apis.brave, "google": apis.google, CHROMIUM: True, MODEL: True}
    return next((it for it in settings.search or DEFAULT_WEB if available.get(it)), "") == CHROMIUM


def image_search(settings: Settings, apis: ApiClients, in_chromium: ImageSearch | None) -> ImageSearch:
    """Return the photo search: the configured sources in order or merged, or one that says what to set."""
    available: Mapping[str, ImageSearch | None] = {
        CHROMIUM: in_chromium,
        "vision": apis.vision,
        "ebay": EbayImageSearch(apis.ebay, settings.country) if apis.ebay else None,
    }
    order = tuple(it for it in settings.lens if it != ALL) or DEFAULT_IMAGE
    sources = _available(order, available, "LENS_RX_LENS")
    if not sources:
        return NotConfigured(
            "No photo search is configured: set GOOGLE_VISION_API_KEY or the keys of eBay, or let Chromium be used."
        )
    if [it.name for it in sources] == [CHROMIUM]:
        return sources[0].client
    if ALL in settings.lens:
        return MergedImageSearch(sources, settings.cooldown_seconds)
    return FallbackImageSearch(sources, settings.cooldown_seconds, settings.stage_deadline_seconds)


def _available(order: Sequence[str], clients: Mapping[str, S | None], variable: str) -> list[Source[S]]:
    """Return the sources of `order` that can be asked; one that is named without its key is logged."""
    for name in order:
        if clients.get(name) is None and order not in (DEFAULT_WEB, DEFAULT_IMAGE):
            _log.error("a source is named but has no key", setting=variable, source=name)
    return [Source(name, client) for name in order if (client := clients.get(name)) is not None]


def model_search(
    settings: Settings, endpoints: Endpoints, model: OpenAIModel | None
) -> ModelWebSearch | None:
    """Return the model's own web search; only OpenAI's server and a sandbox's are asked unless it is named."""
    if model is None:
        return None
    is_sandbox = endpoints.is_sandbox and model.url.rstrip("/") == endpoints.model_url
    is_openai = (urlsplit(model.url).hostname or "").endswith(".openai.com")
    if not (is_sandbox or is_openai or MODEL in settings.search):
        return None
    return ModelWebSearch(model.client, model.choice, settings, is_free=is_sandbox)
