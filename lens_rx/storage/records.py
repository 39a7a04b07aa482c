"""What goes into the storage and comes out of it.

A *run* has a key. Each time it is analysed is a *generation* (1, 2, …), a sequence of entries (1, 2, …). Whoever
takes a photo submits a *job*; a free worker claims it with a *lease* and appends facts under it; anybody follows
the entries from any position. A lease that is not renewed in time passes to another worker, which appends to the
same generation: an entry is named by its `fact_id`, and one whose id is already there is not written twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lens_rx.facts import Options, PhotoCopy
from lens_rx.facts.errors import LensRxError

#: What is known where a run was imported.
NO_OPTIONS = Options()


class LeaseLost(LensRxError):
    """Another worker has the run now: what is appended under the old lease is refused."""


class StoreUnusable(LensRxError):
    """The file or server is in use, too old, too new or not ours; the message says what to do."""


class StoreInUse(StoreUnusable):
    """Another process has the file."""


class RunState(StrEnum):
    """Where a run's latest generation is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    ABANDONED = "abandoned"  # nobody watched, or its worker gave up: the next submit continues it


class SubmitOutcome(StrEnum):
    """What a submit led to."""

    STARTED = "started"
    JOINED = "joined"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A position in a run: after entry `seq` of a generation; `Position()` is before everything."""

    generation: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A fact that is to be appended: `fact_id` is unique in a generation, `payload` is what `codec.encode` wrote."""

    fact_id: str
    observed_at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored fact at its position."""

    position: Position
    observed_at: datetime
    payload: bytes


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to run: the photos, in order, the options, and the client, for its share of the queue."""

    key: str
    photos: tuple[PhotoCopy, ...]
    options: Options
    client: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a submit led to, and the generation to follow; `info` where the run was looked up for it."""

    key: str
    generation: int
    how: SubmitOutcome
    info: RunInfo | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to append to one generation; `token` grows with every claim and fences off earlier holders.

    `attempt` counts the claims of this generation that were not requeued: a job that kills its workers is known
    by it.
    """

    job: Job
    generation: int
    token: int
    worker: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run without its entries: its latest generation, how many entries that has, and until when it is fresh.

    `fresh_until` is None until the generation is complete. After it, a submit starts a new generation.
    """

    key: str
    generation: int
    state: RunState
    entries: int
    created_at: datetime
    fresh_until: datetime | None = None

    @property
    def is_live(self) -> bool:
        """True while the run is queued or running."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    def is_fresh(self, now: datetime) -> bool:
        """Return whether a submit at that time replays the run."""
        return self.fresh_until is not None and now < self.fresh_until


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run with the entries that its latest generation has so far, and the options of its submit.

    A run that was imported has no options.
    """

    info: RunInfo
    entries: Sequence[Entry]
    options: Options = NO_OPTIONS
