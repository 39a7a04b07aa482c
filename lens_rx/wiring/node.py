"""The choice of client, storage and operator: assembles a node, starts its parts in order, closes them in reverse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from lens_rx.clients.browser.chromium_reader import ChromiumReader
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.configured_suppliers import ConfiguredSuppliers, open_suppliers
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.fallback_reader import FallbackReader
from lens_rx.clients.google.chromium_search import ChromiumSearch
from lens_rx.clients.google.lens_client import open_lens
from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.clients.http.fetcher import HttpFetcher
from lens_rx.clients.http.photo_client import HttpPhotoReader
from lens_rx.clients.http.webhook_client import HttpWebhookClient
from lens_rx.clients.offer_sources import offer_sources
from lens_rx.clients.protocols import PhotoReader, Reader
from lens_rx.clients.search_sources import (
    image_search,
    is_chromium_first,
    model_search,
    web_search,
)
from lens_rx.clients.supplier_checks import (
    SupplierCheck,
    check_apis,
    check_chromium,
    check_model,
    list_models,
)
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import cancel_and_wait, create_task, wait_all
from lens_rx.runs.early_calls import FEW_EARLY_CALLS, NAMES_OF_A_RUN, EarlyOffers, EarlySearch
from lens_rx.runs.early_lookups import EarlyClients
from lens_rx.runs.generation_plan import GenerationPlan
from lens_rx.runs.outcomes import OutcomeStore
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.run_changes import RunChanges
from lens_rx.runs.stage_cache import StageCache
from lens_rx.runs.stages import PIPELINE_VERSION, StageClients, StageFactory
from lens_rx.runs.usage import UsageMeter
from lens_rx.runs.webhook_sender import WebhookSender
from lens_rx.runs.worker import Worker, remove_leftovers
from lens_rx.settings import Settings
from lens_rx.storage.protocols import ResultCache, Storage
from lens_rx.web.async_answer import webhook_body
from lens_rx.web.context import AppContext
from lens_rx.web.photo_intake import PhotoIntake, upload_budget

__all__ = [
    "Clients",
    "Node",
    "SupplierCheck",
    "check_apis",
    "check_chromium",
    "check_model",
    "list_models",
    "model_name",
    "node",
    "open_clients",
    "open_suppliers",
]


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of the outside services, the browser that some of them share, and what they depend on."""

    for_stages: StageClients
    browser: BrowserPool | None
    suppliers: ConfiguredSuppliers


@asynccontextmanager
async def open_clients(
    settings: Settings,
    endpoints: Endpoints,
    browser: BrowserPool | None,
    model_url: str | None = None,
    *,
    cache: ResultCache | None = None,
    metrics: Metrics,
) -> AsyncIterator[Clients]:
    """Open the clients of `endpoints`, those in `browser` where there is one.

    `model_url` names another server for the model than the settings do. What is learnt of the model's server is kept
    in `cache`.
    """
    async with AsyncExitStack() as parts:
        cooldown = HostCooldown(settings.cooldown_seconds)
        fetcher = HttpFetcher(settings, endpoints, cooldown)
        parts.push_async_callback(fetcher.aclose)
        reader: Reader = fetcher
        opened = open_suppliers(settings, endpoints, model_url, cache=cache, on_gone=metrics.count_gone_model)
        suppliers = await parts.enter_async_context(opened)
        model, apis = suppliers.model, suppliers.apis
        lens = search = None
        early_calls = max(FEW_EARLY_CALLS, NAMES_OF_A_RUN * settings.concurrency)
        if browser:
            opening = open_lens(browser, endpoints, settings, cooldown, metrics)
            lens = await parts.enter_async_context(opening)
            search = EarlySearch(
                ChromiumSearch(browser, endpoints, settings, cooldown),
                metrics.count_early_lookup,
                early_calls,
            )
            reader = FallbackReader(reader, ChromiumReader(browser, endpoints, settings, cooldown))
        sources = [
            EarlyOffers(it, metrics.count_early_lookup, early_calls)
            for it in offer_sources(settings, endpoints, reader, apis)
        ]
        early = EarlyClients(search if is_chromium_first(settings, apis) else None, sources)
        parts.callback(early.drop_all)
        yield Clients(
            StageClients(
                lens=image_search(settings, apis, lens),
                search=web_search(settings, apis, search, model_search(settings, endpoints, model)),
                reader=reader,
                model=model,
                offer_sources=sources,
                early=early if settings.speculate else None,
            ),
            browser,
            suppliers,
        )


def model_name(settings: Settings, endpoints: Endpoints, model_url: str | None) -> str:
    """Return the name of the model in the keys of runs and stages, "" where none is asked.

    It is the first of the list, whichever of them answers, so that a model's end makes no result old.
    """
    if endpoints.models and not model_url:
        return endpoints.models[0]
    return settings.models[0] if model_url or settings.openai_api_key or settings.openai_base_url else ""


@dataclass(frozen=True, slots=True)
class Node:
    """A running node: what its handlers use, its worker where it has one, and what reads photos at web addresses."""

    context: AppContext
    worker: Worker | None
    photo_reader: PhotoReader

    async def drain(self) -> None:
        """Refuse new photos, let running ones end or requeue them, then end the open streams.

        A stream that ends so can be resumed, here or at another node.
        """
        self.context.runs.stop_accepting()
        if self.worker:
            await self.worker.aclose()
        await self.context.runs.aclose()


@asynccontextmanager
async def node(
    settings: Settings,
    endpoints: Endpoints,
    storage: Storage,
    model_name: str,
    clients: Clients | None,
    *,
    metrics: Metrics | None = None,
    suppliers: ConfiguredSuppliers | None = None,
) -> AsyncIterator[Node]:
    """Run a node, drained at the end: with `clients` it works on photos, without them it only accepts them.

    `suppliers` are what it watches and tells of where it has no clients.
    """
    metrics, suppliers = metrics or Metrics(), clients.suppliers if clients else suppliers
    cache_namespace = f"{endpoints.name}/{PIPELINE_VERSION}/{model_name}"
    async with AsyncExitStack() as parts:
        parts.push_async_callback(wait_all)
        await storage.start()
        parts.push_async_callback(storage.aclose)
        runs = RunRegistry(storage, settings, metrics)
        runs.start()
        if suppliers:
            metrics.register_suppliers(suppliers.list)
            watching = create_task(_watch(suppliers, clients.browser if clients else None))
            parts.push_async_callback(cancel_and_wait, watching)
        worker = _worker(storage, clients, settings, metrics, cache_namespace) if clients else None
        if worker:
            worker.start()
        webhooks = WebhookSender(storage, runs, HttpWebhookClient(settings, endpoints), settings, metrics)
        parts.push_async_callback(webhooks.aclose)
        context = AppContext(
            settings=settings,
            runs=runs,
            index=storage,
            intake=PhotoIntake(settings),
            metrics=metrics,
            cache_namespace=cache_namespace,
            sandbox=endpoints.is_sandbox,
            upload_budget=upload_budget(settings),
            ready=_readiness(storage, clients),
            outcomes=OutcomeStore(storage, settings.kept_days),
            webhooks=webhooks,
            changes=RunChanges(storage, settings, metrics),
            suppliers=suppliers.list if suppliers else tuple,
        )
        webhooks.start(partial(webhook_body, context))
        running = Node(context, worker, HttpPhotoReader(settings, endpoints))
        parts.push_async_callback(running.drain)
        yield running


async def _watch(suppliers: ConfiguredSuppliers, browser: BrowserPool | None) -> None:
    """Watch the suppliers once Chromium has started: the model's client takes 0.5 s of CPU that it needs until then."""
    if browser:
        await browser.wait_started()
    await suppliers.watch()


def _worker(
    storage: Storage, clients: Clients, settings: Settings, metrics: Metrics, cache_namespace: str
) -> Worker:
    remove_leftovers()
    if browser := clients.browser:
        metrics.register_tabs(browser.tabs)

    def steps_for(meter: UsageMeter, plan: GenerationPlan) -> Steps:
        again = plan.generation > 1
        stages = clients.for_stages
        return StageFactory(stages, cache, settings, cache_namespace, meter, again, plan.refresh).all()

    worker = Worker(storage, steps_for, settings, metrics, lambda: browser.ready if browser else True)
    cache = StageCache(storage, worker.name, settings.lease_seconds)
    return worker


def _readiness(storage: Storage, clients: Clients | None) -> Callable[[], Awaitable[dict[str, bool]]]:
    async def ready() -> dict[str, bool]:
        parts = {"log": await storage.ready()}
        return parts | {"chromium": clients.browser.ready} if clients and clients.browser else parts

    return ready
