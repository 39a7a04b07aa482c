"""What each storage can take: facts a second, the latency it adds, and replay with many runs stored.

    python benchmarks/storage.py [--stored 10 10000] [--facts 2000] [--backends memory sqlite redis]

Each figure comes with its ratio to a peer of the same run on the same machine: the storage in memory, or the
same storage with fewer runs stored. A million is `--stored 10 1000000 --backends sqlite`, and takes 8.4 GB of disk
and of the system's page cache: where that is smaller, a replay waits for the disk.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.figures import report, report_paired
from tools.service import describe_machine

from lens_rx.facts import Options
from lens_rx.reactive.interop import to_async_iterable
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Entry, Job, Lease, NewEntry, Position, RunInfo, RunState
from lens_rx.storage.redis.redis_storage import RedisStorage
from lens_rx.storage.sqlite.database_file import SqliteFile
from lens_rx.storage.sqlite.run_rows import checksum
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage
from lens_rx.storage.timestamps import to_timestamp

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from redis_server import RedisServer  # the tests' own

RUNS_AT_ONCE = 8
FACTS_A_STORED_RUN = 4
PAYLOAD = os.urandom(700).hex().encode()
REPLAYS, REPLAY_ROUNDS = 200, 5
IMPORTED_AT_ONCE = 200
SETTINGS = Settings(queue=100_000, kept_runs=10_000_000, kept_bytes=10**12)


class Storages:
    """The storages under test, each opened as often as needed, each in a place of its own."""

    def __init__(self, directory: Path, server: RedisServer) -> None:
        self._directory = directory
        self._server = server

    @asynccontextmanager
    async def open(self, kind: str, place: str) -> AsyncIterator[Storage]:
        """Open a storage; the same place holds what was stored there."""
        storage = self._made(kind, place)
        await storage.start()
        try:
            yield storage
        finally:
            await storage.aclose()

    def file(self, place: str) -> Path:
        """Return the SQLite file of a place."""
        return self._directory / f"{place}.db"

    def _made(self, kind: str, place: str) -> Storage:
        if kind == "memory":
            return MemoryStorage(SETTINGS)
        if kind == "sqlite":
            return SqliteStorage(self.file(place), SETTINGS)
        return RedisStorage(self._server.url, SETTINGS.model_copy(update={"redis_prefix": place}))


def new_entries(count: int) -> list[NewEntry]:
    """Return facts of the usual size."""
    return [NewEntry(str(number), datetime.now(UTC), PAYLOAD) for number in range(count)]


async def leased(storage: Storage, key: str) -> Lease:
    """Submit a run and take it."""
    await storage.submit(Job(key, (), Options()), datetime.now(UTC))
    lease = await storage.claim("bench", 1)
    if lease is None:
        raise SystemExit("no job came")
    return lease


async def facts_a_second(storage: Storage, facts: int, runs: int) -> float:
    """Append facts one by one, in so many runs at once, and return how many a second were taken."""
    leases = [await leased(storage, f"run{number}") for number in range(runs)]

    async def run(lease: Lease) -> None:
        for new_entry in new_entries(facts // runs):
            await storage.append(lease, [new_entry])

    began = time.perf_counter()
    await asyncio.gather(*(run(lease) for lease in leases))
    return facts / (time.perf_counter() - began)


async def latencies(worker: Storage, web: Storage, facts: int) -> list[float]:
    """Return the seconds from each append's begin until a follower, on another node if there are any, has it."""
    lease = await leased(worker, "latency")
    arrived: list[float] = []

    async def follow() -> None:
        arrived.extend(
            [time.perf_counter() async for _ in to_async_iterable(web.follow("latency", Position()))]
        )

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.1)
    sent = []
    for new_entry in new_entries(facts):
        sent.append(time.perf_counter())
        await worker.append(lease, [new_entry])
        await asyncio.sleep(0.002)
    await worker.finish(lease, datetime.now(UTC) + timedelta(days=1))
    await following
    return [there - here for here, there in zip(sent, arrived, strict=True)]


async def fill(storage: Storage, stored: int) -> None:
    """Keep so many finished runs, by the way that imported runs take."""
    now = datetime.now(UTC)
    entries = [Entry(Position(1, seq), now, PAYLOAD) for seq in range(1, FACTS_A_STORED_RUN + 1)]
    fresh = now + timedelta(days=1)
    for first in range(0, stored, IMPORTED_AT_ONCE):
        keys = [f"run{number}" for number in range(first, min(stored, first + IMPORTED_AT_ONCE))]
        heads = [RunInfo(key, 1, RunState.COMPLETE, len(entries), now, fresh) for key in keys]
        await asyncio.gather(*(storage.import_run(head, entries) for head in heads))


def fill_file(path: Path, stored: int) -> None:
    """Write the same rows into a SQLite store, past the storage and without a journal: a million take minutes."""
    asyncio.run(SqliteFile(path).close())  # its tables
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        write_runs(connection, stored)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")


def write_runs(connection: sqlite3.Connection, stored: int) -> None:
    """Write so many finished runs in one transaction."""
    now = to_timestamp(datetime.now(UTC))
    connection.create_function("checksum", 3, checksum, deterministic=True)
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)"
    known = {"now": now, "fresh": now + 86_400_000_000, "facts": FACTS_A_STORED_RUN, "fact": PAYLOAD}
    connection.execute("BEGIN")
    connection.execute(
        numbers.replace("?", str(stored))
        + "INSERT INTO runs (id, key, generation, state, created_at, fresh_until, settled_at, used_at, entries)"
        "SELECT n + 1, 'run' || n, 1, 'complete', :now, :fresh, :now, :now, :facts FROM numbers",
        known,
    )
    connection.execute(
        numbers.replace("?", str(stored * FACTS_A_STORED_RUN))
        + ", places AS (SELECT ((n / :facts + 1) << 20) + n % :facts + 1 AS place FROM numbers) "
        "INSERT INTO facts SELECT place, place, :now, checksum(place, :now, :fact), :fact FROM places",
        known,
    )
    connection.execute("COMMIT")


async def replay_seconds(storage: Storage, stored: int) -> float:
    """Replay a run picked at random and return the seconds."""
    key = f"run{random.randrange(stored)}"
    began = time.perf_counter()
    _ = [entry async for entry in to_async_iterable(storage.follow(key, Position()))]
    return time.perf_counter() - began


async def show_facts(storages: Storages, kinds: list[str], facts: int) -> None:
    """Print facts a second."""
    print(f"\nfacts a second, appended one by one ({len(PAYLOAD)} bytes each)")
    for runs in (1, RUNS_AT_ONCE):
        peer = 0.0
        for kind in kinds:
            async with storages.open(kind, f"facts{runs}") as storage:
                rate = await facts_a_second(storage, facts, runs)
            peer = peer or rate
            title = f"facts a second through the storage, {runs} run{'s at once' * (runs > 1)}, {kind}"
            ratios = [] if kind == kinds[0] else [rate / peer]
            report(title, rate, "a second", peer=kinds[0], ratios=ratios, main=runs > 1 and kind != kinds[0])


async def show_latency(storages: Storages, kinds: list[str], facts: int) -> None:
    """Print the time from a worker's append to a follower."""
    print("\nfrom append to follower, the commit included (Redis: worker and web are two nodes)")
    peer = 0.0
    for kind in kinds:
        async with storages.open(kind, "latency") as worker, storages.open("redis", "latency") as other:
            seconds = await latencies(worker, other if kind == "redis" else worker, facts)
        median, worst = statistics.median(seconds), statistics.quantiles(seconds, n=100)[98]
        peer = peer or median
        print(f"  {kind:7} median {median * 1000:7.3f} ms   99 % {worst * 1000:7.3f} ms")
        title = f"a fact from the storage to a follower, median, {kind}"
        ratios = [] if kind == kinds[0] else [median / peer]
        report(title, 1000 * median, "ms", peer=kinds[0], ratios=ratios, main=kind != kinds[0])


async def show_replay(storages: Storages, kinds: list[str], sizes: list[int]) -> None:
    """Print how long a start and a replay take with so many runs stored, the sizes in turn."""
    print(f"\nreplay of one run ({FACTS_A_STORED_RUN} facts), picked at random out of those stored")
    for kind in kinds:
        async with AsyncExitStack() as stack:
            opened = [await stack.enter_async_context(filled(storages, kind, it)) for it in sizes]
            medians = [await replay_medians(opened, sizes) for _ in range(REPLAY_ROUNDS + 1)][1:]
        first, *others = zip(*medians, strict=True)
        for stored, those in zip(sizes[1:], others, strict=True):
            report_paired(
                f"a replay with {stored:,} stored runs, from the storage, {kind}",
                [1000 * it for it in those],
                "ms",
                [1000 * it for it in first],
                peer=f"with {sizes[0]} stored",
                target="<= 1.1" if kind == "sqlite" else "",
                main=kind != "memory",
            )


async def replay_medians(opened: Sequence[Storage], sizes: Sequence[int]) -> list[float]:
    """Return the median seconds of replays from each storage, one of each in turn."""
    seconds: list[list[float]] = [[] for _ in sizes]
    for _ in range(REPLAYS):
        for storage, stored, found in zip(opened, sizes, seconds, strict=True):
            found.append(await replay_seconds(storage, stored))
    return [statistics.median(it) for it in seconds]


@asynccontextmanager
async def filled(storages: Storages, kind: str, stored: int) -> AsyncIterator[Storage]:
    """Open a storage with so many runs stored; print how long its start takes."""
    place = f"stored{stored}"
    if kind == "sqlite":
        await asyncio.to_thread(fill_file, storages.file(place), stored)
    began = time.perf_counter()
    async with storages.open(kind, place) as storage:
        print(
            f"  {kind:7} {stored:9,} stored   start {1000 * (time.perf_counter() - began):6.1f} ms",
            flush=True,
        )
        if kind != "sqlite":
            await fill(storage, stored)
        yield storage


async def main(options: argparse.Namespace) -> None:
    """Print all figures."""
    print(describe_machine())
    with TemporaryDirectory() as directory, RedisServer(Path(directory)) as server:
        storages = Storages(Path(directory), server)
        print("SQLite: WAL, synchronous=FULL. Redis: on this machine, appendfsync always.")
        if options.facts:
            await show_facts(storages, options.backends, options.facts)
            await show_latency(storages, options.backends, options.facts // 5)
        await show_replay(storages, options.backends, options.stored)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What each storage can take.")
    parser.add_argument(
        "--stored", type=int, nargs="+", default=[10, 10_000], help="runs stored before a replay"
    )
    parser.add_argument("--facts", type=int, default=2000, help="facts appended for a figure; 0: none")
    parser.add_argument(
        "--backends", nargs="+", default=["memory", "sqlite", "redis"], help="the first is the peer"
    )
    asyncio.run(main(parser.parse_args()))
