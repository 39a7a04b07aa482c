"""A generation that is queued or running in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lens_rx.storage.records import Entry, Job, Lease, LeaseLost, NewEntry, Position, RunInfo, RunState
from lens_rx.storage.revisions import Revision
from lens_rx.storage.run_feed import RunFeed


@dataclass(slots=True, eq=False)
class LiveRun:
    """The entries so far, who holds the lease, and who follows.

    `ids` are the entries' fact ids, in their order. `failing_since`: when a write for the run first failed after one
    that did not. `lock` is held over every write, so that a position is given
    once. Times are the loop's.
    """

    job: Job
    generation: int
    created_at: datetime
    feed: RunFeed = field(default_factory=RunFeed)
    ids: dict[str, None] = field(default_factory=dict)
    state: RunState = RunState.QUEUED
    token: int = 0
    attempt: int = 0
    worker: str = ""
    claimed_at: float = 0.0
    expires_at: float = 0.0
    first_claimed_at: float | None = None
    failing_since: float | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of_revision(cls, revision: Revision, now: datetime) -> LiveRun:
        """Return the generation that a revision begins, with its entries."""
        run = cls(revision.stored_job, revision.generation, now)
        run.publish(run.number_new(revision.entries))
        return run

    @property
    def key(self) -> str:
        """The run's key."""
        return self.job.key

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries so far."""
        return self.feed.entries

    def info(self) -> RunInfo:
        """Return the run without its entries."""
        return RunInfo(self.key, self.generation, self.state, len(self.entries), self.created_at)

    def claim(self, worker: str, token: int, now: float, lease_seconds: float) -> Lease:
        """Give the run to a worker and return its lease."""
        self.state, self.worker, self.token = RunState.RUNNING, worker, token
        self.attempt += 1
        self.first_claimed_at = now if self.first_claimed_at is None else self.first_claimed_at
        self.claimed_at, self.expires_at = now, now + lease_seconds
        return Lease(self.job, self.generation, token, worker, self.attempt)

    def check_lease(self, lease: Lease) -> None:
        """Raise `LeaseLost` unless the lease is the one that was given last."""
        if self.state is not RunState.RUNNING or self.token != lease.token:
            raise LeaseLost("another worker has this run now")

    def number_new(self, entries: Iterable[NewEntry]) -> list[tuple[str, Entry]]:
        """Return the entries whose ids are new, each once, with the positions they will have."""
        new: dict[str, NewEntry] = {}
        for entry in entries:
            if entry.fact_id not in self.ids:
                new.setdefault(entry.fact_id, entry)
        return [
            (entry.fact_id, Entry(Position(self.generation, seq), entry.observed_at, entry.payload))
            for seq, entry in enumerate(new.values(), len(self.entries) + 1)
        ]

    def publish(self, written: Sequence[tuple[str, Entry]]) -> None:
        """Show entries that are written to everybody who follows."""
        self.ids.update((fact_id, None) for fact_id, _ in written)
        self.feed.publish(entry for _, entry in written)

    def end(self, state: RunState) -> None:
        """Complete everybody who follows."""
        self.state = state
        self.feed.end()
