"""Production's choice of client, storage and operator: a node, assembled, started in order and closed in reverse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from pydantic import BaseModel

from lens_rx.clients.browser.chromium_reader import ChromiumReader
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.ebay.browse_api import BrowseApi
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.fallback_reader import FallbackReader
from lens_rx.clients.google.chromium_lens import ChromiumLens
from lens_rx.clients.google.chromium_search import ChromiumSearch
from lens_rx.clients.google.custom_search import CustomSearch
from lens_rx.clients.http.fetcher import HttpFetcher
from lens_rx.clients.http.host_cooldown import HostCooldown
from lens_rx.clients.llm.openai_model import PRACTICE_MODEL, OpenAIModel
from lens_rx.clients.marketplace_pages import MarketplacePages
from lens_rx.clients.protocols import OfferSource, Question, Reader, WebSearch
from lens_rx.facts.errors import StageError, UpstreamError
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.parsing.marketplaces import MARKETPLACES
from lens_rx.reactive.interop import cancel_and_wait, create_task, wait_all
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.stage_cache import StageCache
from lens_rx.runs.stages import PIPELINE_VERSION, StageClients, StageFactory
from lens_rx.runs.usage import UsageMeter
from lens_rx.runs.worker import Worker, remove_leftovers
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Log
from lens_rx.web.context import AppContext
from lens_rx.web.photo_intake import MAX_CONCURRENT_UPLOADS, PhotoIntake
from lens_rx.web.upload_budget import UploadBudget

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Clients:
    """The gateways, and the browser behind them."""

    gateways: StageClients
    browser: BrowserPool


@asynccontextmanager
async def open_clients(
    settings: Settings, world: Endpoints, model_url: str | None = None
) -> AsyncIterator[Clients]:
    """Open the gateways to `world`; `model_url` names a model's server beside the settings' one.

    A Chromium that does not start is logged and tried on: the node lives, and says it is not ready.
    """
    async with AsyncExitStack() as parts:
        rest = HostCooldown(settings.cooldown_seconds)
        browser = BrowserPool(settings, world)
        parts.push_async_callback(browser.aclose)
        starting = create_task(_started(browser))
        parts.push_async_callback(cancel_and_wait, starting)
        fetch = HttpFetcher(settings, world, rest)
        parts.push_async_callback(fetch.aclose)
        model = model_of(settings, world, model_url)
        if model:
            parts.push_async_callback(model.aclose)
        reader = FallbackReader(fetch, ChromiumReader(browser, world, settings, rest))
        yield Clients(
            StageClients(
                lens=ChromiumLens(browser, world, settings, rest),
                search=await _search(parts, settings, world, ChromiumSearch(browser, world, settings, rest)),
                reader=reader,
                model=model,
                offer_sources=await _offer_sources(parts, settings, world, reader),
            ),
            browser,
        )


async def _started(browser: BrowserPool) -> None:
    try:
        await browser.start()
    except StageError as error:
        _log.error("Chromium does not start", why=str(error))


def model_of(settings: Settings, world: Endpoints, model_url: str | None) -> OpenAIModel | None:
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


def model_name(settings: Settings, world: Endpoints, model_url: str | None) -> str:
    """Return the name of the model that `model_of` would ask, "" where it would ask none."""
    if world.is_sandbox and not model_url:
        return PRACTICE_MODEL
    return settings.model if model_url or settings.openai_api_key or settings.openai_base_url else ""


class Ping(BaseModel):
    """The smallest answer there is."""

    word: str


async def check_chromium(settings: Settings, world: Endpoints) -> str:
    """Start Chromium and return its version; raise `StageError` where it does not start."""
    browser = BrowserPool(settings, world)
    try:
        await browser.start()
        return browser.version()
    finally:
        await browser.aclose()


async def check_model(settings: Settings, world: Endpoints, model_url: str | None) -> str:
    """Ask the model for a word and return its name and form of answer; raise `StageError` where it fails."""
    model = model_of(settings, world, model_url)
    if model is None:
        return "none: set OPENAI_API_KEY, or name a server with --model-at; titles decide without one"
    try:
        await model.complete(Question("Answer with the word pong.", Ping, evidence="ping", max_tokens=50))
        return f"{model.name}, answers as {model.form}"
    except StageError as error:
        raise UpstreamError(f"{error} It was asked at {model.url} for {model.name}.") from error
    finally:
        await model.aclose()


async def _search(
    parts: AsyncExitStack, settings: Settings, world: Endpoints, in_chromium: WebSearch
) -> WebSearch:
    """Return the official search where it is configured; the sandbox is never asked for a user's key."""
    if world.is_sandbox or not (settings.google_api_key and settings.google_cse_id):
        return in_chromium
    api = CustomSearch(settings)
    parts.push_async_callback(api.aclose)
    return api


async def _offer_sources(
    parts: AsyncExitStack, settings: Settings, world: Endpoints, reader: Reader
) -> Sequence[OfferSource]:
    """Return the marketplaces, eBay by its official interface where that is configured."""
    pages: list[OfferSource] = [MarketplacePages(it, reader, world) for it in MARKETPLACES]
    if world.is_sandbox or not (settings.ebay_client_id and settings.ebay_client_secret):
        return pages
    api = BrowseApi(settings)
    parts.push_async_callback(api.aclose)
    return [api, *(it for it in pages if it.name != api.name)]


@dataclass(frozen=True, slots=True)
class Node:
    """A node that runs: what its handlers work with, and its worker where it has one."""

    context: AppContext
    worker: Worker | None

    async def drain(self) -> None:
        """Refuse new photos, let running ones end or hand them back, then end the open streams.

        Streams end in a way that can be resumed, here or at another node.
        """
        self.context.runs.stop_accepting()
        if self.worker:
            await self.worker.aclose()
        await self.context.runs.aclose()


@asynccontextmanager
async def node(
    settings: Settings, world: Endpoints, log: Log, model_name: str, outside: Clients | None
) -> AsyncIterator[Node]:
    """Run a node, drained at the end: with `outside` it works on photos, without it only takes them."""
    metrics = Metrics()
    recipe = f"{world.name}/{PIPELINE_VERSION}/{model_name}"
    async with AsyncExitStack() as parts:
        parts.push_async_callback(wait_all)
        await log.start()
        parts.push_async_callback(log.aclose)
        runs = RunRegistry(log, settings, metrics)
        runs.start()
        worker = _worker(log, outside, settings, metrics, recipe) if outside else None
        if worker:
            worker.start()
        context = AppContext(
            settings=settings,
            runs=runs,
            intake=PhotoIntake(settings),
            metrics=metrics,
            cache_namespace=recipe,
            sandbox=world.is_sandbox,
            upload_budget=UploadBudget(
                MAX_CONCURRENT_UPLOADS * settings.max_photo_bytes, settings.max_photo_bytes
            ),
            ready=_readiness(log, outside),
        )
        served = Node(context, worker)
        parts.push_async_callback(served.drain)
        yield served


def _worker(log: Log, outside: Clients, settings: Settings, metrics: Metrics, recipe: str) -> Worker:
    remove_leftovers()
    metrics.register_tabs(outside.browser.tabs)

    def steps_for(ledger: UsageMeter, generation: int) -> Steps:
        again = generation > 1
        return StageFactory(outside.gateways, keeper, settings, recipe, ledger, again).all()

    worker = Worker(log, steps_for, settings, metrics, lambda: outside.browser.ready)
    keeper = StageCache(log, worker.name, settings.lease_seconds)
    return worker


def _readiness(log: Log, outside: Clients | None) -> Callable[[], Awaitable[dict[str, bool]]]:
    async def ready() -> dict[str, bool]:
        parts = {"log": await log.ready()}
        return parts | {"chromium": outside.browser.ready} if outside else parts

    return ready
