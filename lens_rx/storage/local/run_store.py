"""What the storage of one process needs from memory or a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.records import Entry, RunInfo, StoredRun

#: Stage results that are stored at most, for each run that is.
RESULTS_A_RUN = 8


class RunStore(Protocol):
    """Stores runs and stage results, within bounds; a live run is never evicted.

    When a call returns, what it wrote is as safe as the store makes it. Calls for one key never overlap.
    """

    async def open(self) -> Sequence[LiveRun]:
        """Open it; return the runs that a dead process left queued or running, oldest first."""
        ...

    async def close(self) -> None:
        """Close it; what is stored stays."""
        ...

    async def ready(self) -> bool:
        """Return whether it can be written now."""
        ...

    async def create(self, run: LiveRun) -> None:
        """Write a new generation and its photos in place of an older one, or make an abandoned one live again."""
        ...

    async def append(self, run: LiveRun, written: Sequence[tuple[str, Entry]]) -> None:
        """Write entries, each with its fact id."""
        ...

    async def save_attempts(self, run: LiveRun) -> None:
        """Write how many attempts were made at a run."""
        ...

    async def save_end(self, info: RunInfo) -> None:
        """Write how a generation ended, delete the photos of a complete one, and evict what is over the bounds."""
        ...

    async def import_run(self, run: StoredRun) -> None:
        """Write a finished run from elsewhere in place of what is there."""
        ...

    async def run_info(self, key: str) -> RunInfo | None:
        """Return the run without its entries; counts as a use of it."""
        ...

    async def read(self, key: str) -> StoredRun | None:
        """Return the whole run; counts as a use of it."""
        ...

    async def load_abandoned(self, key: str) -> LiveRun | None:
        """Return an abandoned run with its photos, as it was; None where it is not there."""
        ...

    async def list_runs(self, limit: int, before: RunInfo | None) -> Sequence[RunInfo]:
        """Return the latest runs, newest first; those older than `before` where it is given."""
        ...

    async def delete(self, key: str) -> bool:
        """Delete a run and its photos; return whether there was one."""
        ...

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result that is within its lifetime."""
        ...

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Write a stage's result."""
        ...
