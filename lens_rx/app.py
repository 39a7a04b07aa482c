"""One node: its parts, put together, started in order and closed in the opposite one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from lens_rx.clients.endpoints import World
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.outside import Outside
from lens_rx.reactive.interop import drained
from lens_rx.runs.registry import Runs
from lens_rx.runs.stage_cache import Keeper
from lens_rx.runs.stages import RECIPE, RunSteps
from lens_rx.runs.usage import Ledger
from lens_rx.runs.worker import Worker, sweep
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Log
from lens_rx.web.context import Service
from lens_rx.web.photo_intake import UPLOADS_AT_ONCE, Intake
from lens_rx.web.upload_budget import Room


@dataclass(frozen=True, slots=True)
class Node:
    """A node that runs: what its handlers work with, and its worker where it has one."""

    service: Service
    worker: Worker | None

    async def drain(self) -> None:
        """Refuse new photos, let running ones end or hand them back, then end the open streams.

        Streams end in a way that can be resumed, here or at another node.
        """
        self.service.runs.refuse()
        if self.worker:
            await self.worker.aclose()
        await self.service.runs.aclose()


@asynccontextmanager
async def node(
    settings: Settings, world: World, log: Log, model_name: str, outside: Outside | None
) -> AsyncIterator[Node]:
    """Run a node, drained at the end: with `outside` it works on photos, without it only takes them."""
    metrics = Metrics()
    recipe = f"{world.name}/{RECIPE}/{model_name}"
    async with AsyncExitStack() as parts:
        parts.push_async_callback(drained)
        await log.start()
        parts.push_async_callback(log.aclose)
        runs = Runs(log, settings, metrics)
        runs.start()
        worker = _worker(log, outside, settings, metrics, recipe) if outside else None
        if worker:
            worker.start()
        service = Service(
            settings=settings,
            runs=runs,
            intake=Intake(settings),
            metrics=metrics,
            recipe=recipe,
            sandbox=world.is_sandbox,
            room=Room(UPLOADS_AT_ONCE * settings.max_photo_bytes, settings.max_photo_bytes),
            ready=_readiness(log, outside),
        )
        served = Node(service, worker)
        parts.push_async_callback(served.drain)
        yield served


def _worker(log: Log, outside: Outside, settings: Settings, metrics: Metrics, recipe: str) -> Worker:
    sweep()
    metrics.watch_tabs(outside.browser.tabs)

    def steps_for(ledger: Ledger, generation: int) -> Steps:
        again = generation > 1
        return RunSteps(outside.gateways, keeper, settings, recipe, ledger, again).all()

    worker = Worker(log, steps_for, settings, metrics, lambda: outside.browser.ready)
    keeper = Keeper(log, worker.name, settings.lease)
    return worker


def _readiness(log: Log, outside: Outside | None) -> Callable[[], Awaitable[dict[str, bool]]]:
    async def ready() -> dict[str, bool]:
        parts = {"log": await log.ready()}
        return parts | {"chromium": outside.browser.ready} if outside else parts

    return ready
