"""One photo's run against its own longest chain, and how late its facts are.

    python benchmarks/main_job.py [PHOTO] [--runs 3]

The peer is the run itself: the longest chain of its stages, as its `progress` facts tell it
(lens | describe -> identify -> producer -> retail | offers -> estimate), which no way of running those
stages can beat. The sites of the sandbox answer late on purpose: Lens after 3 s, the model 1 s, the
search 1.5 s, shops and marketplaces 2.5 s. A fact is as late as it comes to the client after its stage
has ended, by the clock of one machine.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tools.service import DELAYS, Told, machine, service

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


def durations(told: Sequence[Told]) -> dict[str, float]:
    """Return the seconds of each stage, as its last progress tells them."""
    steps = [it.fact["data"] for it in told if it.fact["data_description"] == "progress"]
    return {it["stage"]: it["seconds"] for it in steps if it["state"] != "started"}


def longest_chain(seconds: dict[str, float]) -> float:
    """Return the seconds of the longest way through the graph."""
    look = max(seconds["lens"], seconds["describe"])
    prices = max(seconds["producer"] + seconds["retail"], seconds["offers"])
    return look + seconds["identify"] + prices + seconds["estimate"]


def lateness(told: Sequence[Told]) -> list[tuple[float, str]]:
    """Return by how many seconds each fact came after its stage had ended, and what it was, latest last."""
    ends: dict[str, float] = {}
    late: list[tuple[float, str]] = []
    for it in reversed(told):  # a stage's end is told after its facts
        kind, data = it.fact["data_description"], it.fact["data"]
        if kind == "progress" and data["state"] not in ("started", "skipped"):
            ends[data["stage"]] = _began(told, data["stage"]) + data["seconds"]
        stage = data["stage"] if kind == "progress" and data["state"] != "started" else STAGES.get(kind)
        if stage in ends:
            late.append((it.at - ends[stage], f"{kind} of {stage}"))
    return sorted(late)


def _began(told: Sequence[Told], stage: str) -> float:
    """Return the service's clock when a stage started."""
    started = next(
        it.fact
        for it in told
        if it.fact["data_description"] == "progress"
        and (it.fact["data"]["stage"], it.fact["data"]["state"]) == (stage, "started")
    )
    return datetime.fromisoformat(started["observed_at"]).timestamp()


async def measure(photo: bytes, runs: int) -> None:
    """Print each run; a hint of its own keeps one from being told out of the log of another."""
    async with service("--no-store") as running:
        await running.classify(photo, hint="warm tabs")
        await running.break_sites(DELAYS)
        for number in range(runs):
            # a trailing byte makes another photo of the same picture, whose stages are not kept
            began = time.time()
            told = await running.classify(photo + bytes([number]), country=("DE", "FR", "IT")[number % 3])
            took, chain = told[-1].at - began, longest_chain(durations(told))
            late = lateness(told)
            inside = told[-1].fact["data"]["seconds"]
            print(
                f"  run {number + 1}: {took:6.2f} s at the client, {inside:6.2f} s in the service, "
                f"longest chain {chain:6.2f} s, ratio {took / chain:.3f} ({inside / chain:.3f}); "
                f"facts late by {late[len(late) // 2][0] * 1000:.0f} ms, at most {late[-1][0] * 1000:.0f} ms ({late[-1][1]})"
            )
            print("         " + "  ".join(f"{name} {it:.2f}" for name, it in durations(told).items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photo", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    delays = ", ".join(f"{name} {it['delay']} s" for name, it in DELAYS.items())
    print(f"{machine()}; delays: {delays}")
    asyncio.run(measure(asked.photo.read_bytes(), asked.runs))


if __name__ == "__main__":
    main()
