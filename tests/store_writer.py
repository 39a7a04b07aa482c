"""A process that writes runs into a store until it is killed, and says what it was promised.

Each line on its output is written after the store's answer: `submitted KEY`, `appended KEY NAME`,
`finished KEY`.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage_helpers import DAY, job, new_entry

from lens_rx.settings import Settings
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Lease
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage

FACTS_A_RUN = 6


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def work(storage: Storage, lease: Lease) -> None:
    for number in range(FACTS_A_RUN):
        name = f"{lease.job.key}/{number}"
        await storage.append(lease, [new_entry(name)])
        say("appended", lease.job.key, name)
    await storage.finish(lease, datetime.now(UTC) + DAY)
    say("finished", lease.job.key)


async def submit(storage: Storage, name: str) -> None:
    for number in range(10_000):
        await storage.submit(job(f"{name}-{number}"), datetime.now(UTC))
        say("submitted", f"{name}-{number}")
        await asyncio.sleep(0.001 * await storage.count_waiting())


async def serve(storage: Storage) -> None:
    while True:
        if lease := await storage.claim("w", 1):
            await work(storage, lease)


async def main(path: str, name: str) -> None:
    storage = SqliteStorage(Path(path), Settings())
    await storage.start()
    say("open")
    await asyncio.gather(submit(storage, name), *(serve(storage) for _ in range(3)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
