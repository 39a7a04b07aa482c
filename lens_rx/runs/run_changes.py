"""Changes of a run after the fact: each makes a new generation of the same key, at once or by a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Protocol

from lens_rx.facts import Caption, Matches, Options, Stage
from lens_rx.facts.changes import Change, ChangeKind, RunHistory
from lens_rx.facts.errors import Conflict, NotFound, Unprocessable
from lens_rx.metrics import Metrics
from lens_rx.operators.identify import named_by
from lens_rx.runs.change_request import ChangeAuthor, ChangeRequest, refresh
from lens_rx.runs.freshness import Freshness
from lens_rx.runs.kept_facts import NAME_STAGES, PHOTO_STAGES, first_entries, has_ended, is_reusable
from lens_rx.runs.reestimated_entries import reestimated_entries
from lens_rx.runs.run_record import RunRecord
from lens_rx.settings import Settings
from lens_rx.storage.protocols import EventLog, JobQueue
from lens_rx.storage.records import Job, RunState, Submission
from lens_rx.storage.revisions import CHANGED, LIVE, MISSING, Revision, refusal

#: How often a change is tried again that another one came before.
MAX_TRIES = 5
UNFINISHED = "This run was not finished. Send the photo again, and it goes on."
NO_EVIDENCE = "Nothing is known of the photo. Say both producer and model, or send the photo again."
#: The stages whose facts a generation may keep.
_KEPT_STAGES = (*PHOTO_STAGES, *NAME_STAGES)


class RevisableStorage(JobQueue, EventLog, Protocol):
    """What changes need of the storage."""


class RunChanges:
    """Makes the new generation of a change: from stored evidence at once, or queued for a worker.

    What names the thing, and a refresh, is a worker's; everything else is computed here, in a thread.
    """

    def __init__(self, storage: RevisableStorage, settings: Settings, metrics: Metrics) -> None:
        self._storage = storage
        self._settings = settings
        self._metrics = metrics

    async def apply(self, key: str, request: ChangeRequest, author: ChangeAuthor) -> Submission:
        """Change a run and return its new generation.

        Raises `NotFound` for no such run or comparable, `Conflict` where it is live or others keep changing it,
        `Unprocessable` where nothing would change, `Busy` or `Unavailable`.
        """
        for _ in range(MAX_TRIES):
            if submission := await self._try_once(key, request, author):
                return submission
        raise refusal(CHANGED)

    async def resubmit(
        self, job: Job, author: ChangeAuthor, refreshed: tuple[Stage, ...] = ()
    ) -> Submission | None:
        """Begin the generation of an upload whose run was changed before, so that what was said stays in force.

        `refreshed` are stages that are to run anew, of a run that is fresh as well. Returns None where the upload is to
        be submitted as any other. Raises `Busy` or `Unavailable`.
        """
        now = datetime.now(UTC)
        try:
            run = await self._storage.read(job.key)
        except NotFound:  # Redis has evicted entries of it
            return None
        if run is None or run.info.is_live:
            return None
        if not refreshed and (run.info.state is RunState.ABANDONED or run.info.is_fresh(now)):
            return None
        record = await asyncio.to_thread(RunRecord.of, run)
        changes = refresh(refreshed)(record, author.name, now) if refreshed else []
        history = record.history.with_changes(changes)
        if not history.changes:
            return None
        kept = _not_in(refreshed) if refreshed else self._reusable(record, now)
        entries = first_entries(record, history, kept)
        return await self._revise(Revision(job.key, run.info.generation, entries, job), changes, now)

    async def _try_once(self, key: str, request: ChangeRequest, author: ChangeAuthor) -> Submission | None:
        """Change a run as it is now; return None where another change came before."""
        record, now = await self._read(key), datetime.now(UTC)
        changes = request(record, author.name, now)
        return await self._revise(await self._revision(record, changes, author), changes, now)

    async def _revise(
        self, revision: Revision, changes: Sequence[Change], now: datetime
    ) -> Submission | None:
        """Store a generation and count the changes that it makes; return None where another one came before."""
        try:
            submission = await self._storage.revise(revision, now)
        except Conflict:
            return None
        for change in changes:
            self._metrics.changes.labels(change.kind).inc()
        return submission

    async def _read(self, key: str) -> RunRecord:
        run = await self._storage.read(key)
        if run is None:
            raise refusal(MISSING)
        if run.info.is_live:
            raise refusal(LIVE)
        record = await asyncio.to_thread(RunRecord.of, run)
        if run.info.state is RunState.ABANDONED and not all(
            has_ended(it, record.facts) for it in PHOTO_STAGES
        ):
            raise Conflict(UNFINISHED)
        return record

    async def _revision(self, record: RunRecord, changes: Sequence[Change], author: ChangeAuthor) -> Revision:
        history = record.history.with_changes(changes)
        info, kept = record.info, _kept_stages(record, history, changes)
        if kept is None:
            entries = await asyncio.to_thread(reestimated_entries, record, history, self._settings.currency)
            return Revision(
                info.key, info.generation, entries, options=record.options, fresh_until=info.fresh_until
            )
        _check_evidence(record, history.effective().options)
        job = Job(info.key, (), record.options, author.client)
        return Revision(info.key, info.generation, first_entries(record, history, kept), job)

    def _reusable(self, record: RunRecord, now: datetime) -> tuple[Stage, ...]:
        """Return the stages of the photo whose results are as fresh as those that would be reused anyway."""
        freshness = Freshness(self._settings)
        return tuple(
            stage
            for stage in PHOTO_STAGES
            if is_reusable(stage, record.facts, now, freshness.lifetime(stage).seconds)
        )


def _kept_stages(
    record: RunRecord, history: RunHistory, changes: Sequence[Change]
) -> tuple[Stage, ...] | None:
    """Return the stages that need not run again; None where the stored facts are enough for the new generation."""
    refreshed = next((it.stages for it in changes if it.kind is ChangeKind.REFRESH), None)
    if refreshed is not None:
        return _not_in(refreshed)
    before, after = record.history.effective().options, history.effective().options
    if _name_inputs(before) != _name_inputs(after):
        return PHOTO_STAGES
    return None if record.info.state is RunState.COMPLETE else _KEPT_STAGES


def _not_in(stages: Collection[Stage]) -> tuple[Stage, ...]:
    return tuple(stage for stage in _KEPT_STAGES if stage not in stages)


def _name_inputs(options: Options) -> tuple[str, ...]:
    """Return the options that decide the name of the thing."""
    named = named_by(options)
    return (named.producer, named.model) if named else (options.producer, options.model, options.hint)


def _check_evidence(record: RunRecord, options: Options) -> None:
    """Raise `Unprocessable` where, without the photo, nothing could name the thing."""
    is_seen = any(isinstance(it, Matches | Caption) for it in record.facts)
    if not (is_seen or options.hint or named_by(options)):
        raise Unprocessable(NO_EVIDENCE)
