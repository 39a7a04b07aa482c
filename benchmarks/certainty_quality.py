"""Whether estimates are right as often as their certainty says, on the sandbox with wrong names in the mix.

    python benchmarks/certainty_quality.py [--concurrency 4] [--every 1]

Classifies a photo of every thing of the sandbox, two photos of one thing, photos of two and of three different things
as if they were one, photos beside a hint that names another thing while the photo search is down, and photos while the
model or a marketplace is down. An estimate is right where its price is within 20 % of what the thing sells for; of photos that show
different things none is. Prints for each band of certainty how many are right, for each kind of input, and for all.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import orjson
from tools.figures import report
from tools.service import BenchmarkService, describe_machine, running_service

from lens_rx.sandbox.catalogue import Thing, catalogue
from lens_rx.sandbox.photos import ENCODINGS, take_photo

BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Case:
    """Photos sent as one thing: which things they show, a hint, and the faults that the sandbox has meanwhile."""

    kind: str
    things: tuple[Thing, ...]
    hint: str = ""
    faults: str = "{}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one case: the stated certainties, and whether name and price are right."""

    case: Case
    certainty: float
    identity_certainty: float
    price_certainty: float
    is_right: bool
    named_right: bool
    doubts: str


def cases() -> list[Case]:
    """Return all cases, those of one set of faults together."""
    things = list(catalogue())
    priced = [it for it in things if "estimated-price" not in it.missing_kinds]
    turned = partial(_turned, priced)
    down, blocked, no_model = (
        '{"lens": {"status": 500}}',
        '{"marketplace": {"block": "captcha", "only": ["ebay"]}}',
        '{"model": {"status": 500}}',
    )
    return [
        *(Case("one photo", (it,)) for it in priced),
        *(Case("two photos of one", (it, it)) for it in priced[::3]),
        *(Case("two things as one", (one, turned(n, 5))) for n, one in enumerate(priced[::2])),
        *(Case("three things as one", (one, turned(n, 7), turned(n, 13))) for n, one in enumerate(priced[::3])),
        *(Case("no model", (it,), faults=no_model) for it in priced[::3]),
        *(Case("ebay blocked", (it,), faults=blocked) for it in priced[::4]),
        *(Case("wrong hint, no photo search", (it,), _name(turned(n, 9)), down) for n, it in enumerate(priced[::3])),
    ]  # fmt: skip


def _turned(things: Sequence[Thing], number: int, by: int) -> Thing:
    return things[(2 * number + by) % len(things)]


def _name(thing: Thing) -> str:
    return f"{thing.producer} {thing.model}"


async def answer(service: BenchmarkService, case: Case, seed: int) -> Answer | None:
    """Classify one case; None where there is no estimate."""
    photos = [
        take_photo(thing, ENCODINGS[0], 1000 * seed + number) for number, thing in enumerate(case.things)
    ]
    query = {"hint": case.hint} if case.hint else {}
    received = await service.classify(*photos, **query)
    facts: dict[str, Any] = {it.fact["data_description"]: it.fact["data"] for it in received}
    estimate, name = facts.get("estimated-price"), facts.get("model-producer", {})
    return _judged(case, estimate, f"{name.get('producer')} {name.get('model')}") if estimate else None


def _judged(case: Case, estimate: dict[str, Any], name: str) -> Answer:
    thing, is_one = case.things[0], len({it.id for it in case.things}) == 1
    near = abs(estimate["price"] / float(thing.used) - 1) <= 0.2
    return Answer(
        case,
        estimate["certainty"],
        estimate.get("identity_certainty", 1.0),
        estimate.get("price_certainty", estimate["certainty"]),
        is_one and near,
        is_one and name.casefold() == _name(thing).casefold(),
        estimate.get("doubts", ""),
    )


async def measure(concurrency: int, every: int) -> list[Answer]:
    """Return the answers of one of so many cases, of those that have an estimate."""
    found: list[Answer] = []
    async with running_service("--no-store") as service:
        slots = asyncio.Semaphore(concurrency)

        async def one(number: int, case: Case) -> None:
            async with slots:
                if it := await answer(service, case, number):
                    found.append(it)

        numbered = list(enumerate(cases()))[::every]
        for faults in dict.fromkeys(case.faults for _, case in numbered):
            await service.set_faults(orjson.loads(faults))
            await asyncio.gather(*(one(n, case) for n, case in numbered if case.faults == faults))
    return found


def print_table(answers: Iterable[Answer]) -> None:
    """Print for each band how many there are, what they state, and how many are right."""
    rows = list(answers)
    print("  certainty    answers   stated    right")
    for low, high in pairwise(BANDS):
        band = [it for it in rows if low <= it.certainty < high]
        if band:
            stated, right = (
                statistics.mean(it.certainty for it in band),
                statistics.mean(it.is_right for it in band),
            )
            print(f"  {low:.2f}-{high:.2f} {len(band):10d} {stated:8.2f} {right:8.2f}")
    brier = statistics.mean((it.certainty - it.is_right) ** 2 for it in rows)
    loss = -statistics.mean(
        math.log(max(1e-3, it.certainty if it.is_right else 1 - it.certainty)) for it in rows
    )
    print(f"  {len(rows)} answers, Brier score {brier:.3f}, log loss {loss:.3f}")
    off = statistics.mean(it.certainty for it in rows) - statistics.mean(it.is_right for it in rows)
    report(
        f"certainty of {len(rows)} estimates of the sandbox, wrong hints and mixed photos among them: Brier score",
        brier,
    )
    report("their mean certainty less the share that is right", 100 * off, "points", main=False)
    sure = [it.is_right for it in rows if it.certainty >= 0.9]
    report(
        "estimates with a certainty of 0.9 and more that are right",
        100 * statistics.mean(sure),
        f"% of {len(sure)}",
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--every", type=int, default=1, help="take one of so many cases")
    parser.add_argument("--rows", action="store_true", help="print every answer, too")
    options = parser.parse_args()
    print(describe_machine())
    answers = asyncio.run(measure(options.concurrency, options.every))
    for it in sorted(answers, key=lambda it: it.certainty) if options.rows else ():
        names = " + ".join(thing.id for thing in it.case.things)
        print(
            f"    {it.certainty:.2f} {it.identity_certainty:.2f} {it.price_certainty:.2f} "
            f"{'right' if it.is_right else 'wrong'} {'named' if it.named_right else 'misnamed'} "
            f"{it.case.kind}: {names} {it.doubts}"
        )
    for kind in dict.fromkeys(it.case.kind for it in answers):
        rows = [it for it in answers if it.case.kind == kind]
        stated, right = (
            statistics.mean(it.certainty for it in rows),
            statistics.mean(it.is_right for it in rows),
        )
        print(f"  {kind:28} {len(rows):3d} answers, stated {stated:.2f}, right {right:.2f}")
    print_table(answers)


if __name__ == "__main__":
    main()
