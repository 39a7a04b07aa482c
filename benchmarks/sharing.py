"""A hundred equal uploads at once against one, and a replay against the first run.

    python benchmarks/sharing.py [PHOTO] [--uploads 100]

The peer is one upload of a photo by itself. Each figure is of a photo that the service has not seen
(bytes behind the picture make it another one), so that the first run of each looks for itself.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path

from tools.figures import report
from tools.service import BenchmarkService, ReceivedFact, describe_machine, running_service

SAMPLE = Path(__file__).parents[1] / "static" / "sample.jpg"


async def together(
    running: BenchmarkService, photo: bytes, uploads: int
) -> tuple[float, int, list[list[ReceivedFact]]]:
    """Upload a photo so many times at once; return the seconds, the look-ups at Lens, the streams."""
    looked, began = await running.lens_searches(), time.perf_counter()
    streams = await asyncio.gather(*(running.classify(photo) for _ in range(uploads)))
    return time.perf_counter() - began, await running.lens_searches() - looked, streams


async def measure(photo: bytes, uploads: int) -> None:
    """Print the three figures."""
    async with running_service("--no-store") as running:
        await running.classify(photo)  # warms the tabs, and the shops' and marketplaces' results
        one, _, _ = await together(running, photo + b"1", 1)
        many, looks, streams = await together(running, photo + b"2", uploads)
        again, _, (replayed,) = await together(running, photo + b"2", 1)
    same = {tuple(it.fact["seq"] for it in stream) for stream in streams}
    print(f"  one upload           {one:8.3f} s")
    report(f"{uploads} equal uploads at once", many, "s", peer="one upload", ratios=[many / one])
    report("their look-ups at Lens", looks, target="<= 1")
    print(f"                       {len(streams[0])} facts each, {len(same)} order(s) of facts seen")
    print(f"  replayed: {len(replayed)} facts")
    report("a replay", again, "s", peer="the first run", ratios=[again / one])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photo", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--uploads", type=int, default=100)
    asked = parser.parse_args()
    print(describe_machine())
    asyncio.run(measure(asked.photo.read_bytes(), asked.uploads))


if __name__ == "__main__":
    main()
