"""A new generation that a change makes in place of an ended one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lens_rx.facts import Options
from lens_rx.facts.errors import Conflict, NotFound, RequestError
from lens_rx.storage.records import NO_OPTIONS, Job, NewEntry, RunInfo

#: Why a revision is refused, as the storages name it.
MISSING: Final = "missing"
LIVE: Final = "live"
CHANGED: Final = "changed"


@dataclass(frozen=True, slots=True)
class Revision:
    """A generation that begins with `entries`, in place of the ended one of the number `replaces`.

    A worker goes on with it under `job`, whose photos may be none; without a job it is complete at once, with the
    `options` of the run, which are the job's otherwise, and fresh until `fresh_until`.
    """

    key: str
    replaces: int
    entries: Sequence[NewEntry]
    job: Job | None = None
    options: Options = NO_OPTIONS
    fresh_until: datetime | None = None

    @property
    def generation(self) -> int:
        """The number of the new generation."""
        return self.replaces + 1

    @property
    def stored_job(self) -> Job:
        """The job that is stored with the generation: of one that is complete at once the options alone."""
        return self.job or Job(self.key, (), self.options)

    def check(self, info: RunInfo | None) -> None:
        """Raise `Conflict` or `NotFound` where the run, as it is, cannot be revised so."""
        if info is None:
            raise refusal(MISSING)
        if info.is_live:
            raise refusal(LIVE)
        if info.generation != self.replaces:
            raise refusal(CHANGED)


def refusal(why: str) -> RequestError:
    """Return the error for why a revision is refused."""
    match why:
        case "live":
            return Conflict("This run is not finished yet. Wait until it is, then change it.", 1)
        case "changed":
            return Conflict("This run was changed meanwhile. Get it again, then change what it is now.")
        case _:
            return NotFound("No such run. Send the photo again.")
