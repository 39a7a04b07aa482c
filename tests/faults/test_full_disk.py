"""On a full disk every stream ends soon, in a way that it can be asked for again, and all goes on when there is room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest
from eventually import eventually
from storage_helpers import RawView

from lens_rx.facts import AnalysisState, Complete, Fact, Identity, Options, PhotoCopy
from lens_rx.facts.errors import Unavailable
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import wait_all
from lens_rx.reactive.stage import Step, single_fact
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.usage import UsageMeter
from lens_rx.runs.worker import Worker
from lens_rx.settings import Settings
from lens_rx.storage.codec import decode
from lens_rx.storage.local import write_watch
from lens_rx.storage.records import Job, Position
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage

SETTINGS = Settings(run_deadline_seconds=15.0, lease_seconds=1.0)
BIG = "x" * 100_000


class Service:
    """Registry, worker and SQLite store of a node, whose identify stage waits for `gate`."""

    def __init__(self, store: Path) -> None:
        self.gate = asyncio.Event()
        self.storage = SqliteStorage(store, SETTINGS)
        self.runs = RunRegistry(self.storage, SETTINGS, Metrics())
        self.worker = Worker(self.storage, self._steps, SETTINGS, Metrics())

    def _steps(self, _: UsageMeter, __: int) -> Steps:
        async def name(_: AnalysisState) -> Fact:
            await self.gate.wait()
            return Identity(BIG, "Hike 2")

        idle = Step(single_fact(name), should_run=lambda _: False)
        return Steps(idle, idle, Step(single_fact(name)), idle, idle, idle, idle, run_seconds=60)

    def fill_disk(self) -> None:
        writing = self.storage._store._file._writing
        (pages,) = writing.execute("PRAGMA page_count").fetchone()
        writing.execute(f"PRAGMA max_page_count = {pages}")

    def free_disk(self) -> None:
        self.storage._store._file._writing.execute("PRAGMA max_page_count = 1000000")

    async def collect(self, key: str, generation: int) -> list[Fact]:
        """Return all facts of a run, from its first one, until its stream ends."""
        chunks = self.runs.subscribe(key, Position(generation, 0), RawView())
        return [decode(chunk) async for _, chunk in chunks]

    async def collect_until_complete(self, key: str, generation: int) -> list[Fact]:
        """Return all facts, asked for again while a write that began on the full disk still fails."""
        while True:
            with suppress(Unavailable):
                return await self.collect(key, generation)
            await asyncio.sleep(0.1)


@asynccontextmanager
async def service(store: Path) -> AsyncIterator[Service]:
    it = Service(store)
    await it.storage.start()
    it.runs.start()
    it.worker.start()
    yield it
    it.gate.set()
    await it.worker.aclose()
    await it.runs.aclose()
    await it.storage.aclose()
    await wait_all()


def photo(key: str) -> Job:
    return Job(key, (PhotoCopy("s" * 64, b"jpeg", 10, 10),), Options())


async def test_streams_end_within_the_deadline_and_go_on_later(store: Path, monkeypatch: pytest.MonkeyPatch):
    """All who follow get an error with a time to wait; with room again the same runs end as complete."""
    monkeypatch.setattr(write_watch, "MAX_FAILING_SECONDS", 1.0)
    async with service(store) as it:
        tickets = [await it.runs.submit(photo(f"k{n}")) for n in range(3)]
        following = [asyncio.create_task(it.collect(ticket.key, ticket.generation)) for ticket in tickets]
        await eventually(lambda: len(it.runs._streams) >= len(tickets), 10)
        it.fill_disk()
        began = monotonic()
        it.gate.set()
        ends = await asyncio.wait_for(asyncio.gather(*following, return_exceptions=True), 30)
        assert [type(end) for end in ends] == [Unavailable] * 3
        assert all(end.retry_after for end in ends)
        assert monotonic() - began <= SETTINGS.run_deadline_seconds
        with pytest.raises(Unavailable):  # asked again too early: told again, at once
            await asyncio.wait_for(it.collect(tickets[0].key, tickets[0].generation), 10)
        it.free_disk()
        for ticket in tickets:
            facts = await asyncio.wait_for(it.collect_until_complete(ticket.key, ticket.generation), 30)
            assert isinstance(facts[-1], Complete)
            assert sum(isinstance(fact, Identity) for fact in facts) == 1
