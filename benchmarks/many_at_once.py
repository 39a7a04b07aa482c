"""Many photos at once on one node whose outside services are slow, beside the longest chain of stages.

    python benchmarks/many_at_once.py [--photos 200] [--rounds 2]

Each photo shows another thing, so that every stage of every run happens. The services answer in the process after the
delays of `main_job.py` (Lens 3 s, the model 1 s, the search 1.5 s, shops and marketplaces 2.5 s), as many at once as are
asked. `LENS_RX_CONCURRENCY` and `LENS_RX_QUEUE` are raised to the number of photos; all else is as it is shipped, with
the storage in memory, and once more without early look-ups (`LENS_RX_SPECULATE=false`). The peer is the sum of the delays
on the longest path through the graph: what one photo would take, without early look-ups, if the service itself took no
time.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from tools.figures import report
from tools.instant_web import distinct_photos, instant_clients
from tools.service import DELAYS, describe_machine
from whole_runs import run_by_service

from lens_rx.cli.garbage import tune_garbage_collection
from lens_rx.cli.log_config import configure
from lens_rx.clients.endpoints import Endpoints
from lens_rx.facts import PhotoCopy
from lens_rx.runs.early_calls import NAMES_OF_A_RUN
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.wiring.node import Node, node

SECONDS = {site: float(fault["delay"]) for site, fault in DELAYS.items()}


def longest_chain() -> float:
    """Return the seconds of the longest path: lens | describe, identify, then producer and retail | offers."""
    look = max(SECONDS["lens"], SECONDS["model"])
    return look + SECONDS["model"] + max(SECONDS["search"] + SECONDS["shop"], SECONDS["marketplace"])


async def time_of_end(running: Node, photo: PhotoCopy) -> float:
    """Analyse one photo, read its facts, and return when the last one came."""
    await run_by_service(running, photo)
    return time.perf_counter()


async def measure(photos: int, first: int, *, speculate: bool) -> tuple[float, float, float]:
    """Return the seconds until the median and the last photo are done, and of CPU."""
    settings = Settings(concurrency=photos, queue=photos, queue_per_client=photos, log_level="warning")
    clients = instant_clients(SECONDS, early_calls=NAMES_OF_A_RUN * photos if speculate else 0)
    async with node(settings, Endpoints(), storage_for(settings, None), "model", clients) as it:
        began, used = time.perf_counter(), time.process_time()
        runs = (time_of_end(it, photo) for photo in distinct_photos(first, photos))
        ends = sorted(await asyncio.gather(*runs))
        return ends[photos // 2] - began, ends[-1] - began, time.process_time() - used


async def main(photos: int, rounds: int) -> None:
    """Print the figures."""
    configure(Settings(log_level="warning"))
    chain = longest_chain()
    print(f"{describe_machine()}; delays {SECONDS}, longest chain {chain} s")
    await measure(8, 0, speculate=True)  # imports and caches of a process that has just begun
    tune_garbage_collection()  # as `lens-rx serve` does
    shipped, plain = [], []
    for number in range(rounds):
        shipped.append(await measure(photos, 2000 * number + 1000, speculate=True))
        plain.append(await measure(photos, 2000 * number + 2000, speculate=False))
    peer = f"the longest chain of stages ({chain} s)"
    show(f"{photos} photos at once, outside simulated, one node", peer, shipped, chain)
    show(f"{photos} photos at once, without early look-ups", peer, plain, chain)


def show(title: str, peer: str, measured: list[tuple[float, float, float]], chain: float) -> None:
    """Print the figures of one setting."""
    medians, lasts, cpu = zip(*measured, strict=True)
    report(
        f"{title}: until all are done",
        max(lasts),
        "s",
        peer=peer,
        ratios=[it / chain for it in lasts],
        target="<= 1.15",
    )
    report(
        f"{title}: until half are done",
        max(medians),
        "s",
        peer=peer,
        ratios=[it / chain for it in medians],
        main=False,
    )
    report(f"{title}: CPU of all", min(cpu), "s", main=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    asyncio.run(main(asked.photos, asked.rounds))
