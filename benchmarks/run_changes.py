"""What a change of a run takes that is computed at once: a comparable left out and brought back, of 60 offers.

    python benchmarks/run_changes.py [--changes 40] [--backends memory sqlite redis]

Each change reads the stored generation, computes the estimate anew and stores the next generation. The peers of the same
rounds are the same estimate computed alone by the stage's own function, and the independent recomputation of
`recompute_estimate.py`, which checks the evidence on the wire and weighs it anew.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from recompute_estimate import recompute
from storage import Storages
from tools.figures import report, report_paired

from lens_rx.facts import (
    Caption,
    Complete,
    Condition,
    Fact,
    Identity,
    Item,
    Matches,
    Offer,
    Offers,
    Options,
    Outcome,
    Progress,
    Stage,
    comparable_id,
)
from lens_rx.matching.assess_offers import mark_offers
from lens_rx.metrics import Metrics
from lens_rx.operators.estimate import reestimate
from lens_rx.runs.change_request import ChangeAuthor, comparables
from lens_rx.runs.new_entries import new_entry
from lens_rx.runs.run_changes import RunChanges
from lens_rx.runs.run_record import RunRecord
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Job
from lens_rx.web.view import make_view

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from redis_server import RedisServer  # the tests' own

KEY, OFFERS = "run", 60
READ = datetime.now(UTC) - timedelta(hours=1)
SETTINGS = Settings()
AUTHOR = ChangeAuthor()
RECOMPUTATION = "recompute_estimate.py on its facts, as one reads them on the wire"
ESTIMATE = "its estimate alone, by the stage's own function"


def market() -> Offers:
    """Return offers of all grades, a third of them sold, as two marketplaces list them."""
    rng = random.Random(3)
    grades = (Condition.GOOD, Condition.USED, Condition.VERY_GOOD, Condition.UNKNOWN)
    found = [
        Offer(
            str(number),
            f"Norrvik Fjell Parka size {rng.choice('SML')}, worn a winter or two",
            f"https://{'ebay' if number % 2 else 'vinted'}.test/items/{number:08}",
            Decimal(str(round(100 * rng.lognormvariate(0, 0.25), 2))),
            "EUR",
            condition=rng.choice(grades),
            sold=number % 3 == 0,
            sold_at=READ - timedelta(days=number) if number % 3 == 0 else None,
            marketplace="ebay" if number % 2 else "vinted",
        )
        for number in range(OFFERS)
    ]
    return Offers(tuple(found), (), READ)


def facts() -> list[Fact]:
    """Return the facts of a whole run."""
    identity = Identity("Norrvik", "Fjell Parka", observed_at=READ)
    known: list[Fact] = [
        Matches((), READ),
        Caption("parka", condition=Condition.GOOD, observed_at=READ),
        identity,
    ]
    known += [mark_offers(market(), Item(()), identity), Progress(Stage.ESTIMATE, "ok")]
    return [*known, Complete(Outcome.OK, 9.0)]


async def store_run(storage: Storage) -> None:
    """Store a complete run."""
    await storage.submit(Job(KEY, (), Options("DE")), datetime.now(UTC))
    lease = await storage.claim("bench", 1)
    assert lease
    await storage.append(lease, [new_entry(fact) for fact in facts()])
    await storage.finish(lease, datetime.now(UTC) + timedelta(days=1))


@dataclass(slots=True)
class Milliseconds:
    """Of each change, of its CPU time, of the estimate alone, and of the recomputation from the wire."""

    taken: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)


async def measure(storage: Storage, changes: int) -> Milliseconds:
    """Make so many changes, one after the other; the first, which loads what all use, is not measured."""
    seen = Milliseconds()
    run_changes = RunChanges(storage, SETTINGS, Metrics())
    view = make_view("all", SETTINGS.currency)
    await run_changes.apply(KEY, comparables([comparable_id(market().offers[-1])], []), AUTHOR)
    for number in range(changes):
        id_ = comparable_id(market().offers[number // 2])
        request = comparables([id_], []) if number % 2 == 0 else comparables([], [id_])
        began, cpu = time.perf_counter(), time.process_time()
        await run_changes.apply(KEY, request, AUTHOR)
        seen.used.append(1000 * (time.process_time() - cpu))
        seen.taken.append(1000 * (time.perf_counter() - began))
        run = await storage.read(KEY)
        assert run
        record = RunRecord.of(run)
        state = record.state(record.history.effective())
        began = time.perf_counter()
        await asyncio.to_thread(reestimate, state, SETTINGS.currency)
        seen.alone.append(1000 * (time.perf_counter() - began))
        lines = [view.encode(entry).decode() for entry in run.entries]
        began = time.perf_counter()
        stated, recomputed = await asyncio.to_thread(recompute, lines)
        seen.again.append(1000 * (time.perf_counter() - began))
        assert stated == recomputed, (orjson.dumps(lines), stated, recomputed)
    return seen


async def main() -> None:
    """Measure each storage and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--backends", nargs="+", default=["memory", "sqlite", "redis"])
    asked = parser.parse_args()
    with TemporaryDirectory() as directory, RedisServer(Path(directory)) as server:
        storages = Storages(Path(directory), server)
        for kind in asked.backends:
            async with storages.open(kind, f"changes-{kind}") as storage:
                await store_run(storage)
                seen = await measure(storage, asked.changes)
            name = f"a change at once of a run with {OFFERS} offers, {kind}"
            report_paired(name, seen.taken, "ms", seen.again, peer=RECOMPUTATION)
            report_paired(
                f"{name}, beside its estimate", seen.taken, "ms", seen.alone, peer=ESTIMATE, main=False
            )
            report(f"{name}, CPU", statistics.median(seen.used), "ms", target="<= 50", main=False)


if __name__ == "__main__":
    asyncio.run(main())
