"""What each log can take: facts a second, the latency it adds, and replay with many runs stored.

    python benchmarks/logs.py [--stored 10 10000] [--facts 2000] [--logs memory sqlite redis]

Each figure comes with its ratio to a peer of the same run on the same machine: the log in memory, or the
same log with fewer runs stored. A million is `--stored 10 1000000 --logs sqlite`, and takes 7 GB of disk.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lens_rx.facts import Options
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryLog
from lens_rx.storage.protocols import Entry, Job, Lease, Log, NewEntry, Position, RunInfo, RunState
from lens_rx.storage.redis.redis_storage import RedisLog
from lens_rx.storage.sqlite.database_file import SqliteFile
from lens_rx.storage.sqlite.run_rows import checksum
from lens_rx.storage.sqlite.sqlite_storage import SqliteLog
from lens_rx.storage.timestamps import to_timestamp

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from redis_server import RedisServer  # the tests' own

RUNS_AT_ONCE = 8
FACTS_A_STORED_RUN = 4
PAYLOAD = os.urandom(700).hex().encode()
REPLAYS = 300
ADOPTED_AT_ONCE = 200
SETTINGS = Settings(queue=100_000, kept_runs=10_000_000, kept_bytes=10**12)


class Bench:
    """The logs under test, each opened as often as asked, each in a place of its own."""

    def __init__(self, directory: Path, server: RedisServer) -> None:
        self._directory = directory
        self._server = server

    @asynccontextmanager
    async def log(self, kind: str, place: str) -> AsyncIterator[Log]:
        """Open a log; the same place holds what was kept there."""
        log = self._made(kind, place)
        await log.start()
        try:
            yield log
        finally:
            await log.aclose()

    def file(self, place: str) -> Path:
        """Return the SQLite file of a place."""
        return self._directory / f"{place}.db"

    def _made(self, kind: str, place: str) -> Log:
        if kind == "memory":
            return MemoryLog(SETTINGS)
        if kind == "sqlite":
            return SqliteLog(self.file(place), SETTINGS)
        return RedisLog(self._server.url, SETTINGS.model_copy(update={"redis_prefix": place}))


def drafts(count: int) -> list[NewEntry]:
    """Return facts of the usual size."""
    return [NewEntry(str(number), datetime.now(UTC), PAYLOAD) for number in range(count)]


async def leased(log: Log, key: str) -> Lease:
    """Submit a run and take it."""
    await log.submit(Job(key, (), Options()), datetime.now(UTC))
    lease = await log.claim("bench", 1)
    if lease is None:
        raise SystemExit("no job came")
    return lease


async def facts_a_second(log: Log, facts: int, runs: int) -> float:
    """Append facts one by one, in so many runs at once, and return how many a second were taken."""
    leases = [await leased(log, f"run{number}") for number in range(runs)]

    async def run(lease: Lease) -> None:
        for draft in drafts(facts // runs):
            await log.append(lease, [draft])

    began = time.perf_counter()
    await asyncio.gather(*(run(lease) for lease in leases))
    return facts / (time.perf_counter() - began)


async def latencies(worker: Log, web: Log, facts: int) -> list[float]:
    """Return the seconds from each append's begin until a follower, on another node if there are any, has it."""
    lease = await leased(worker, "latency")
    arrived: list[float] = []

    async def follow() -> None:
        arrived.extend([time.perf_counter() async for _ in web.follow("latency", Position())])

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.1)
    sent = []
    for draft in drafts(facts):
        sent.append(time.perf_counter())
        await worker.append(lease, [draft])
        await asyncio.sleep(0.002)
    await worker.finish(lease, datetime.now(UTC) + timedelta(days=1))
    await following
    return [there - here for here, there in zip(sent, arrived, strict=True)]


async def fill(log: Log, stored: int) -> None:
    """Keep so many finished runs, by the way that imported runs take."""
    now = datetime.now(UTC)
    entries = [Entry(Position(1, seq), now, PAYLOAD) for seq in range(1, FACTS_A_STORED_RUN + 1)]
    fresh = now + timedelta(days=1)
    for first in range(0, stored, ADOPTED_AT_ONCE):
        keys = [f"run{number}" for number in range(first, min(stored, first + ADOPTED_AT_ONCE))]
        heads = [RunInfo(key, 1, RunState.COMPLETE, len(entries), now, fresh) for key in keys]
        await asyncio.gather(*(log.adopt(head, entries) for head in heads))


def fill_file(path: Path, stored: int) -> None:
    """Write the same rows into a SQLite store, past the log and without a journal: a million take minutes."""
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


async def replay_seconds(log: Log, stored: int) -> float:
    """Replay runs picked at random and return the median seconds of one, after as many to warm up."""
    seconds = []
    for _ in range(2 * REPLAYS):
        key = f"run{random.randrange(stored)}"
        began = time.perf_counter()
        _ = [entry async for entry in log.follow(key, Position())]
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[REPLAYS:])


async def show_facts(bench: Bench, kinds: list[str], facts: int) -> None:
    """Print facts a second."""
    print(f"\nfacts a second, appended one by one ({len(PAYLOAD)} bytes each)")
    for runs in (1, RUNS_AT_ONCE):
        peer = 0.0
        for kind in kinds:
            async with bench.log(kind, f"facts{runs}") as log:
                rate = await facts_a_second(log, facts, runs)
            peer = peer or rate
            print(
                f"  {kind:7} {runs} run{'s' if runs > 1 else ' '}  {rate:10,.0f}/s   {rate / peer:6.3f} x {kinds[0]}"
            )


async def show_latency(bench: Bench, kinds: list[str], facts: int) -> None:
    """Print the time from a worker's append to a follower."""
    print("\nfrom append to follower, the commit included (Redis: worker and web are two nodes)")
    peer = 0.0
    for kind in kinds:
        async with bench.log(kind, "latency") as worker, bench.log("redis", "latency") as other:
            seconds = await latencies(worker, other if kind == "redis" else worker, facts)
        median, worst = statistics.median(seconds), statistics.quantiles(seconds, n=100)[98]
        peer = peer or median
        added = (median - peer) * 1000
        print(
            f"  {kind:7} median {median * 1000:7.3f} ms   99 % {worst * 1000:7.3f} ms   "
            f"{median / peer:7.1f} x {kinds[0]}, {added:+.3f} ms"
        )


async def show_replay(bench: Bench, kinds: list[str], sizes: list[int]) -> None:
    """Print how long a start and a replay take with so many runs stored."""
    print(f"\nreplay of one run ({FACTS_A_STORED_RUN} facts), picked at random out of those stored")
    for kind in kinds:
        peer = 0.0
        for stored in sizes:
            seconds, start = await replayed(bench, kind, stored)
            peer = peer or seconds
            print(
                f"  {kind:7} {stored:9,} stored   replay {seconds * 1e6:7.0f} us   start {start * 1000:6.1f} ms   "
                f"{seconds / peer:5.2f} x {kind} with {sizes[0]:,}"
            )


async def replayed(bench: Bench, kind: str, stored: int) -> tuple[float, float]:
    """Return the seconds of a replay and of a start, with so many runs stored."""
    place = f"stored{stored}"
    if kind == "sqlite":
        await asyncio.to_thread(fill_file, bench.file(place), stored)
    began = time.perf_counter()
    async with bench.log(kind, place) as log:
        start = time.perf_counter() - began
        if kind != "sqlite":
            await fill(log, stored)
        return await replay_seconds(log, stored), start


async def main(options: argparse.Namespace) -> None:
    """Print all figures."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with TemporaryDirectory() as directory, RedisServer(Path(directory)) as server:
        bench = Bench(Path(directory), server)
        print("SQLite: WAL, synchronous=FULL. Redis: on this machine, appendfsync always.")
        await show_facts(bench, options.logs, options.facts)
        await show_latency(bench, options.logs, options.facts // 5)
        await show_replay(bench, options.logs, options.stored)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What each log can take.")
    parser.add_argument(
        "--stored", type=int, nargs="+", default=[10, 10_000], help="runs stored before a replay"
    )
    parser.add_argument("--facts", type=int, default=2000, help="facts appended for a figure")
    parser.add_argument(
        "--logs", nargs="+", default=["memory", "sqlite", "redis"], help="the first is the peer"
    )
    asyncio.run(main(parser.parse_args()))
