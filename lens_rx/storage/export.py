"""Finished runs as JSON lines, to be carried from one log to another, byte for byte.

A run is a line with its head, `{"run": 1, "key": …, "generation": …, "entries": n, …}`, then n lines
`{"observed_at": …, "payload": "…"}`, in order; the payload is the text that is kept. One file holds
any number of runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import orjson

from lens_rx.facts.errors import BadRequest, NotFound
from lens_rx.storage.protocols import Entry, Log, Position, RunInfo, RunState

FORMAT = 1
#: Heads that are asked for at a time.
PAGE = 500


async def export_run(log: Log, key: str) -> bytes:
    """Return a finished run's lines; raise `NotFound` where there is none, `BadRequest` while it runs."""
    head = await log.head(key)
    if head is None:
        raise NotFound("There is no such run.")
    if head.state is not RunState.COMPLETE:
        raise BadRequest(f"This run is {head.state}; only a complete one can be exported.")
    entries = [entry async for entry in log.follow(key, Position(head.generation))]
    if len(entries) != head.entries:
        raise NotFound("This run was replaced meanwhile.")
    return b"".join(_lines(head, entries))


async def export_runs(log: Log) -> AsyncIterator[bytes]:
    """Yield the lines of every finished run, newest first, a run at a time."""
    page = await log.heads(PAGE)
    while page:
        for head in page:
            with suppress(NotFound, BadRequest):  # gone or begun again since the page was read
                yield await export_run(log, head.key)
        page = await log.heads(PAGE, page[-1])


async def import_runs(log: Log, lines: Iterable[bytes]) -> int:
    """Keep every run of an export that is not there yet; return how many that were.

    Raises `BadRequest` at the first line that is not one of an export, with its number; runs before
    it are kept.
    """
    adopted = 0
    for head, entries in _runs(lines):
        adopted += await log.adopt(head, entries)
    return adopted


def _lines(head: RunInfo, entries: Iterable[Entry]) -> Iterator[bytes]:
    told = {
        "run": FORMAT,
        "key": head.key,
        "generation": head.generation,
        "entries": head.entries,
        "created_at": head.created_at,
        "fresh_until": head.fresh_until,
    }
    yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
    for entry in entries:
        line = {"observed_at": entry.observed_at, "payload": entry.payload.decode()}
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _runs(lines: Iterable[bytes]) -> Iterator[tuple[RunInfo, list[Entry]]]:
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    for number, line in numbered:
        head = _head(_object(number, line), number)
        entries = [
            _entry(_object(number, line), Position(head.generation, seq), number)
            for seq, (number, line) in zip(range(1, head.entries + 1), numbered, strict=False)
        ]
        if len(entries) < head.entries:
            raise BadRequest("The export ends in the middle of a run.")
        yield head, entries


def _object(number: int, line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Line {number} is not JSON.") from error
    if not isinstance(value, dict):
        raise BadRequest(f"Line {number} is not of an export.")
    return value


def _head(line: dict[str, Any], number: int) -> RunInfo:
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


def _entry(line: dict[str, Any], position: Position, number: int) -> Entry:
    try:
        read_at = datetime.fromisoformat(line["observed_at"])
        return Entry(position, read_at, line["payload"].encode())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest(f"Line {number} is not a fact.") from error
