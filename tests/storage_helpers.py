"""Short names for what goes into a log and comes out of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta

from lens_rx.facts import Options, PhotoCopy
from lens_rx.storage.protocols import Entry, Job, Lease, Log, NewEntry, Position

OpenLog = Callable[..., Awaitable[Log]]

START = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
DAY = timedelta(days=1)
PHOTO = PhotoCopy("5ha", b"\xff\xd8 jpeg \x00\r\n", 40, 30)


def job(key: str = "run", client: str = "") -> Job:
    return Job(key, (PHOTO,), Options(country="DE", hint="größe 'M'"), client)


def draft(name: str) -> NewEntry:
    return NewEntry(name, START, f'{{"kind": "é", "fact": "{name}"}}'.encode())


def drafts(names: Iterable[str]) -> list[NewEntry]:
    return [draft(name) for name in names]


async def taken(log: Log, worker: str = "w") -> Lease:
    """Claim what must be there."""
    lease = await log.claim(worker, 2)
    assert lease is not None
    return lease


async def started(log: Log, key: str = "run") -> Lease:
    """Submit and claim."""
    await log.submit(job(key), datetime.now(UTC))
    return await taken(log)


async def finished(log: Log, key: str = "run", names: str = "abc") -> None:
    """Bring a run to its end, fresh for a day."""
    lease = await started(log, key)
    await log.append(lease, drafts(names))
    await log.finish(lease, datetime.now(UTC) + DAY)


async def told(log: Log, key: str = "run", after: Position = Position()) -> list[Entry]:  # noqa: B008
    """Return all that following yields until it ends."""
    return [entry async for entry in log.follow(key, after)]


def names(entries: Iterable[Entry]) -> str:
    """Return the one-letter names of what `drafts` made."""
    return "".join(entry.payload.decode()[-3] for entry in entries)
