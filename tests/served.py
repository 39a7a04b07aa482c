"""A service on a real socket, over a storage in memory, with stages that answer what a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from PIL import Image
from reactivex import operators as ops

from lens_rx.clients.endpoints import Endpoints, Route
from lens_rx.clients.http.photo_client import HttpPhotoReader
from lens_rx.clients.http.webhook_client import HttpWebhookClient
from lens_rx.facts import (
    AnalysisState,
    Condition,
    Estimate,
    EstimateBasis,
    Fact,
    Identity,
    Matches,
    Offer,
    Offers,
    ProducerPage,
    Product,
    Retail,
)
from lens_rx.graph import Steps
from lens_rx.mcp.mcp_endpoint import McpEndpoint
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import from_coroutine, wait_all
from lens_rx.reactive.stage import Operator, Step
from lens_rx.runs.generation_plan import GenerationPlan
from lens_rx.runs.outcomes import OutcomeStore
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.run_changes import RunChanges
from lens_rx.runs.usage import UsageMeter
from lens_rx.runs.webhook_sender import WebhookSender
from lens_rx.runs.worker import Worker
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage
from lens_rx.web.async_answer import webhook_body
from lens_rx.web.auth import Authenticator
from lens_rx.web.context import AppContext
from lens_rx.web.http_server import CountingRunner
from lens_rx.web.photo_intake import PhotoIntake
from lens_rx.web.routes import create_app
from lens_rx.web.upload_budget import UploadBudget

#: What all sockets may hold together: more than one alone may.
ROOM_BYTES = 1_000_000
STATIC = Path(__file__).parent.parent / "static"
#: Opens a WebSocket on a raw connection.
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: lens\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)

OFFER = Offer(
    id="1",
    title="Hike 2, worn twice",
    link="http://market.test/1",
    price=Decimal("90.00"),
    currency="EUR",
    condition=Condition.VERY_GOOD,
    marketplace="market",
)


def photo(side: int = 200, form: str = "PNG", **options: object) -> bytes:
    """Return a photo in which something can be seen."""
    out = BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(out, form, **options)
    return out.getvalue()


@dataclass
class World:
    """What the stages will answer; `gate` holds the lens, `facts` is what each stage tells.

    `operators` are real ones, in the place of what a stage would tell.
    """

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    seen: list[AnalysisState] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    operators: dict[str, Operator] = field(default_factory=dict)
    facts: dict[str, Fact | Exception] = field(
        default_factory=lambda: {
            "lens": Matches(()),
            "identify": Identity("Acme", "Hike 2"),
            "producer": ProducerPage("http://acme.test/hike-2", "Hike 2 | Acme"),
            "retail": Retail(
                "http://acme.test/hike-2",
                Product(
                    "Hike 2 Boot", Decimal("200.00"), "EUR", material="leather", specs={"Weight": "1 kg"}
                ),
            ),
            "offers": Offers((OFFER,)),
            "estimate": Estimate(
                Decimal("80.00"), Decimal("60.00"), Decimal("100.00"), 0.5, "EUR", EstimateBasis.ASKING, 3
            ),
        }
    )

    def steps(self, _: UsageMeter, __: GenerationPlan) -> Steps:
        """Return steps that tell what `facts` holds."""
        names = ("lens", "describe", "identify", "producer", "retail", "offers", "estimate")
        return Steps(**{name: Step(self._own(name), self._wanted(name)) for name in names})

    def _own(self, name: str) -> Operator:
        return self.operators.get(name) or self._operator(name)

    def _wanted(self, name: str) -> Callable[[AnalysisState], bool]:
        return lambda _: name in self.facts

    def _operator(self, name: str) -> Operator:
        async def tell(known: AnalysisState) -> Fact:
            self.seen.append(known)
            self.ran.append(name)
            if name == "lens":
                await self.gate.wait()
            fact = self.facts[name]
            if isinstance(fact, Exception):
                raise fact
            return fact

        return lambda source: source.pipe(ops.flat_map(lambda known: from_coroutine(lambda: tell(known))))


@dataclass
class Served:
    """A service that listens, the world behind it, and a client of it."""

    url: str
    world: World
    storage: MemoryStorage
    metrics: Metrics
    client: aiohttp.ClientSession
    room: UploadBudget
    webhooks: WebhookSender

    def form(self, content: bytes | None = None, name: str = "file", **options: str) -> aiohttp.FormData:
        """Return an upload."""
        form = aiohttp.FormData()
        form.add_field(name, photo() if content is None else content, **({"filename": "img.png"} | options))
        return form

    async def live(self) -> int:
        """Return how many runs there are, of any state."""
        return len(await self.storage.list_runs(100))


@asynccontextmanager
async def serve(
    settings: Settings,
    authenticator: Authenticator | None = None,
    route: Route | None = None,
    delays: Sequence[float] = (),
) -> AsyncIterator[Served]:
    """Run the service with a gate that is open; with an authenticator it asks for tokens.

    Webhooks reach the names of `route` on this machine, and are tried again after `delays`.
    """
    metrics, world, storage = Metrics(), World(), MemoryStorage(settings)
    world.gate.set()
    await storage.start()
    runs = RunRegistry(storage, settings, metrics)
    worker = Worker(storage, world.steps, settings, metrics)
    runs.start()
    worker.start()

    poster = HttpWebhookClient(settings, Endpoints(route=route))
    webhooks = WebhookSender(storage, runs, poster, settings, metrics, delays=delays)

    async def ready() -> dict[str, bool]:
        return {"log": await storage.ready(), "chromium": False}

    context = AppContext(
        settings,
        runs,
        storage,
        PhotoIntake(settings),
        metrics,
        "test/1",
        sandbox=True,
        upload_budget=UploadBudget(ROOM_BYTES, settings.max_photo_bytes),
        ready=ready,
        outcomes=OutcomeStore(storage, settings.kept_days),
        webhooks=webhooks,
        changes=RunChanges(storage, settings, metrics),
    )
    webhooks.start(partial(webhook_body, context))
    mcp = McpEndpoint(context, HttpPhotoReader(settings, Endpoints(route=route)))
    app = create_app(context, STATIC, authenticator, mcp.routes())
    app.on_shutdown.append(mcp.close)
    runner = CountingRunner(app, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url) as client:
        yield Served(url, world, storage, metrics, client, context.upload_budget, webhooks)
    world.gate.set()
    await worker.aclose()
    await runs.aclose()
    await webhooks.aclose()
    await runner.cleanup()
    await storage.aclose()
    await wait_all()


@asynccontextmanager
async def connection(
    served: Served, address: str = "127.0.0.1"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to the service from an address of this machine, to send it raw bytes; abort at the end."""
    port = int(served.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.fixture
def settings() -> Settings:
    """Return the settings; a test overrides them."""
    return Settings(
        grace_seconds=1.0,
        heartbeat_seconds=0.2,
        max_photo_bytes=300_000,
        upload_deadline_seconds=2.0,
        lease_seconds=3.0,
    )


@pytest.fixture
async def served(settings: Settings) -> AsyncIterator[Served]:
    """Run a service that asks for no token, with a gate that is open."""
    async with serve(settings) as running:
        yield running
