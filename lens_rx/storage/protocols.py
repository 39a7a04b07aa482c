"""The log's protocol: jobs, leases, facts and kept stage results, whatever keeps them.

A *run* has a key. Each time it is analysed is a *generation* (1, 2, …), a sequence of entries (1, 2,
…). Whoever takes a photo submits a *job*; a free worker claims it with a *lease* and appends facts
under it; anybody follows the entries from any place. A lease that is not renewed in time passes to
another worker, which appends to the same generation: an entry is named by its `fact_id`, and an id
that is already there is not written twice.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from lens_rx.facts import Options, PhotoCopy
from lens_rx.facts.errors import LensRxError


class LeaseLost(LensRxError):
    """Another worker has the run now: what is appended under the old lease is refused."""


class StoreUnusable(LensRxError):
    """What should keep the log is in use, too old, too new or not ours; the words say what to do."""


class RunState(StrEnum):
    """Where a run's latest generation is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    ABANDONED = "abandoned"  # nobody listened, or its worker gave up: the next submit takes it up again


class SubmitOutcome(StrEnum):
    """What a submit led to."""

    STARTED = "started"
    JOINED = "joined"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a run: after entry `seq` of a generation; `Position()` is before everything."""

    generation: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A fact on its way into the log: `fact_id` is unique in a generation, `payload` is codec's."""

    fact_id: str
    observed_at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in the log, at its place."""

    position: Position
    observed_at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to run: the photos, in order, the options, and who asked (a fair share)."""

    key: str
    photos: tuple[PhotoCopy, ...]
    options: Options
    client: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a submit got: the generation to follow, and how it came about."""

    key: str
    generation: int
    how: SubmitOutcome


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to append to one generation; `token` grows with every claim and fences the late.

    `attempt` counts the claims of this generation that were not handed back: a job that kills its workers
    is known by it.
    """

    job: Job
    generation: int
    token: int
    worker: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run at a glance: its latest generation, how many entries that has, and until when it is fresh.

    `fresh_until` is None until the generation is complete. After it, a submit starts a new generation.
    """

    key: str
    generation: int
    state: RunState
    entries: int
    created_at: datetime
    fresh_until: datetime | None = None


class Log(Protocol):
    """All calls may raise `Unavailable` when what keeps the log is away; none hangs."""

    name: str

    async def start(self) -> None:
        """Open what keeps the log; runs that a dead process left are queued again."""
        ...

    async def aclose(self) -> None:
        """Close it; what is kept stays."""
        ...

    async def ready(self) -> bool:
        """Tell whether it can be written now."""
        ...

    async def submit(self, job: Job, now: datetime) -> Submission:
        """Join the run that is queued or running, replay one that is fresh, or queue a generation.

        An abandoned run is queued again in its own generation. Raises `Busy` when the queue or the
        client's share of it is full. Atomic over everybody who shares the log.
        """
        ...

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose lease ran out; None after `wait_seconds` without any."""
        ...

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease; tell whether anybody listens to the run now. Raises `LeaseLost`."""
        ...

    async def append(self, lease: Lease, drafts: Sequence[NewEntry]) -> None:
        """Write facts, in order, and wake the followers; ids already there are passed over.

        Raises `LeaseLost`. When it returns, the facts are as safe as this log makes them.
        """
        ...

    async def finish(self, lease: Lease, fresh_until: datetime) -> None:
        """End the generation as complete; the photos go. Raises `LeaseLost`."""
        ...

    async def abandon(self, lease: Lease) -> None:
        """End the generation unfinished, because nobody listens; its entries and photos stay."""
        ...

    async def hand_back(self, lease: Lease) -> None:
        """Put the job back first in the queue, for another worker; the claim does not count as an attempt."""
        ...

    def follow(self, key: str, after: Position) -> AsyncGenerator[Entry, None]:
        """Yield the entries of `after.generation` (0: the latest) behind `after.seq`, then live ones.

        Ends when that generation is complete or abandoned, or was replaced by a newer one. Raises
        `NotFound` for a key that is not there.
        """
        ...

    async def watch(self, keys: Collection[str], seconds: float) -> None:
        """Say that somebody here listens to these runs, for the next `seconds`."""
        ...

    async def head(self, key: str) -> RunInfo | None:
        """Return the run at a glance, None where there is none; counts as a use of it."""
        ...

    async def heads(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first; `before` is the last head of the page before."""
        ...

    async def forget(self, key: str) -> bool:
        """Remove a run and its photos, running or not; tell whether there was one."""
        ...

    async def adopt(self, head: RunInfo, entries: Sequence[Entry]) -> bool:
        """Keep a finished run that was made elsewhere; False where the run is there already."""
        ...

    async def waiting(self) -> int:
        """Return how many jobs wait for a worker."""
        ...

    async def recall(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's kept result, None where there is none or it is over its lifetime."""
        ...

    async def keep(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep a stage's result."""
        ...

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to make a stage's result; False while another owner has it."""
        ...

    async def release(self, key: str, owner: str) -> None:
        """Give that right back."""
        ...
