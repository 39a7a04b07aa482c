"""Time of one run relative to its critical path, and the delivery delay of its facts.

    python benchmarks/main_job.py [PHOTO] [--runs 3]

The critical path is computed from the run's own `progress` facts: lens | describe, identify, then producer and retail |
offers, then estimate. The sandbox's sites answer with a delay: Lens 3 s, the model 1 s, the search 1.5 s, shops and
marketplaces 2.5 s. A fact's delivery delay is the time from its stage's end to its arrival at the client.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.figures import report, report_paired
from tools.service import DELAYS, ReceivedFact, describe_machine, running_service, stage_seconds

SAMPLE = Path(__file__).parents[1] / "static" / "sample.jpg"
STAGES = {
    "visual-matches": "lens",
    "image-description": "describe",
    "model-producer": "identify",
    "producer-url": "producer",
    "retail-price-details": "retail",
    "second-hand-offers": "offers",
    "price-evidence": "estimate",
    "estimated-price": "estimate",
}


def critical_path_seconds(seconds: dict[str, float]) -> float:
    """Return the seconds of the critical path through the graph."""
    look = max(seconds["lens"], seconds["describe"])
    prices = max(seconds["producer"] + seconds["retail"], seconds["offers"])
    return look + seconds["identify"] + prices + seconds["estimate"]


def delivery_delays(facts: Sequence[ReceivedFact]) -> list[tuple[float, str]]:
    """Return the delay in seconds of each fact after its stage's end, with its description, in ascending order."""
    ends: dict[str, float] = {}
    delays: list[tuple[float, str]] = []
    for fact in reversed(facts):  # a stage's end comes after its facts
        kind, data = fact.fact["data_description"], fact.fact["data"]
        if kind == "progress" and data["state"] not in ("started", "skipped"):
            ends[data["stage"]] = _stage_start(facts, data["stage"]) + data["seconds"]
        stage = data["stage"] if kind == "progress" and data["state"] != "started" else STAGES.get(kind)
        if stage in ends:
            delays.append((fact.received_at - ends[stage], f"{kind} of {stage}"))
    return sorted(delays)


def _stage_start(facts: Sequence[ReceivedFact], stage: str) -> float:
    """Return the time (seconds since 1970) at which a stage started."""
    started = next(
        fact.fact
        for fact in facts
        if fact.fact["data_description"] == "progress"
        and (fact.fact["data"]["stage"], fact.fact["data"]["state"]) == (stage, "started")
    )
    return datetime.fromisoformat(started["observed_at"]).timestamp()


@dataclass(frozen=True, slots=True)
class Run:
    """The seconds of a run at the client, those of its critical path, and the delays of its facts in seconds."""

    took: float
    chain: float
    delays: list[float]


async def measure(photo: bytes, runs: int) -> list[Run]:
    """Print each run; every run has a photo of its own, so that none is replayed."""
    found = []
    async with running_service("--no-store") as running:
        await running.classify(photo, hint="warm tabs")
        await running.set_faults(DELAYS)
        for number in range(runs):
            # a trailing byte changes the photo's hash but not its picture, so that no stage result is cached
            started_at = time.time()
            facts = await running.classify(photo + bytes([number]), country=("DE", "FR", "IT")[number % 3])
            took, chain = facts[-1].received_at - started_at, critical_path_seconds(stage_seconds(facts))
            delays = delivery_delays(facts)
            inside = facts[-1].fact["data"]["seconds"]
            found.append(Run(took, chain, [seconds for seconds, _ in delays]))
            print(
                f"  run {number + 1}: {took:6.2f} s at the client, {inside:6.2f} s in the service, "
                f"critical path {chain:6.2f} s, ratio {took / chain:.3f} ({inside / chain:.3f}); "
                f"facts delayed by {delays[len(delays) // 2][0] * 1000:.0f} ms, at most {delays[-1][0] * 1000:.0f} ms ({delays[-1][1]})"
            )
            print(
                "         "
                + "  ".join(f"{name} {seconds:.2f}" for name, seconds in stage_seconds(facts).items())
            )
    return found


def report_all(runs: Sequence[Run]) -> None:
    """Report the figures of all runs."""
    report_paired(
        "a run with slow outside services (Lens 3 s, model 1 s, search 1.5 s, shops and marketplaces 2.5 s)",
        [it.took for it in runs],
        "s",
        [it.chain for it in runs],
        peer="its longest chain of stages",
        target="<= 1.02",
    )
    delays = sorted(delay for run in runs for delay in run.delays)
    report(
        "a fact on its way, from its stage's end to the client: median",
        1000 * statistics.median(delays),
        "ms",
    )
    report("a fact on its way: at most", 1000 * delays[-1], "ms", main=False)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photo", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    delays = ", ".join(f"{name} {fault['delay']} s" for name, fault in DELAYS.items())
    print(f"{describe_machine()}; delays: {delays}")
    report_all(asyncio.run(measure(options.photo.read_bytes(), options.runs)))


if __name__ == "__main__":
    main()
