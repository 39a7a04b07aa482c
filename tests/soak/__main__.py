"""A soak: mixed load and random faults on one node, then on three with a Redis, for so many minutes.

    PYTHONPATH=tests python -m soak [--minutes 10] [--seed N] [--nodes 1|3] [--pictures DIRECTORY]

Prints the seed, which repeats the same choices. Fails where a fact was lost, changed or doubled, a stream or a run did
not end, a good photo was refused for good, a wrong one was not refused in words, a node did not end or left something
behind, or memory, descriptors, threads, processes, zombies or temporary files grew.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from soak.faults import FaultSchedule
from soak.load import Load
from soak.nodes import Fleet, run_fleet, scratch_directory
from soak.picture import draw
from soak.resources import Watch

CLIENTS = 6
#: Runs that are replayed once more at the end, at most.
REPLAYS = 200
#: Seconds in which sites that were blocked have rested, and failed look-ups may be tried again.
REST_SECONDS = 5.0


async def soak(count: int, seconds: float, seed: int, pictures: Path) -> list[str]:
    """Run one soak on so many nodes; print a summary and return the failures."""
    async with scratch_directory() as directory:
        photos = await asyncio.to_thread(draw_photos, directory / "photos")
        async with run_fleet(count, directory) as fleet:
            faults = FaultSchedule(fleet, random.Random(seed + 1))
            watches = [Watch(node) for node in fleet.nodes]
            async with Load(fleet, photos, random.Random(seed)) as load:
                aside = [*(watch.run() for watch in watches), report(load, faults, time.monotonic())]
                tasks = [asyncio.create_task(it) for it in aside]
                async with asyncio.TaskGroup() as group:  # an error in one ends the other
                    group.create_task(load.run(CLIENTS, seconds))
                    group.create_task(faults.run(seconds))
                for task in tasks:
                    task.cancel()
                await prove_health(load)
            failures = load.failures + [line for watch in watches for line in watch.growth()]
            failures += await end(fleet)
            picture = write_picture(watches, pictures / f"soak-{count}.svg", seed)
            print(f"\n{count} node(s): {len(load.runs)} runs, {sum(load.counts.values())} actions, longest "
                  f"{load.longest:.1f} s; {dict(load.counts)}\nfaults: {dict(faults.counts)}\npicture: {picture}")  # fmt: skip
            if failures:
                logs = pictures / f"logs-{count}"
                logs.mkdir(exist_ok=True)
                for log in directory.glob("*.log"):
                    shutil.copy(log, logs)
            return failures


def write_picture(watches: list[Watch], path: Path, seed: int) -> Path:
    """Draw what the nodes took over time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draw(watches, f"{len(watches)} node{'s' * (len(watches) > 1)}, seed {seed}"))
    return path


def draw_photos(directory: Path) -> list[bytes]:
    """Let the sandbox draw photos of all its things."""
    subprocess.run(
        [sys.executable, "-m", "lens_rx", "sandbox", "photos", str(directory)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return [path.read_bytes() for path in sorted(directory.glob("*.jpg"))]


async def report(load: Load, faults: FaultSchedule, began: float) -> None:
    """Print a line every ten seconds."""
    while True:
        await asyncio.sleep(10)
        print(
            f"{time.monotonic() - began:5.0f} s  {len(load.runs)} runs, {sum(load.counts.values())} actions, "
            f"{sum(faults.counts.values())} faults, {len(load.failures)} failures",
            flush=True,
        )


async def prove_health(load: Load) -> None:
    """With all faults over, a new photo is priced by each node, and old runs are what they were."""
    await asyncio.sleep(REST_SECONDS)
    for node in load.fleet.nodes:
        await load.price(node.url)
    for key in [*load.runs][-REPLAYS:]:
        await load.check(key)


async def end(fleet: Fleet) -> list[str]:
    """Stop the nodes; return what they left behind."""
    failures = []
    for node in fleet.nodes:
        status = await node.stop()
        if status != 0:
            failures.append(f"{node.name} ended with {status}")
        if left := [it.name for it in node.temporary.iterdir()]:
            failures.append(f"{node.name} left {len(left)} temporary files: {left[:3]}")
    return failures


def main() -> int:
    """Run what the arguments name, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--nodes", type=int, action="append", choices=[1, 3])
    parser.add_argument("--pictures", type=Path, default=Path(".soak"))
    arguments = parser.parse_args()
    counts = arguments.nodes or [1, 3]
    print(f"soak: {arguments.minutes:g} minutes, --seed {arguments.seed}", flush=True)
    failures = []
    for count in counts:
        seconds = arguments.minutes * 60 / len(counts)
        failures += asyncio.run(soak(count, seconds, arguments.seed, arguments.pictures))
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
