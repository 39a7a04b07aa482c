"""A process that writes runs into a store until it is killed, and says what it was promised.

Each line on its output is written after the store's answer: `submitted KEY`, `appended KEY NAME`,
`finished KEY`.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage_helpers import DAY, draft, job

from lens_rx.settings import Settings
from lens_rx.storage.protocols import Lease, Log
from lens_rx.storage.sqlite.sqlite_storage import SqliteLog

FACTS_A_RUN = 6


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def work(log: Log, lease: Lease) -> None:
    for number in range(FACTS_A_RUN):
        name = f"{lease.job.key}/{number}"
        await log.append(lease, [draft(name)])
        say("appended", lease.job.key, name)
    await log.finish(lease, datetime.now(UTC) + DAY)
    say("finished", lease.job.key)


async def submit(log: Log, name: str) -> None:
    for number in range(10_000):
        await log.submit(job(f"{name}-{number}"), datetime.now(UTC))
        say("submitted", f"{name}-{number}")
        await asyncio.sleep(0.001 * await log.waiting())


async def serve(log: Log) -> None:
    while True:
        if lease := await log.claim("w", 1):
            await work(log, lease)


async def main(path: str, name: str) -> None:
    log = SqliteLog(Path(path), Settings())
    await log.start()
    say("open")
    await asyncio.gather(submit(log, name), *(serve(log) for _ in range(3)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
