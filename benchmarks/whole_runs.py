"""Whole runs of distinct photos a second, with outside services that answer at once, beside hand-written tasks.

    python benchmarks/whole_runs.py [--runs 40] [--rounds 5]

A run is submitted, analysed by the graph, each fact stored, and streamed to a subscriber, with the
storage in memory and in SQLite. The peer calls the same stages' functions in `asyncio` tasks, in the same order and as
many photos at once, with no Rx, storage, cache, deadline, or stream. In turn. The outside services are in the process,
and each photo shows another thing, so that no stage's result is shared.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.figures import report_paired
from tools.instant_web import distinct_photos, instant_clients
from tools.service import describe_machine

from lens_rx.cli.garbage import tune_garbage_collection
from lens_rx.cli.log_config import configure
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts import AnalysisState, Fact, Item, MarketplaceOffers, Offers, Options, Photo, PhotoCopy
from lens_rx.facts.errors import NoResults
from lens_rx.matching import without_duplicates
from lens_rx.matching.assess_offers import mark_offers
from lens_rx.matching.identity_support import weigh_identity
from lens_rx.operators.describe import describe
from lens_rx.operators.estimate import reestimate
from lens_rx.operators.identify import identify
from lens_rx.operators.lens import search_photo
from lens_rx.operators.offers import search_marketplace, search_matches
from lens_rx.operators.producer import producer
from lens_rx.operators.retail import retail
from lens_rx.runs.keys import run_key
from lens_rx.runs.stages import StageClients
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.records import Job, Position
from lens_rx.web.view import View
from lens_rx.wiring.node import Node, node

AT_ONCE = 4
SETTINGS = Settings(concurrency=AT_ONCE, queue=10_000, queue_per_client=10_000, log_level="warning")


async def run_by_service(running: Node, photo: PhotoCopy) -> int:
    """Analyse one photo through the service; return how many facts came."""
    runs, view = running.context.runs, View()
    key = run_key([photo.sha256], Options(), running.context.cache_namespace)
    submission = await runs.submit(Job(key, (photo,), Options()))
    chunks = [chunk async for chunk in runs.subscribe(key, Position(submission.generation), view)]
    assert any(b"estimated-price" in chunk for _, chunk in chunks), chunks[-1]
    return len(chunks)


@dataclass(frozen=True, slots=True)
class HandWritten:
    """The same stages as `asyncio` tasks."""

    clients: StageClients
    directory: Path

    async def run(self, copy: PhotoCopy) -> list[Fact]:
        """Analyse one photo; return its facts."""
        path = self.directory / f"{copy.sha256}.jpg"
        path.write_bytes(copy.content)
        state = AnalysisState(Item((Photo(copy.sha256, path, copy.width, copy.height),), Options()))
        try:
            return await self._facts(state)
        finally:
            path.unlink()

    async def _facts(self, state: AnalysisState) -> list[Fact]:
        out, facts = self.clients, list[Fact]()

        def known(*found: Fact) -> None:
            nonlocal state
            for fact in found:
                facts.append(fact)
                state = state.with_fact(fact)

        assert out.model
        known(*await asyncio.gather(search_photo(out.lens)(state.item.photos[0]), describe(out.model)(state)))
        identity = await identify(out.model)(state)
        known(identity, await asyncio.to_thread(weigh_identity, identity, state))
        (page, product), found = await asyncio.gather(self._retail(state), self._offers(state))
        known(page, product, *found)
        known(*await asyncio.to_thread(reestimate, state, "EUR"))
        return facts

    async def _retail(self, state: AnalysisState) -> tuple[Fact, Fact]:
        page = await producer(self.clients.search, self.clients.model)(state)
        return page, await retail(self.clients.reader, self.clients.model)(state.with_fact(page))

    async def _offers(self, state: AnalysisState) -> list[Fact]:
        searches = [search_marketplace(it) for it in self.clients.offer_sources]
        ended = await asyncio.gather(
            *(search(state) for search in (*searches, search_matches)), return_exceptions=True
        )
        found = [it for it in ended if isinstance(it, MarketplaceOffers)]
        assert all(isinstance(it, MarketplaceOffers | NoResults) for it in ended)
        return [*found, await asyncio.to_thread(merged, found, state)]


def merged(found: list[MarketplaceOffers], state: AnalysisState) -> Offers:
    """Return the offers of all marketplaces as one, with the marks that the stage tells before the estimate."""
    kept, duplicates = without_duplicates([offer for it in found for offer in it.offers])
    rejected = [it for one in found for it in one.rejected]
    return mark_offers(Offers(kept, (*rejected, *duplicates)), state.item, state.identity)


async def measure(
    run: Callable[[PhotoCopy], Awaitable[object]], photos: Iterable[PhotoCopy]
) -> tuple[float, float]:
    """Return runs a second, and a second of CPU."""
    slots, waiting = asyncio.Semaphore(AT_ONCE), list(photos)

    async def one(photo: PhotoCopy) -> None:
        async with slots:
            assert await run(photo)

    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(it) for it in waiting))
    return len(waiting) / (time.perf_counter() - began), len(waiting) / (time.process_time() - used)


async def compare(kind: str, place: Path | None, runs: int, rounds: int) -> None:
    """Print the figures of one storage."""
    clients, ours, theirs = instant_clients(), [], []
    with TemporaryDirectory() as directory:
        peer = HandWritten(clients.for_stages, Path(directory))
        async with node(SETTINGS, Endpoints(), storage_for(SETTINGS, place), "model", clients) as running:
            for number in range(rounds + 1):
                if number == 1:  # as `lens-rx serve` does when all is imported
                    tune_garbage_collection()
                photos = distinct_photos(number * runs, runs)
                ours.append(await measure(lambda it: run_by_service(running, it), photos))
                theirs.append(await measure(peer.run, photos))
    for name, (mine, other), target in zip(
        ("", ", for a second of CPU"),
        zip(zip(*ours[1:], strict=True), zip(*theirs[1:], strict=True), strict=True),
        (">= 0.5", ""),
        strict=True,
    ):
        title = f"whole runs of distinct photos, outside instant, {kind}{name}"
        report_paired(
            title, mine, "a second", other, peer="the stages as asyncio tasks", target=target, main=not name
        )


async def main(runs: int, rounds: int) -> None:
    """Print all figures."""
    configure(SETTINGS)
    print(f"{describe_machine()}; {rounds} rounds of {runs} runs, {AT_ONCE} at once")
    await compare("memory", None, runs, rounds)
    with TemporaryDirectory() as directory:
        await compare("SQLite", Path(directory) / "runs.db", runs, rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    asyncio.run(main(asked.runs, asked.rounds))
