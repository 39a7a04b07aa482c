"""The four roles of the storage, and the whole of it. Callers take the role that they need.

All calls may raise `Unavailable` when what is behind the storage is away; none hangs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from reactivex import Observable

from lens_rx.storage.records import (
    Entry,
    Job,
    Lease,
    NewEntry,
    Position,
    RunInfo,
    StoredRun,
    Submission,
)
from lens_rx.storage.revisions import Revision


class JobQueue(Protocol):
    """Hands each job to one worker at a time."""

    async def submit(self, job: Job, now: datetime) -> Submission:
        """Join the run that is queued or running, replay one that is fresh, or queue a generation.

        An abandoned run is queued again in its own generation. Raises `Busy` when the queue or the client's share
        of it is full. Atomic over everybody who shares the storage.
        """
        ...

    async def revise(self, revision: Revision, now: datetime) -> Submission:
        """Put a new generation in place of an ended one, and complete everybody who follows that.

        Atomic over everybody who shares the storage. Raises `Conflict` where the run is live or its latest generation is
        another one, `NotFound` where there is no such run, `Busy` as `submit` does.
        """
        ...

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose lease ran out; None after `wait_seconds` without any."""
        ...

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease; return whether anybody watches the run now. Raises `LeaseLost`."""
        ...

    async def finish(self, lease: Lease, fresh_until: datetime) -> None:
        """End the generation as complete and delete the photos. Raises `LeaseLost`."""
        ...

    async def abandon(self, lease: Lease) -> None:
        """End the generation unfinished, because nobody watches; its entries and photos stay. Raises `LeaseLost`."""
        ...

    async def requeue(self, lease: Lease) -> None:
        """Put the job first in the queue, for another worker; the claim does not count as an attempt."""
        ...

    async def mark_watched(self, keys: Collection[str], seconds: float) -> None:
        """Note that somebody here watches these runs, for the next `seconds`."""
        ...

    async def count_waiting(self) -> int:
        """Return how many jobs wait for a worker."""
        ...


class EventLog(Protocol):
    """Holds the entries of each run's latest generation."""

    async def append(self, lease: Lease, entries: Sequence[NewEntry]) -> None:
        """Write facts, in order, then show them to followers; ids that are already there are passed over.

        Raises `LeaseLost`. When it returns, the facts are as safe as this storage makes them.
        """
        ...

    async def read(self, key: str) -> StoredRun | None:
        """Return a run with the entries that it has now, None where there is no such run; counts as a use of it."""
        ...

    def follow(self, key: str, after: Position) -> Observable[Entry]:
        """Return the entries of `after.generation` (0: the latest) behind `after.seq`, then live ones.

        Completes when that generation is complete or abandoned, or was replaced by a newer one. Fails as `NotFound`
        for a key that is not there.
        """
        ...


class RunIndex(Protocol):
    """Lists, deletes and imports runs."""

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries, None where there is none; counts as a use of it."""
        ...

    async def list_runs(self, limit: int, before: RunInfo | None = None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first; `before` is the last one of the previous page."""
        ...

    async def delete(self, key: str) -> bool:
        """Delete a run and its photos, running or not; return whether there was one."""
        ...

    async def import_run(self, info: RunInfo, entries: Sequence[Entry]) -> bool:
        """Store a finished run that was made elsewhere; False where the run is there already."""
        ...


class ResultCache(Protocol):
    """Holds results of stages, each with its own lifetime, and says who makes one."""

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result, None where there is none or its lifetime is over."""
        ...

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Store a stage's result."""
        ...

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to make a stage's result; False while another owner has it."""
        ...

    async def release(self, key: str, owner: str) -> None:
        """Give that right back."""
        ...


class Storage(JobQueue, EventLog, RunIndex, ResultCache, Protocol):
    """All four roles, opened and closed together."""

    name: str

    async def start(self) -> None:
        """Open it; runs that a dead process left are queued again."""
        ...

    async def aclose(self) -> None:
        """Close it; what is stored stays."""
        ...

    async def ready(self) -> bool:
        """Return whether it can be written now."""
        ...
