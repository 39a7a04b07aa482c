"""What a log in one process needs of the thing that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.protocols import Entry, RunInfo

#: So many stage results are kept at most for each run that is.
RESULTS_A_RUN = 8


@dataclass(frozen=True, slots=True)
class Record:
    """A run as it is kept: its head and all entries of its generation."""

    head: RunInfo
    entries: Sequence[Entry]


class RunStore(Protocol):
    """Keeps runs and stage results, within bounds; a live run is never evicted.

    When a call returns, what it wrote is as safe as the shelf makes it. Calls for one key never overlap.
    """

    async def open(self) -> Sequence[LiveRun]:
        """Open it; return the runs that a dead process left queued or running, oldest first."""
        ...

    async def close(self) -> None:
        """Close it; what is kept stays."""
        ...

    async def ready(self) -> bool:
        """Tell whether it can be written now."""
        ...

    async def begin(self, run: LiveRun) -> None:
        """Keep a new generation and its photos, instead of an older one, or a revived one as live."""
        ...

    async def add(self, run: LiveRun, written: Sequence[tuple[str, Entry]]) -> None:
        """Keep facts, each with its id."""
        ...

    async def count(self, run: LiveRun) -> None:
        """Keep how many attempts were made at a run."""
        ...

    async def settle(self, head: RunInfo) -> None:
        """Keep how a generation ended; the photos of a complete one go. Evicts what is over bounds."""
        ...

    async def adopt(self, record: Record) -> None:
        """Keep a finished run from elsewhere, instead of what is there."""
        ...

    async def head(self, key: str) -> RunInfo | None:
        """Return the run at a glance; counts as a use of it."""
        ...

    async def read(self, key: str) -> Record | None:
        """Return the whole run; counts as a use of it."""
        ...

    async def revive(self, key: str) -> LiveRun | None:
        """Return an abandoned run with its photos, as it was; None where it is not there."""
        ...

    async def heads(self, limit: int, before: RunInfo | None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first; those older than `before` where it is given."""
        ...

    async def drop(self, key: str) -> bool:
        """Remove a run and its photos; tell whether there was one."""
        ...

    async def recall(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's kept result that is within its lifetime."""
        ...

    async def keep(self, key: str, payload: bytes, until: datetime) -> None:
        """Keep a stage's result."""
        ...
