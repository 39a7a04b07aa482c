"""The outside world of one node: the gateways that the settings ask for, started and closed as one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from lens_rx.clients.browser.chromium_reader import ChromiumReader
from lens_rx.clients.browser.pool import Browser
from lens_rx.clients.ebay.browse_api import EbayApi
from lens_rx.clients.endpoints import World
from lens_rx.clients.fallback_reader import PageReader
from lens_rx.clients.google.chromium_lens import ChromiumLens
from lens_rx.clients.google.chromium_search import ChromiumSearch
from lens_rx.clients.google.custom_search import GoogleApi
from lens_rx.clients.http.fetcher import Fetch
from lens_rx.clients.http.host_cooldown import Rest
from lens_rx.clients.llm.openai_model import PRACTICE_MODEL, OpenAIModel
from lens_rx.clients.marketplace_pages import MarketplacePages
from lens_rx.clients.protocols import OfferSource, Reader, WebSearch
from lens_rx.facts.errors import StageError
from lens_rx.parsing.marketplaces import MARKETPLACES
from lens_rx.reactive.interop import ended, spawn
from lens_rx.runs.stages import Gateways
from lens_rx.settings import Settings

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outside:
    """The gateways, and the browser behind them."""

    gateways: Gateways
    browser: Browser


@asynccontextmanager
async def outside(settings: Settings, world: World, model_url: str | None = None) -> AsyncIterator[Outside]:
    """Open the gateways to `world`; `model_url` names a model's server beside the settings' one.

    A Chromium that does not start is logged and tried on: the node lives, and says it is not ready.
    """
    async with AsyncExitStack() as parts:
        rest = Rest(settings.rest_seconds)
        browser = Browser(settings, world)
        parts.push_async_callback(browser.aclose)
        starting = spawn(_started(browser))
        parts.push_async_callback(ended, starting)
        fetch = Fetch(settings, world, rest)
        parts.push_async_callback(fetch.aclose)
        model = model_of(settings, world, model_url)
        if model:
            parts.push_async_callback(model.aclose)
        reader = PageReader(fetch, ChromiumReader(browser, world, settings, rest))
        yield Outside(
            Gateways(
                lens=ChromiumLens(browser, world, settings, rest),
                search=await _search(parts, settings, world, ChromiumSearch(browser, world, settings, rest)),
                reader=reader,
                model=model,
                offer_sources=await _offer_sources(parts, settings, world, reader),
            ),
            browser,
        )


async def _started(browser: Browser) -> None:
    try:
        await browser.start()
    except StageError as error:
        _log.error("Chromium does not start", why=str(error))


def model_of(settings: Settings, world: World, model_url: str | None) -> OpenAIModel | None:
    """Return the model: the one named, the sandbox's own, the settings', or none.

    A user's key goes to the live world, and in the sandbox only to a server that was named for it.
    """
    if model_url:
        path = urlsplit(model_url).path.strip("/")
        return OpenAIModel(settings, base_url=model_url if path else f"{model_url.rstrip('/')}/v1")
    if world.route:
        own = f"http://{world.route.address}:{world.route.port}/v1"
        return OpenAIModel(settings, base_url=own, practice=True)
    if settings.openai_api_key or settings.openai_base_url:
        return OpenAIModel(settings)
    return None


def model_name(settings: Settings, world: World, model_url: str | None) -> str:
    """Return the name of the model that `model_of` would ask, "" where it would ask none."""
    if world.is_sandbox and not model_url:
        return PRACTICE_MODEL
    return settings.model if model_url or settings.openai_api_key or settings.openai_base_url else ""


async def _search(
    parts: AsyncExitStack, settings: Settings, world: World, in_chromium: WebSearch
) -> WebSearch:
    """Return the official search where it is configured; the sandbox is never asked for a user's key."""
    if world.is_sandbox or not (settings.google_api_key and settings.google_cse_id):
        return in_chromium
    api = GoogleApi(settings)
    parts.push_async_callback(api.aclose)
    return api


async def _offer_sources(
    parts: AsyncExitStack, settings: Settings, world: World, reader: Reader
) -> Sequence[OfferSource]:
    """Return the marketplaces, eBay by its official interface where that is configured."""
    pages: list[OfferSource] = [MarketplacePages(it, reader, world) for it in MARKETPLACES]
    if world.is_sandbox or not (settings.ebay_client_id and settings.ebay_client_secret):
        return pages
    api = EbayApi(settings)
    parts.push_async_callback(api.aclose)
    return [api, *(it for it in pages if it.name != api.name)]
