"""Runs as they are stored in Redis: arguments of the scripts, and what they return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from pydantic import TypeAdapter

from lens_rx.facts import Options, PhotoCopy
from lens_rx.facts.errors import Busy, NotFound
from lens_rx.storage.records import (
    NO_OPTIONS,
    Entry,
    Job,
    Lease,
    NewEntry,
    Position,
    RunInfo,
    RunState,
    StoredRun,
)
from lens_rx.storage.revisions import Revision
from lens_rx.storage.timestamps import from_timestamp, to_timestamp

OPTIONS_ADAPTER = TypeAdapter(Options)
_BUSY = {b"queue": "Too many photos are waiting.", b"client": "Too many of your photos are waiting."}


def job_arguments(job: Job) -> list[bytes]:
    """Return the options, hash and size of each photo, then each photo's bytes."""
    sizes = [(photo.sha256, photo.width, photo.height) for photo in job.photos]
    return [
        OPTIONS_ADAPTER.dump_json(job.options),
        orjson.dumps(sizes),
        *(photo.content for photo in job.photos),
    ]


def revision_arguments(revision: Revision) -> list[str | bytes | int]:
    """Return client, options, photos, fresh time and number of facts, then the facts, then each photo's bytes."""
    job = revision.stored_job
    options, sizes, *contents = job_arguments(job)
    fresh = to_timestamp(revision.fresh_until) if revision.fresh_until else 0
    head = (job.client, options, sizes if revision.job else b"", fresh, len(revision.entries))
    return [*head, *new_entry_arguments(revision.entries), *contents]


def check_not_busy(answer: Sequence[bytes]) -> None:
    """Raise `Busy` where `submit` or `revise` says so."""
    if answer[0] == b"busy":
        raise Busy(_BUSY[answer[1]], int(answer[2]))


def parse_lease(answer: Sequence[bytes | int], worker: str) -> Lease:
    """Return the lease from what `claim` returns."""
    key, generation, token, attempt, client, options, sizes, *contents = answer
    photos = tuple(
        PhotoCopy(sha256, bytes(content), width, height)
        for (sha256, width, height), content in zip(orjson.loads(_text(sizes)), contents, strict=True)
    )
    job = Job(_text(key), photos, OPTIONS_ADAPTER.validate_json(_text(options)), _text(client))
    return Lease(job, int(generation), int(token), worker, int(attempt))


def parse_run_info(answer: Sequence[bytes]) -> RunInfo:
    """Return the run from what `read_run` and `list_runs` return."""
    key, generation, state, entries, created, fresh = answer
    complete = RunState(state.decode()) is RunState.COMPLETE
    return RunInfo(
        key.decode(),
        int(generation),
        RunState(state.decode()),
        int(entries),
        from_timestamp(int(created)),
        from_timestamp(int(fresh)) if complete else None,
    )


def new_entry_arguments(entries: Iterable[NewEntry]) -> list[str | bytes | int]:
    """Return id, time and payload of each entry, one after the other."""
    return [part for it in entries for part in (it.fact_id, to_timestamp(it.observed_at), it.payload)]


def entry_arguments(entries: Iterable[Entry]) -> list[bytes | int]:
    """Return time and payload of each entry, one after the other."""
    return [part for it in entries for part in (to_timestamp(it.observed_at), it.payload)]


def parse_entry(name: bytes, fields: Mapping[bytes, bytes], generation: int) -> Entry | None:
    """Return an entry of a stream; None for an end mark."""
    if b"fact" not in fields:
        return None
    seq = int(name.split(b"-")[0])
    return Entry(Position(generation, seq), from_timestamp(int(fields[b"at"])), fields[b"fact"])


def parse_entries(answer: Sequence[tuple[bytes, Sequence[bytes]]], generation: int) -> list[Entry]:
    """Return the entries from what `read_run` returns."""
    found = (
        parse_entry(name, dict(zip(row[::2], row[1::2], strict=True)), generation) for name, row in answer
    )
    return [it for it in found if it]


def parse_run(answer: Sequence[Any], after: int) -> StoredRun:
    """Return the run from what `read_run` returns; raise `NotFound` where an ended one lacks entries after `after`."""
    info = parse_run_info(answer[0])
    entries = parse_entries(answer[1], info.generation)
    if not info.is_live and len(entries) < info.entries - after:
        raise NotFound("The storage has lost this run; send the photo again.")
    options = OPTIONS_ADAPTER.validate_json(answer[2]) if len(answer) > 2 and answer[2] else NO_OPTIONS
    return StoredRun(info, entries, options)


def _text(part: bytes | int) -> str:
    return part.decode() if isinstance(part, bytes) else str(part)
