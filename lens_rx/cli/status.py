"""`lens-rx status` and `warmup`: is everything there that a run needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import typer

from lens_rx.cli.log_config import configure
from lens_rx.cli.options import (
    ModelAt,
    RedisUrl,
    SandboxAt,
    SandboxFlag,
    StoreFile,
    settings_of,
    store_of,
)
from lens_rx.cli.sandbox_options import sandbox_imports
from lens_rx.cli.serving import Plan, open_endpoints
from lens_rx.facts.errors import LensRxError
from lens_rx.storage import log_of
from lens_rx.wiring import check_chromium, check_model

Check = Callable[[], Awaitable[str]]


def status(
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    model_at: ModelAt = None,
    redis: RedisUrl = None,
    store: StoreFile = None,
) -> None:
    """Tell whether Chromium, the model and the log are there; exit status 1 where one that is needed is not."""
    settings = settings_of(redis=redis, log_level="critical")
    configure(settings)
    file = store_of(settings, store, none=False)
    plan = Plan(settings, sandbox=sandbox, sandbox_at=sandbox_at, model_at=model_at, store=file)
    raise typer.Exit(asyncio.run(_status(plan)))


def warmup(*, sandbox: SandboxFlag = False, model_at: ModelAt = None) -> None:
    """Do now what the first photo would wait for: start Chromium, ask the model, draw the sandbox's pictures."""
    settings = settings_of(log_level="critical")
    configure(settings)
    if sandbox:
        with sandbox_imports():
            from lens_rx.sandbox.image_match import image_matcher  # noqa: PLC0415 - may not be installed

        image_matcher().warm()
    raise typer.Exit(asyncio.run(_status(Plan(settings, sandbox=sandbox, model_at=model_at), with_log=False)))


async def _status(plan: Plan, *, with_log: bool = True) -> int:
    async with AsyncExitStack() as parts:
        world, _ = await parts.enter_async_context(open_endpoints(plan))
        typer.echo(f"world     {'SANDBOX' if world.is_sandbox else 'live'} ({world.name})")
        checks: dict[str, Check] = {
            "chromium": lambda: check_chromium(plan.settings, world),
            "model": lambda: check_model(plan.settings, world, plan.model_at),
        }
        if with_log:
            checks["log"] = lambda: _log(plan)
        results = [await _checked(name, check) for name, check in checks.items()]
    return 0 if all(results) else 1


async def _checked(name: str, check: Check) -> bool:
    try:
        words, well = await check(), True
    except LensRxError as error:
        words, well = f"NOT THERE: {error}", False
    typer.echo(f"{name:9} {words}")
    return well


async def _log(plan: Plan) -> str:
    log = log_of(plan.settings, plan.store)
    await log.start()
    try:
        where = plan.settings.redis or plan.store
        return f"{log.name}: {where}, {await log.waiting()} photos wait"
    finally:
        await log.aclose()
