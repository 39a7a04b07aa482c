"""`lens-rx status` and `warmup`: is everything there that a run needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import typer
from pydantic import BaseModel

from lens_rx.clients.browser.pool import Browser
from lens_rx.clients.endpoints import World
from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.clients.protocols import Question
from lens_rx.commands.options import (
    ModelAt,
    RedisUrl,
    SandboxAt,
    SandboxFlag,
    StoreFile,
    settings_of,
    store_of,
)
from lens_rx.facts.errors import Broken, LensRxError, StageError
from lens_rx.logs import configure
from lens_rx.outside import model_of
from lens_rx.replay.opening import log_of
from lens_rx.sandbox.likeness import likeness
from lens_rx.serving import Plan, world_of

Check = Callable[[], Awaitable[str]]


class Ping(BaseModel):
    """The smallest answer there is."""

    word: str


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
        likeness().warm()
    raise typer.Exit(asyncio.run(_status(Plan(settings, sandbox=sandbox, model_at=model_at), with_log=False)))


async def _status(plan: Plan, *, with_log: bool = True) -> int:
    async with AsyncExitStack() as parts:
        world, _ = await parts.enter_async_context(world_of(plan))
        typer.echo(f"world     {'SANDBOX' if world.is_sandbox else 'live'} ({world.name})")
        checks: dict[str, Check] = {
            "chromium": lambda: _chromium(plan, world),
            "model": lambda: _model(plan, world),
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


async def _chromium(plan: Plan, world: World) -> str:
    browser = Browser(plan.settings, world)
    try:
        await browser.start()
        return browser.version()
    finally:
        await browser.aclose()


async def _model(plan: Plan, world: World) -> str:
    model = model_of(plan.settings, world, plan.model_at)
    if model is None:
        return "none: set OPENAI_API_KEY, or name a server with --model-at; titles decide without one"
    try:
        return await _asked(model)
    finally:
        await model.aclose()


async def _asked(model: OpenAIModel) -> str:
    try:
        await model.ask(Question("Answer with the word pong.", Ping, evidence="ping", max_tokens=50))
    except StageError as error:
        raise Broken(f"{error} It was asked at {model.url} for {model.name}.") from error
    return f"{model.name}, answers as {model.form}"


async def _log(plan: Plan) -> str:
    log = log_of(plan.settings, plan.store)
    await log.start()
    try:
        where = plan.settings.redis or plan.store
        return f"{log.name}: {where}, {await log.waiting()} photos wait"
    finally:
        await log.aclose()
