"""Short names for what goes into a storage and comes out of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from lens_rx.facts import Options, PhotoCopy
from lens_rx.reactive.interop import to_async_iterable
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Entry, Job, Lease, NewEntry, Position

OpenStorage = Callable[..., Awaitable[Storage]]

START = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
DAY = timedelta(days=1)
PHOTO = PhotoCopy("5ha", b"\xff\xd8 jpeg \x00\r\n", 40, 30)


class RawView:
    """A view that leaves entries as they are stored."""

    name = "raw"

    def encode(self, entry: Entry) -> bytes:
        return entry.payload


def job(key: str = "run", client: str = "") -> Job:
    return Job(key, (PHOTO,), Options(country="DE", hint="größe 'M'"), client)


def new_entry(name: str) -> NewEntry:
    return NewEntry(name, START, f'{{"kind": "é", "fact": "{name}"}}'.encode())


def new_entries(names: Iterable[str]) -> list[NewEntry]:
    return [new_entry(name) for name in names]


async def claim_one(storage: Storage, worker: str = "w") -> Lease:
    """Claim what must be there."""
    lease = await storage.claim(worker, 2)
    assert lease is not None
    return lease


async def start_run(storage: Storage, key: str = "run") -> Lease:
    """Submit and claim."""
    await storage.submit(job(key), datetime.now(UTC))
    return await claim_one(storage)


async def finish_run(storage: Storage, key: str = "run", names: str = "abc") -> None:
    """Bring a run to its end, fresh for a day."""
    lease = await start_run(storage, key)
    await storage.append(lease, new_entries(names))
    await storage.finish(lease, datetime.now(UTC) + DAY)


async def collect(storage: Storage, key: str = "run", after: Position = Position()) -> list[Entry]:  # noqa: B008
    """Return all entries that follow, until the generation ends."""
    return [entry async for entry in to_async_iterable(storage.follow(key, after))]


def names(entries: Iterable[Entry]) -> str:
    """Return the one-letter names of what `new_entries` made."""
    return "".join(entry.payload.decode()[-3] for entry in entries)
