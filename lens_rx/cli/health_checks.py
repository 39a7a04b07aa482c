"""Checks of what a run needs: Chromium, the model, the storage; one line of output each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack

import typer

from lens_rx.cli.access import describe_access
from lens_rx.cli.supplier_table import supplier_table
from lens_rx.cli.surroundings import ServiceOptions, open_endpoints
from lens_rx.clients.endpoints import Endpoints
from lens_rx.clients.protocols import Supplier, end_notice
from lens_rx.facts.errors import LensRxError
from lens_rx.settings import Settings, uses_chromium
from lens_rx.storage import storage_for, storage_location
from lens_rx.storage.records import StoreInUse
from lens_rx.wiring.node import SupplierCheck, check_apis, check_chromium, check_model, list_models

Check = Callable[[], Awaitable[str]]


def run_checks(options: ServiceOptions, *, warmup: bool = False) -> int:
    """Run the checks and return the exit status: 1 where one fails.

    `warmup`: the storage is not checked, and what is learnt of the model's server is kept in it.
    """
    return asyncio.run(_run_checks(options, warmup=warmup))


async def _run_checks(options: ServiceOptions, *, warmup: bool) -> int:
    async with AsyncExitStack() as stack:
        endpoints, _ = await stack.enter_async_context(open_endpoints(options))
        typer.echo(f"world     {'SANDBOX' if endpoints.is_sandbox else 'live'} ({endpoints.name})")
        checks: dict[str, Check] = {
            "chromium": lambda: check_chromium(options.settings, endpoints),
            "model": lambda: _check_model(options, endpoints, warmup=warmup),
        }
        if not warmup:
            checks["lens"] = lambda: _describe_lens(options.settings)
            checks["log"] = lambda: _check_storage(options)
            checks["access"] = lambda: _check_access(options)
        passed = {name: await _run_check(name, check) for name, check in checks.items()}
        if not warmup:
            await _print_suppliers(options, endpoints, passed)
    return 0 if all(passed.values()) else 1


async def _print_suppliers(options: ServiceOptions, endpoints: Endpoints, passed: Mapping[str, bool]) -> None:
    """Print the table of suppliers, why one that is configured is not reachable, and which end soon."""
    settings = options.settings
    models = await list_models(settings, endpoints, options.model_at)
    has_chromium = uses_chromium(settings)
    suppliers = [
        *(
            SupplierCheck(it, is_configured=True, is_reachable=passed["model"] and it.available)
            for it in models
        ),
        SupplierCheck(
            Supplier("Chromium", "photo search, web search, pages"),
            is_configured=has_chromium,
            is_reachable=passed["chromium"] if has_chromium else None,
        ),
        *await check_apis(settings, endpoints),
    ]
    for line in supplier_table(suppliers):
        typer.echo(line)
    for check in suppliers:
        if check.problem:
            typer.echo(f"{check.supplier.name}: {check.problem}")
        if check.is_configured and check.supplier.ends_soon():
            typer.echo(f"{check.supplier.name}: WARNING: it {end_notice(check.supplier)}")


async def _run_check(name: str, check: Check) -> bool:
    try:
        message, passed = await check(), True
    except LensRxError as error:
        message, passed = f"NOT THERE: {error}", False
    typer.echo(f"{name:9} {message}")
    return passed


async def _check_model(options: ServiceOptions, endpoints: Endpoints, *, warmup: bool) -> str:
    if not warmup:
        return await check_model(options.settings, endpoints, options.model_at)
    storage = storage_for(options.settings, options.store)
    try:
        await storage.start()
    except LensRxError:  # a service has it open, and learns for itself
        storage = storage_for(options.settings.model_copy(update={"redis": None}), None)
        await storage.start()
    try:
        return await check_model(options.settings, endpoints, options.model_at, storage)
    finally:
        await storage.aclose()


async def _describe_lens(settings: Settings) -> str:
    """Return how Google Lens is asked."""
    if not uses_chromium(settings):
        return "not asked: there is no Chromium"
    if settings.lens_http == "off":
        return "in Chromium alone; LENS_RX_LENS_HTTP=auto adds plain HTTP"
    return "over plain HTTP while a session of Chromium's stands, else in Chromium; /metrics counts both"


async def _check_access(options: ServiceOptions) -> str:
    return describe_access(options.settings)


async def _check_storage(options: ServiceOptions) -> str:
    storage = storage_for(options.settings, options.store)
    place = f"{storage.name}: {storage_location(options.settings, options.store)}"
    try:
        await storage.start()
    except StoreInUse:
        return f"{place}, in use by a service that runs"
    try:
        return f"{place}, {await storage.count_waiting()} photos wait"
    finally:
        await storage.aclose()
