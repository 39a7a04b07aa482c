"""What it brings to look things up for a likely name before it is certain, and what it wastes.

    python benchmarks/speculation.py [--runs 3] [--photos 12]

The same photos are priced by two services, one of which begins early, in turn; the sandbox's sites answer with the
delays of `tools/service.py`. The peer is the longest chain of stages of the run that begins nothing early. Then photos of
different things are priced without delays, for the share of early look-ups that were for another name.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from main_job import SAMPLE, critical_path_seconds
from tools.figures import report
from tools.service import DELAYS, BenchmarkService, describe_machine, running_service, stage_seconds

EARLY, NOT_EARLY = {"LENS_RX_SPECULATE": "true"}, {"LENS_RX_SPECULATE": "false"}


async def early_lookups(service: BenchmarkService) -> dict[str, int]:
    """Return how many early look-ups were used and wasted."""
    async with service.client.get("/metrics") as response:
        text = await response.text()
    found = re.findall(r'^lens_rx_early_lookups_total\{outcome="(\w+)"\} (\S+)$', text, re.MULTILINE)
    return {outcome: round(float(number)) for outcome, number in found}


async def seconds_and_chain(service: BenchmarkService, photo: bytes, number: int) -> tuple[float, float]:
    """Return the seconds of a run of its own in the service, and those of its longest chain of stages."""
    facts = await service.classify(photo + bytes([number]), country=("DE", "FR", "IT")[number % 3])
    return facts[-1].fact["data"]["seconds"], critical_path_seconds(stage_seconds(facts))


async def measure_gain(runs: int) -> Sequence[float]:
    """Return the seconds of runs that begin early, each relative to the longest chain of one that does not."""
    photo, ratios = SAMPLE.read_bytes(), []
    async with (
        running_service("--no-store", **EARLY) as early,
        running_service("--no-store", **NOT_EARLY) as other,
    ):
        for service in (early, other):
            await service.classify(photo, hint="warm tabs")
            await service.set_faults(DELAYS)
        for number in range(runs):
            seconds, _ = await seconds_and_chain(early, photo, number)
            without, chain = await seconds_and_chain(other, photo, number)
            ratios.append(seconds / chain)
            print(
                f"  run {number + 1}: {seconds:.2f} s, without {without:.2f} s, longest chain {chain:.2f} s: "
                f"{seconds / chain:.3f} and {without / chain:.3f}"
            )
    return ratios


def practice_photos(directory: Path) -> list[bytes]:
    """Return the photos of the sandbox."""
    command = [sys.executable, "-m", "lens_rx", "sandbox", "photos", str(directory)]
    subprocess.run(command, check=True, capture_output=True)
    return [path.read_bytes() for path in sorted(directory.glob("*.jpg"))]


async def measure_waste(photos: int) -> dict[str, int]:
    """Return the early look-ups over photos of the sandbox."""
    with TemporaryDirectory() as directory:
        contents = practice_photos(Path(directory))
        async with running_service("--no-store", **EARLY) as service:
            for content in contents[:: max(1, len(contents) // photos)][:photos]:
                await service.classify(content)
            return await early_lookups(service)


async def main(runs: int, photos: int) -> None:
    """Print both."""
    print(describe_machine())
    ratios = await measure_gain(runs)
    looked_up = await measure_waste(photos)
    used, wasted = looked_up.get("used", 0), looked_up.get("wasted", 0)
    print(f"  {photos} photos: {used} early look-ups used, {wasted} wasted")
    report(
        "a run with delays, looked up early",
        statistics.median(ratios),
        peer="the longest chain of stages",
        ratios=ratios,
        target="<= 0.9",
    )
    report("early look-ups for another name", 100 * wasted / max(1, used + wasted), "%")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--photos", type=int, default=12)
    asked = parser.parse_args()
    asyncio.run(main(asked.runs, asked.photos))
