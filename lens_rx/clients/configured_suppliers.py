"""The outside services that are configured, whose ends and keys a node watches, with or without a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.llm import OpenAIModel, model_of
from lens_rx.clients.protocols import Supplier
from lens_rx.clients.search_sources import ApiClients, api_suppliers, open_api_clients
from lens_rx.clients.supplier_checks import watch_apis
from lens_rx.settings import Settings
from lens_rx.storage.protocols import ResultCache


@dataclass(frozen=True, slots=True)
class ConfiguredSuppliers:
    """The model, None where none is configured, and the official APIs that have a key."""

    model: OpenAIModel | None = None
    apis: ApiClients = field(default_factory=ApiClients)

    def list(self) -> Sequence[Supplier]:
        """Return the models and the APIs, with their known ends."""
        return [*(self.model.suppliers() if self.model else ()), *api_suppliers(self.apis)]

    async def watch(self) -> None:
        """Log which are gone, refuse their key or end soon, now and then daily, until it is cancelled."""
        await asyncio.gather(watch_apis(self.apis), *([self.model.watch()] if self.model else []))


@asynccontextmanager
async def open_suppliers(
    settings: Settings,
    endpoints: Endpoints,
    model_url: str | None = None,
    *,
    cache: ResultCache | None = None,
    on_gone: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[ConfiguredSuppliers]:
    """Open the clients of what is configured; `model_url` names another server for the model than the settings do.

    What is learnt of the model's server is kept in `cache`; `on_gone` is called with each model that is left.
    """
    async with AsyncExitStack() as parts:
        model = model_of(settings, endpoints, model_url, cache=cache, on_gone=on_gone)
        if model:
            parts.push_async_callback(model.aclose)
        yield ConfiguredSuppliers(model, open_api_clients(parts, settings, endpoints))
