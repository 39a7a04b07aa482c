"""Changes of runs with real stages over clients that count: what is kept, what runs, and who goes on with it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from secrets import token_hex
from typing import Any

import pytest
from PIL import Image
from redis_server import RedisServer
from storage_helpers import claim_one, collect

from lens_rx.clients.protocols import Answer, ImageMatches, Question, SearchAnswer, Usage
from lens_rx.facts import (
    Estimate,
    Fact,
    Identity,
    IdentityCandidates,
    MarketplaceOffers,
    Match,
    Matches,
    Offer,
    Offers,
    Options,
    Page,
    Photo,
    PhotoCopy,
    ProducerPage,
    Progress,
    Retail,
    SearchResult,
    Stage,
    comparable_id,
)
from lens_rx.facts.changes import RunHistory
from lens_rx.facts.errors import Conflict
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.runs.change_request import (
    ALL_STAGES,
    OFFER_STAGES,
    PHOTOLESS_STAGES,
    ChangeAuthor,
    ChangeRequest,
    comparables,
    correction,
    refresh,
)
from lens_rx.runs.generation_plan import GenerationPlan
from lens_rx.runs.new_entries import new_entry
from lens_rx.runs.run_changes import RunChanges
from lens_rx.runs.stage_cache import StageCache
from lens_rx.runs.stages import StageClients, StageFactory
from lens_rx.runs.usage import UsageMeter
from lens_rx.runs.worker import Worker
from lens_rx.settings import Settings
from lens_rx.storage.codec import decode
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Job, Position, Submission
from lens_rx.storage.redis.redis_storage import RedisStorage

ANN = ChangeAuthor("ann", "client")
PAGE = """<html><head><script type="application/ld+json">{"@type": "Product", "name": "%s", "brand": "Norrvik",
"offers": {"price": "329.00", "priceCurrency": "EUR"}}</script></head><body><h1>%s</h1></body></html>"""


def picture() -> PhotoCopy:
    out = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG")
    return PhotoCopy("5ha", out.getvalue(), 256, 256)


@dataclass
class Outside:
    """The outside world: it counts what it is asked, knows two parkas, and waits at a closed `gate`."""

    asked: Counter[str] = field(default_factory=Counter)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "ebay"

    async def search_image(self, _: Photo) -> ImageMatches:
        self.asked["lens"] += 1
        titles = ["Norrvik Fjell Parka"] * 3 + ["Norrvik Skog Parka"] * 2
        found = [Match(title, f"https://shop{n}.test/{n}") for n, title in enumerate(titles)]
        return ImageMatches(found)

    async def complete(self, question: Question[Any]) -> Answer[Any]:
        self.asked[question.answer.__name__] += 1
        said = {"producer": "Norrvik", "model": "Fjell Parka", "category": "parka", "condition": "good"}
        known = {name: value for name, value in said.items() if name in question.answer.model_fields}
        return Answer(question.answer.model_validate(known), Usage(10, 1, 0.5))

    async def search(self, query: str, _: str) -> SearchAnswer:
        self.asked["search"] += 1
        model = "skog" if "Skog" in query else "fjell"
        link = f"https://norrvik.com/{model}-parka"
        return SearchAnswer([SearchResult(f"Norrvik {model.title()} Parka", link)])

    async def read(self, url: str) -> Page:
        self.asked["read"] += 1
        name = "Skog Parka" if "skog" in url else "Fjell Parka"
        return Page(url, PAGE % (name, name))

    async def find(self, identity: Identity, _: str) -> Sequence[Offer]:
        await self.gate.wait()
        self.asked[f"offers {identity.model}"] += 1
        return [
            Offer(
                str(n),
                f"Norrvik {identity.model} parka",
                f"https://ebay.test/{identity.model[:4]}/{n}",
                Decimal(100 + 7 * n),
                "EUR",
                marketplace="ebay",
            )
            for n in range(9)
        ]


@dataclass
class Node:
    """One node over a storage: a worker when it is started, and the changes."""

    storage: Storage
    out: Outside
    settings: Settings = field(default_factory=lambda: Settings(attempts=1))
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def changes(self) -> RunChanges:
        return RunChanges(self.storage, self.settings, self.metrics)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Worker]:
        """Let a worker of this node take jobs, for runs that somebody watches."""
        worker = Worker(self.storage, self._steps, self.settings, self.metrics)
        self._cache = StageCache(self.storage, worker.name, 5.0)
        worker.start()
        yield worker
        await worker.aclose()

    def _steps(self, usage: UsageMeter, plan: GenerationPlan) -> Steps:
        out = self.out
        clients = StageClients(out, out, out, out, [out])
        again = plan.generation > 1
        factory = StageFactory(clients, self._cache, self.settings, "test", usage, again, plan.refresh)
        return factory.all()

    async def upload(self, key: str = "run", **options: str) -> list[Fact]:
        """Submit the photo as a service does; return the facts of its run."""
        job = Job(key, (picture(),), Options(**options))
        await self.changes.resubmit(job, ANN) or await self.storage.submit(job, datetime.now(UTC))
        return await self.facts(key)

    async def change(self, request: ChangeRequest, key: str = "run") -> list[Fact]:
        submission = await self.changes.apply(key, request, ANN)
        return await self.facts(key, submission)

    async def facts(self, key: str = "run", submission: Submission | None = None) -> list[Fact]:
        """Follow a run to its end, watching it; return its facts."""
        await self.storage.mark_watched([key], 60)
        after = Position(submission.generation if submission else 0)
        async with asyncio.timeout(20):
            return [decode(entry.payload) for entry in await collect(self.storage, key, after)]


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    """Open a storage in memory: what each storage promises is tested with the storages."""
    storage = MemoryStorage(Settings())
    await storage.start()
    yield storage
    await storage.aclose()


@pytest.fixture
async def node(storage: Storage) -> AsyncIterator[Node]:
    """Run a node with a worker, and an open gate."""
    node = Node(storage, Outside())
    node.out.gate.set()
    async with node.working():
        yield node


@asynccontextmanager
async def started(storage: Storage) -> AsyncIterator[None]:
    await storage.start()
    yield
    await storage.aclose()


def of_kind(facts: Sequence[Fact], *kinds: type) -> list[Fact]:
    """Return the facts of some kinds, without the time at which they were read."""
    return [it for kind in kinds for it in facts if isinstance(it, kind)]


def of_marketplaces(facts: Sequence[Fact]) -> list[Fact]:
    return [
        it
        for it in of_kind(facts, ProducerPage, Retail, MarketplaceOffers)
        if not (isinstance(it, MarketplaceOffers) and it.marketplace != "ebay")
    ]


async def test_corrected_run_is_that_of_the_given_name(node: Node):
    """A corrected run asks neither for look-alikes nor for a caption, and finds what a run finds that was given the name."""
    await node.upload()
    before = node.out.asked.copy()
    corrected = await node.change(correction({"model": "Skog Parka"}))
    assert before["lens"] == 1
    assert node.out.asked - before == {"search": 1, "read": 1, "RetailAnswer": 1, "offers Skog Parka": 1}
    (identity,) = of_kind(corrected, Identity)
    assert (identity.producer, identity.model, str(identity.decider)) == ("Norrvik", "Skog Parka", "user")
    given = await node.upload("given", producer="Norrvik", model="Skog Parka")
    assert of_marketplaces(corrected) == of_marketplaces(given)
    (candidates,) = of_kind(corrected, IdentityCandidates)
    assert [it.model for it in candidates.candidates][:2] == ["Skog Parka", "Fjell Parka"]
    assert of_kind(corrected, Matches)
    assert isinstance(corrected[0], RunHistory)


async def test_corrected_generation_is_taken_over(storage: Storage):
    """A worker that hands a corrected generation back in its middle is followed by one that ends it the same."""
    node = Node(storage, Outside())
    node.out.gate.set()
    async with node.working():
        await node.upload()
    await node.changes.apply("run", correction({"model": "Skog Parka"}), ANN)
    lease = await claim_one(storage)
    began = [
        Progress(Stage.PRODUCER, "started"),
        ProducerPage("https://norrvik.com/skog-parka", "Skog Parka"),
    ]
    await storage.append(lease, [new_entry(it) for it in began])
    await storage.requeue(lease)
    before = node.out.asked.copy()
    async with node.working():
        facts = await node.facts()
    assert (node.out.asked - before)["lens"] == 0
    assert len(of_kind(facts, ProducerPage)) == len(of_kind(facts, Identity)) == 1
    (estimate,) = of_kind(facts, Estimate)
    assert estimate.identity_certainty == 0.98


async def test_refresh_goes_past_what_is_cached(node: Node):
    """A refresh asks the marketplaces though their results are fresh; `all` asks everything that needs no photo."""
    await node.upload()
    everything = {"offers Fjell Parka", "IdentityAnswer", "read", "RetailAnswer", "search"}
    for request, expected in (
        (refresh(OFFER_STAGES), {"offers Fjell Parka"}),
        (refresh(PHOTOLESS_STAGES), everything),
    ):
        before = node.out.asked.copy()
        await node.change(request)
        assert set(node.out.asked - before) == expected
    before = node.out.asked.copy()
    await node.upload("again")
    assert not (node.out.asked - before)["offers Fjell Parka"]  # the refreshed result was stored


async def test_upload_that_refreshes_looks_at_the_photo(node: Node):
    """An upload that asks for all looks at the photo again as well."""
    await node.upload()
    before = node.out.asked.copy()
    job = Job("run", (picture(),), Options())
    submission = await node.changes.resubmit(job, ANN, ALL_STAGES)
    assert submission is not None
    assert submission.generation == 2
    await node.facts()
    assert (node.out.asked - before)["lens"] == 1


async def test_two_nodes_change_one_run(redis_server: RedisServer):
    """A run that one node changes is gone on with by the worker of another; changes of both at once are all made."""
    settings = Settings(redis_prefix=f"test-{token_hex(6)}")
    here, there = (Node(RedisStorage(redis_server.url, settings), Outside()) for _ in range(2))
    there.out.gate.set()
    async with started(here.storage), started(there.storage), there.working():
        await here.upload()
        facts = await here.change(correction({"model": "Skog Parka"}))
        assert of_kind(facts, Identity)[0].model == "Skog Parka"
        assert here.out.asked.total() == 0
        ids = [comparable_id(it) for it in of_kind(facts, Offers)[0].offers[:4]]
        nodes = [here, there, here, there]
        await asyncio.gather(*(it.change(comparables([id_], [])) for it, id_ in zip(nodes, ids, strict=True)))
        history = (await there.facts())[0]
        assert isinstance(history, RunHistory)
        assert history.effective().dismissed == set(ids)


async def test_live_generation_is_not_changed(storage: Storage):
    """While a correction is being worked on, another change of the run is refused."""
    node = Node(storage, Outside())
    node.out.gate.set()
    async with node.working():
        await node.upload()
        node.out.gate.clear()
        await node.changes.apply("run", correction({"model": "Skog Parka"}), ANN)
        with pytest.raises(Conflict, match="not finished"):
            await node.changes.apply("run", correction({"size": "M"}), ANN)
        node.out.gate.set()
        await node.facts()
    await node.changes.apply("run", correction({"size": "M"}), ANN)


async def test_abandoned_correction_is_changed_on(storage: Storage):
    """A correction that nobody waited for is no dead end: the next change goes on with what was kept, and has both."""
    node = Node(storage, Outside())
    node.out.gate.set()
    async with node.working():
        await node.upload()
    await node.changes.apply("run", correction({"model": "Skog Parka"}), ANN)
    await storage.abandon(await claim_one(storage))
    before = node.out.asked.copy()
    async with node.working():
        facts = await node.change(correction({"size": "M"}))
    assert (node.out.asked - before)["lens"] == 0
    assert of_kind(facts, Identity)[0].model == "Skog Parka"
    history = facts[0]
    assert isinstance(history, RunHistory)
    assert (history.effective().options.model, history.effective().options.size) == ("Skog Parka", "M")


async def test_abandoned_upload_is_not_changed(storage: Storage):
    """A run whose photo was not looked at needs the photo again, and says so."""
    node = Node(storage, Outside())
    await storage.submit(Job("run", (picture(),), Options()), datetime.now(UTC))
    await storage.abandon(await claim_one(storage))
    with pytest.raises(Conflict, match="Send the photo again"):
        await node.changes.apply("run", correction({"model": "Skog Parka"}), ANN)
