"""Checks of what a run needs: Chromium, the model, the storage; one line of output each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import typer

from lens_rx.cli.service import ServiceOptions, open_endpoints
from lens_rx.facts.errors import LensRxError
from lens_rx.storage import storage_for
from lens_rx.wiring import check_chromium, check_model

Check = Callable[[], Awaitable[str]]


def run_checks(options: ServiceOptions, *, with_storage: bool) -> int:
    """Run the checks and return the exit status: 1 where one fails."""
    return asyncio.run(_run_checks(options, with_storage=with_storage))


async def _run_checks(options: ServiceOptions, *, with_storage: bool) -> int:
    async with AsyncExitStack() as stack:
        endpoints, _ = await stack.enter_async_context(open_endpoints(options))
        typer.echo(f"world     {'SANDBOX' if endpoints.is_sandbox else 'live'} ({endpoints.name})")
        checks: dict[str, Check] = {
            "chromium": lambda: check_chromium(options.settings, endpoints),
            "model": lambda: check_model(options.settings, endpoints, options.model_at),
        }
        if with_storage:
            checks["log"] = lambda: _check_storage(options)
        results = [await _run_check(name, check) for name, check in checks.items()]
    return 0 if all(results) else 1


async def _run_check(name: str, check: Check) -> bool:
    try:
        message, passed = await check(), True
    except LensRxError as error:
        message, passed = f"NOT THERE: {error}", False
    typer.echo(f"{name:9} {message}")
    return passed


async def _check_storage(options: ServiceOptions) -> str:
    storage = storage_for(options.settings, options.store)
    await storage.start()
    try:
        location = options.settings.redis or options.store
        return f"{storage.name}: {location}, {await storage.count_waiting()} photos wait"
    finally:
        await storage.aclose()
