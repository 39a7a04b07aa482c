"""Runs as they stand in Redis, to and fro."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import orjson
from pydantic import TypeAdapter

from lens_rx.facts import Options, PhotoCopy
from lens_rx.storage.protocols import Entry, Job, Lease, NewEntry, Position, RunInfo, RunState
from lens_rx.storage.timestamps import from_timestamp, to_timestamp

OPTIONS = TypeAdapter(Options)


def job_arguments(job: Job) -> list[bytes]:
    """Return options, what is told of the photos, and each photo's bytes."""
    told = [(photo.sha256, photo.width, photo.height) for photo in job.photos]
    return [
        OPTIONS.dump_json(job.options),
        orjson.dumps(told),
        *(photo.content for photo in job.photos),
    ]


def lease(answer: Sequence[bytes | int], worker: str) -> Lease:
    """Return the lease that `claim` answers."""
    key, generation, token, attempt, client, options, told, *contents = answer
    photos = tuple(
        PhotoCopy(sha256, bytes(content), width, height)
        for (sha256, width, height), content in zip(orjson.loads(_text(told)), contents, strict=True)
    )
    job = Job(_text(key), photos, OPTIONS.validate_json(_text(options)), _text(client))
    return Lease(job, int(generation), int(token), worker, int(attempt))


def head(answer: Sequence[bytes]) -> RunInfo:
    """Return the head that `read` and `heads` answer."""
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


def draft_arguments(drafts: Iterable[NewEntry]) -> list[str | bytes | int]:
    """Return id, time and payload of each fact, one after the other."""
    return [part for it in drafts for part in (it.fact_id, to_timestamp(it.observed_at), it.payload)]


def entry_arguments(entries: Iterable[Entry]) -> list[bytes | int]:
    """Return time and payload of each fact, one after the other."""
    return [part for it in entries for part in (to_timestamp(it.observed_at), it.payload)]


def entry(name: bytes, fields: Mapping[bytes, bytes], generation: int) -> Entry | None:
    """Return a fact of a stream; None for the mark of its end."""
    if b"fact" not in fields:
        return None
    seq = int(name.split(b"-")[0])
    return Entry(Position(generation, seq), from_timestamp(int(fields[b"at"])), fields[b"fact"])


def entries(answer: Sequence[tuple[bytes, Sequence[bytes]]], generation: int) -> list[Entry]:
    """Return the facts that `read` answers."""
    found = (entry(name, dict(zip(row[::2], row[1::2], strict=True)), generation) for name, row in answer)
    return [it for it in found if it]


def _text(part: bytes | int) -> str:
    return part.decode() if isinstance(part, bytes) else str(part)
