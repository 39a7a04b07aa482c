"""A generation that is queued or running in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lens_rx.storage.protocols import Entry, Job, Lease, LeaseLost, NewEntry, Position, RunInfo, RunState
from lens_rx.storage.signal import Signal


@dataclass(slots=True, eq=False)
class LiveRun:
    """What was found so far, who holds the lease, and the bell for those who follow.

    `ids` are the entries' fact ids, in their order.
    `lock` is held over every write, so that a place is given once. Times are the loop's.
    """

    job: Job
    generation: int
    created_at: datetime
    entries: list[Entry] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)
    state: RunState = RunState.QUEUED
    token: int = 0
    attempt: int = 0
    worker: str = ""
    claimed_at: float = 0.0
    expires_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    changed: Signal = field(default_factory=Signal)

    @property
    def key(self) -> str:
        """The run's key."""
        return self.job.key

    @property
    def over(self) -> bool:
        """True when nothing more will be added here."""
        return self.state in (RunState.COMPLETE, RunState.ABANDONED)

    def head(self) -> RunInfo:
        """Return the run at a glance."""
        return RunInfo(self.key, self.generation, self.state, len(self.entries), self.created_at)

    def claimed(self, worker: str, token: int, now: float, lease_seconds: float) -> Lease:
        """Give the run to a worker and return its lease."""
        self.state, self.worker, self.token = RunState.RUNNING, worker, token
        self.attempt += 1
        self.claimed_at, self.expires_at = now, now + lease_seconds
        return Lease(self.job, self.generation, token, worker, self.attempt)

    def check(self, lease: Lease) -> None:
        """Raise `LeaseLost` unless the lease is the one that was given last."""
        if self.state is not RunState.RUNNING or self.token != lease.token:
            raise LeaseLost("another worker has this run now")

    def numbered(self, drafts: Iterable[NewEntry]) -> list[tuple[str, Entry]]:
        """Return the drafts whose ids are new, each once, with the places they will have."""
        fresh: dict[str, NewEntry] = {}
        for draft in drafts:
            if draft.fact_id not in self.ids:
                fresh.setdefault(draft.fact_id, draft)
        return [
            (draft.fact_id, Entry(Position(self.generation, seq), draft.observed_at, draft.payload))
            for seq, draft in enumerate(fresh.values(), len(self.entries) + 1)
        ]

    def publish(self, written: Sequence[tuple[str, Entry]]) -> None:
        """Show entries that are written to everybody who follows."""
        for fact_id, entry in written:
            self.ids[fact_id] = None
            self.entries.append(entry)
        self.changed.notify_all()

    def end(self, state: RunState) -> None:
        """Let every follower end once it has read all."""
        self.state = state
        self.changed.notify_all()

    async def follow(self, seq: int) -> AsyncGenerator[Entry, None]:
        """Yield the entries behind `seq`, then live ones, until the run is over."""
        while True:
            while seq < len(self.entries):
                yield self.entries[seq]
                seq += 1
            if self.over:
                return
            await self.changed.wait()
