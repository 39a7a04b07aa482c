"""Checks of the outside services: whether they are configured and answer, and when they are known to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

import structlog

from lens_rx.clients import llm
from lens_rx.clients.browser.flags import describe_own_sandbox
from lens_rx.clients.browser.pool import BrowserPool
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.protocols import CHECK_INTERVAL_SECONDS, Supplier, end_notice
from lens_rx.clients.search_sources import API_SUPPLIERS, ApiClients, api_suppliers, open_api_clients
from lens_rx.facts.errors import StageError
from lens_rx.settings import Settings, uses_chromium
from lens_rx.storage.protocols import ResultCache

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SupplierCheck:
    """A supplier, whether it is configured, and whether it answered; None: it was not asked."""

    supplier: Supplier
    is_configured: bool
    is_reachable: bool | None = None
    problem: str = ""


class _KeyedApi(Protocol):
    async def check_key(self) -> None: ...


async def check_chromium(settings: Settings, endpoints: Endpoints) -> str:
    """Start Chromium and return its version and whether its own sandbox is on; raise `StageError` where it does not start."""
    if not uses_chromium(settings):
        return "none: LENS_RX_CHROMIUM says so; official interfaces are asked alone"
    browser = BrowserPool(settings, endpoints)
    try:
        await browser.start()
        return f"{browser.version()}, {describe_own_sandbox(settings)}"
    finally:
        await browser.aclose()


async def check_model(
    settings: Settings, endpoints: Endpoints, model_url: str | None, cache: ResultCache | None = None
) -> str:
    """Return what the model is and when it ends; raise `UpstreamError` where it does not answer.

    With a `cache` it is learnt anew what the model's server takes, and kept there.
    """
    model = llm.model_of(settings, endpoints, model_url, cache=cache)
    if model is None:
        return "none: set OPENAI_API_KEY, or name a server with --model-at; titles decide without one"
    try:
        return await llm.check_model(model, relearn=cache is not None)
    finally:
        await model.aclose()


async def list_models(settings: Settings, endpoints: Endpoints, model_url: str | None) -> Sequence[Supplier]:
    """Return the configured models with what their server says of their ends; empty where there is no model."""
    model = llm.model_of(settings, endpoints, model_url)
    if model is None:
        return ()
    try:
        await model.check()
        return model.suppliers()
    finally:
        await model.aclose()


async def check_apis(settings: Settings, endpoints: Endpoints) -> Sequence[SupplierCheck]:
    """Ask each official API that has a key whether it accepts it, which costs nothing; others are not asked."""
    async with AsyncExitStack() as stack:
        apis = open_api_clients(stack, settings, endpoints)
        return [await _check_api(it, getattr(apis, name)) for name, it in API_SUPPLIERS.items()]


async def watch_apis(apis: ApiClients) -> None:
    """Log what is wrong with the configured APIs now, and then daily, until it is cancelled."""
    while True:
        await log_api_problems(apis)
        await asyncio.sleep(CHECK_INTERVAL_SECONDS)


async def log_api_problems(apis: ApiClients) -> None:
    """Log each configured API that refuses its key, cannot be reached or ends soon, a line each."""
    for supplier in api_suppliers(apis):
        if supplier.ends_soon():
            _log.warning("a supplier ends soon", supplier=supplier.name, what=end_notice(supplier))
    for name, supplier in API_SUPPLIERS.items():
        check = await _check_api(supplier, getattr(apis, name))
        if check.problem:
            _log.error("a supplier cannot be used", supplier=supplier.name, why=check.problem)


async def _check_api(supplier: Supplier, client: _KeyedApi | None) -> SupplierCheck:
    if client is None:
        return SupplierCheck(supplier, is_configured=False)
    try:
        await client.check_key()
    except StageError as error:
        return SupplierCheck(supplier, is_configured=True, is_reachable=False, problem=str(error))
    return SupplierCheck(supplier, is_configured=True, is_reachable=True)
