"""Finished runs as JSON lines, to be carried from one storage to another, byte for byte.

A run is a first line, `{"run": 1, "key": …, "generation": …, "entries": n, …}`, then n lines
`{"observed_at": …, "payload": "…"}`, in order; the payload is the text that is stored. One file holds
any number of runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

import orjson

from lens_rx.facts.errors import BadRequest, NotFound
from lens_rx.storage.protocols import EventLog, RunIndex
from lens_rx.storage.records import Entry, Position, RunInfo, RunState, StoredRun

FORMAT = 1
#: Runs that are listed at a time.
PAGE_SIZE = 500


class ExportableStorage(EventLog, RunIndex, Protocol):
    """What an export or import needs of the storage."""


async def export_run(storage: EventLog, key: str) -> bytes:
    """Return a finished run's lines; raise `NotFound` where there is none, `BadRequest` while it runs."""
    run = await storage.read(key)
    if run is None:
        raise NotFound("There is no such run.")
    if run.info.state is not RunState.COMPLETE:
        raise BadRequest(f"This run is {run.info.state}; only a complete one can be exported.")
    return b"".join(_lines(run))


async def export_runs(storage: ExportableStorage) -> AsyncIterator[bytes]:
    """Yield the lines of every finished run, newest first, a run at a time."""
    page = await storage.list_runs(PAGE_SIZE)
    while page:
        for info in page:
            with suppress(NotFound, BadRequest):  # deleted or started again since the page was read
                yield await export_run(storage, info.key)
        page = await storage.list_runs(PAGE_SIZE, page[-1])


async def import_runs(storage: RunIndex, lines: Iterable[bytes]) -> int:
    """Store every run of an export that is not there yet; return how many those were.

    Raises `BadRequest` at the first line that is not one of an export, with its number; the runs before it are
    stored.
    """
    imported = 0
    for run in _parse_runs(lines):
        imported += await storage.import_run(run.info, run.entries)
    return imported


def _lines(run: StoredRun) -> Iterator[bytes]:
    info = run.info
    first = {
        "run": FORMAT,
        "key": info.key,
        "generation": info.generation,
        "entries": info.entries,
        "created_at": info.created_at,
        "fresh_until": info.fresh_until,
    }
    yield orjson.dumps(first, option=orjson.OPT_APPEND_NEWLINE)
    for entry in run.entries:
        line = {"observed_at": entry.observed_at, "payload": entry.payload.decode()}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _parse_runs(lines: Iterable[bytes]) -> Iterator[StoredRun]:
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    for number, line in numbered:
        info = _parse_run_info(_parse_object(number, line), number)
        entries = [
            _parse_entry(_parse_object(number, line), Position(info.generation, seq), number)
            for seq, (number, line) in zip(range(1, info.entries + 1), numbered, strict=False)
        ]
        if len(entries) < info.entries:
            raise BadRequest("The export ends in the middle of a run.")
        yield StoredRun(info, entries)


def _parse_object(number: int, line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Line {number} is not JSON.") from error
    if not isinstance(value, dict):
        raise BadRequest(f"Line {number} is not of an export.")
    return value


def _parse_run_info(line: dict[str, Any], number: int) -> RunInfo:
    try:
        if line["run"] != FORMAT:
            raise BadRequest(f"Line {number} is of another version's export.")
        return RunInfo(
            str(line["key"]),
            int(line["generation"]),
            RunState.COMPLETE,
            int(line["entries"]),
            datetime.fromisoformat(line["created_at"]),
            datetime.fromisoformat(line["fresh_until"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest(f"Line {number} is not the head of a run.") from error


def _parse_entry(line: dict[str, Any], position: Position, number: int) -> Entry:
    try:
        read_at = datetime.fromisoformat(line["observed_at"])
        return Entry(position, read_at, line["payload"].encode())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest(f"Line {number} is not a fact.") from error
