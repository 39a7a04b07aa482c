"""Memory of the service over many distinct runs and many more duplicates, beside a loop that keeps all it learns.

    python benchmarks/memory.py [--runs 2000] [--duplicates 20000] [--backends memory sqlite]

A process analyses distinct photos by the whole graph, with outside services that answer at once, and between them
replays photos that it has seen lately. Its bounds are lowered (`LENS_RX_KEPT_RUNS=100`, encoded runs held to 4 MB), so
that they are full early; the remembered texts of pages, to which each run adds a few, are filled by other pages before.
The peer is a process with the same stages in hand-written tasks and a dict of the facts by photo, as a service without
bounds would have; it does a quarter of the runs, from which its growth can be seen. Prints the resident memory after
every twentieth part, and how much it grows a thousand runs once the bounds are full.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from tools.figures import number_text, report, report_series
from tools.instant_web import PRODUCT, distinct_photos, instant_clients
from tools.service import describe_machine
from whole_runs import HandWritten, run_by_service

from lens_rx.cli.log_config import configure
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts import Fact, Options
from lens_rx.parsing.product.reader import product_from_html
from lens_rx.runs import registry
from lens_rx.runs.keys import run_key
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.web.view import View
from lens_rx.wiring.node import Node, node

KEPT_RUNS, ENCODED_BYTES = 100, 4_000_000
#: Texts that the readers of pages remember at most.
TEXTS = 8_192
AT_ONCE, PARTS = 4, 20
SETTINGS = Settings(
    kept_runs=KEPT_RUNS, concurrency=AT_ONCE, queue=10_000, queue_per_client=10_000, log_level="warning"
)


def fill_remembered_texts() -> None:
    """Read so many different pages that nothing more is remembered of a page than is forgotten of others."""
    for number in range(TEXTS):
        product_from_html(
            PRODUCT.format(f"Norrvik Fjell {number:06x} Parka"), f"https://norrvik.com/{number}"
        )


def print_memory(runs: int) -> None:
    """Print a point of the curve: how many runs there were, and the resident MiB."""
    gc.collect()
    print(json.dumps([runs, psutil.Process().memory_info().rss / 2**20]), flush=True)


async def by_service(runs: int, duplicates: int, backend: str) -> None:
    """Print the curve of the service."""
    configure(SETTINGS)
    registry.ENCODED_BYTES = ENCODED_BYTES
    fill_remembered_texts()
    with TemporaryDirectory() as directory:
        place = Path(directory) / "runs.db" if backend == "sqlite" else None
        storage = storage_for(SETTINGS, place)
        async with node(SETTINGS, Endpoints(), storage, "model", instant_clients()) as running:
            part = runs // PARTS
            for done in range(0, runs, part):
                await run_part(running, done, part)
                for _ in range(duplicates // PARTS):
                    await replay(running, random.randrange(max(0, done + part - KEPT_RUNS // 2), done + part))
                print_memory(done + part)


async def run_part(running: Node, first: int, number: int) -> None:
    """Analyse distinct photos, so many at once."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(index: int) -> None:
        async with slots:
            (photo,) = distinct_photos(index, 1)
            await run_by_service(running, photo)

    await asyncio.gather(*(one(first + it) for it in range(number)))


async def replay(running: Node, index: int) -> None:
    """Ask for a photo that was seen before."""
    (photo,) = distinct_photos(index, 1)
    view = View()
    key = run_key([photo.sha256], Options(), running.context.cache_namespace)
    submission = await running.context.runs.find(key, view)
    assert submission, f"run {index} is not known any more"
    assert await running.context.runs.replay(submission, view)


async def by_dict(runs: int) -> None:
    """Print the curve of the loop without bounds."""
    known: dict[str, list[Fact]] = {}
    with TemporaryDirectory() as directory:
        peer = HandWritten(instant_clients().for_stages, Path(directory))
        for done in range(runs):
            (photo,) = distinct_photos(done, 1)
            known[photo.sha256] = await peer.run(photo)
            if (done + 1) % (runs // PARTS) == 0:
                print_memory(done + 1)


def curve(*arguments: str) -> list[tuple[float, float]]:
    """Return the curve that a process of its own prints."""
    command = [sys.executable, __file__, *arguments]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=os.environ).stdout
    return [(it[0], it[1]) for it in map(json.loads, printed.splitlines())]


def growth(points: list[tuple[float, float]]) -> float:
    """Return the MiB for each thousand runs, over the second half."""
    half = points[len(points) // 2 :]
    return 1000 * statistics.linear_regression(*zip(*half, strict=True)).slope


def main(runs: int, duplicates: int, backends: list[str]) -> None:
    """Print all figures."""
    print(f"{describe_machine()}; {runs} distinct runs, {duplicates} duplicates, {KEPT_RUNS} runs kept")
    sizes = [f"--runs={runs}", f"--duplicates={duplicates}"]
    lines = {f"lens_rx, {it}": curve(*sizes, "--only", it) for it in backends}
    lines["a dict of all results"] = curve(f"--runs={runs // 4}", "--only", "dict")
    for name, points in lines.items():
        print(f"  {name:22}", "  ".join(f"{x:.0f}: {y:.0f}" for x, y in points), "MiB")
    report_series("Memory over distinct runs and duplicates", "distinct runs", "resident MiB", lines)
    *ours, theirs = (growth(points) for points in lines.values())
    title = (
        f"memory over {runs:,} distinct runs and {duplicates:,} duplicates, growth a thousand runs once full"
    )
    for name, slope in zip(lines, ours, strict=False):
        end = number_text(lines[name][-1][1])
        report(
            f"{title}: {name} ({end} MiB at the end)",
            slope,
            "MiB",
            peer="a dict of all results",
            ratios=[slope / theirs],
            target="<= 0.1",
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--duplicates", type=int, default=20_000)
    parser.add_argument("--backends", nargs="+", default=["memory", "sqlite"])
    parser.add_argument("--only", choices=["memory", "sqlite", "dict"], help="print the curve of one process")
    asked = parser.parse_args()
    if asked.only is None:
        main(asked.runs, asked.duplicates, asked.backends)
    elif asked.only == "dict":
        asyncio.run(by_dict(asked.runs))
    else:
        asyncio.run(by_service(asked.runs, asked.duplicates, asked.only))
