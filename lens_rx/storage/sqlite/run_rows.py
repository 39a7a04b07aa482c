"""Runs as rows: each function is one piece of work on a connection, within a transaction of its caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

from pydantic import TypeAdapter

from lens_rx.facts import Options, PhotoCopy
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.local.run_store import Record
from lens_rx.storage.protocols import Entry, Job, Position, RunInfo, RunState
from lens_rx.storage.sqlite.schema import SEQ_BITS
from lens_rx.storage.timestamps import from_timestamp, to_timestamp

OPTIONS = TypeAdapter(Options)
#: A use is noted at most once in so many microseconds, so that a replay is no write.
USE_NOTED = 60_000_000
NEVER = 2**63 - 1


class Unreadable(Exception):
    """A fact is not what was written."""


def probe(connection: sqlite3.Connection) -> None:
    """Write, and leave nothing behind."""
    connection.execute("INSERT INTO totals VALUES ('probe', 0, 0)")
    connection.execute("DELETE FROM totals WHERE what = 'probe'")


def begin(connection: sqlite3.Connection, run: LiveRun, now: int) -> None:
    """Write a generation with all it has, instead of what is there under its key."""
    drop(connection, run.key)
    row = (
        run.key,
        run.generation,
        to_timestamp(run.created_at),
        now,
        run.job.client,
        OPTIONS.dump_json(run.job.options),
        run.attempt,
    )
    added = connection.execute(
        "INSERT INTO runs (key, generation, state, created_at, used_at, client, options, attempt) "
        "VALUES (?, ?, 'queued', ?, ?, ?, ?, ?)",
        row,
    )
    first = (added.lastrowid or 0) << SEQ_BITS
    photos = [(p.sha256, p.width, p.height, p.content) for p in run.job.photos]
    connection.executemany(
        "INSERT INTO photos (place, sha256, width, height, content) VALUES (?, ?, ?, ?, ?)",
        [(first + number, *photo) for number, photo in enumerate(photos, 1)],
    )
    add(connection, run.key, list(zip(run.ids, run.entries, strict=True)))


def begin_all(connection: sqlite3.Connection, runs: Iterable[LiveRun], now: int) -> None:
    """Write several generations."""
    for run in runs:
        begin(connection, run, now)


def add(connection: sqlite3.Connection, key: str, written: Sequence[tuple[str, Entry]]) -> None:
    """Write facts in their places; what a broken-off write left there goes."""
    (identity,) = connection.execute("SELECT id FROM runs WHERE key = ?", (key,)).fetchone()
    connection.executemany(
        "INSERT OR REPLACE INTO facts (place, fact_id, observed_at, checksum, payload) VALUES (?, ?, ?, ?, ?)",
        [_fact(identity, fact_id, entry) for fact_id, entry in written],
    )


def count(connection: sqlite3.Connection, key: str, attempt: int) -> None:
    """Write how many attempts were made at a run."""
    connection.execute("UPDATE runs SET attempt = ? WHERE key = ?", (attempt, key))


def settle(connection: sqlite3.Connection, head: RunInfo, now: int) -> None:
    """Write how a generation ended; the photos of a complete one go."""
    (identity,) = connection.execute("SELECT id FROM runs WHERE key = ?", (head.key,)).fetchone()
    first, end = _places(identity)
    connection.execute("DELETE FROM facts WHERE place > ? AND place < ?", (first + head.entries, end))
    if head.state is RunState.COMPLETE:
        connection.execute("DELETE FROM photos WHERE place > ? AND place < ?", (first, end))
    (size,) = connection.execute(
        "SELECT (SELECT total(length(payload)) FROM facts WHERE place > :first AND place < :end) + "
        "(SELECT total(length(content)) FROM photos WHERE place > :first AND place < :end)",
        {"first": first, "end": end},
    ).fetchone()
    fresh_until = to_timestamp(head.fresh_until) if head.fresh_until else None
    connection.execute("UPDATE runs SET size = ?, entries = ? WHERE id = ?", (size, head.entries, identity))
    connection.execute(
        "UPDATE runs SET state = ?, fresh_until = ?, settled_at = ?, used_at = ?, attempt = 0 WHERE id = ?",
        (head.state, fresh_until, now, now, identity),
    )


def adopt(connection: sqlite3.Connection, record: Record, now: int) -> None:
    """Write a whole finished run, instead of what is there under its key."""
    it = record.head
    ids = dict.fromkeys(str(entry.position.seq) for entry in record.entries)
    job = Job(it.key, (), Options())
    begin(connection, LiveRun(job, it.generation, it.created_at, list(record.entries), ids), now)
    settle(connection, record.head, now)


def drop(connection: sqlite3.Connection, key: str) -> bool:
    """Remove a run; its facts and photos go with it."""
    return connection.execute("DELETE FROM runs WHERE key = ?", (key,)).rowcount > 0


def touch(connection: sqlite3.Connection, key: str, now: int) -> None:
    """Note that a run was used."""
    connection.execute("UPDATE runs SET used_at = ? WHERE key = ?", (now, key))


def head(connection: sqlite3.Connection, key: str, too_old: int) -> tuple[RunInfo, int] | None:
    """Return the run at a glance and when it was last used; None where it ended too long ago."""
    row = connection.execute(
        "SELECT key, generation, state, entries, created_at, fresh_until, used_at, id FROM runs "
        "WHERE key = ? AND coalesce(settled_at, ?) >= ?",
        (key, too_old, too_old),
    ).fetchone()
    return (_head(connection, row), row[6]) if row else None


def heads(
    connection: sqlite3.Connection, limit: int, before: tuple[int, str], too_old: int
) -> Sequence[RunInfo]:
    """Return runs behind the place `before`, newest first."""
    rows = connection.execute(
        "SELECT key, generation, state, entries, created_at, fresh_until, used_at, id FROM runs "
        "WHERE (created_at, key) < (?, ?) AND coalesce(settled_at, ?) >= ? "
        "ORDER BY created_at DESC, key DESC LIMIT ?",
        (*before, too_old, too_old, limit),
    )
    return [_head(connection, row) for row in rows.fetchall()]


def read(connection: sqlite3.Connection, key: str, too_old: int) -> tuple[Record, int] | None:
    """Return a whole run and when it was last used; raise `Unreadable` where a fact is damaged."""
    found = head(connection, key, too_old)
    if found is None:
        return None
    (identity,) = connection.execute("SELECT id FROM runs WHERE key = ?", (key,)).fetchone()
    entries = list(_facts(connection, identity, found[0].generation).values())
    if len(entries) < found[0].entries:
        raise Unreadable
    return Record(found[0], entries), found[1]


def unfinished(connection: sqlite3.Connection) -> list[LiveRun]:
    """Return the runs that were queued or running, oldest first."""
    keys = connection.execute("SELECT key FROM runs WHERE state = 'queued' ORDER BY id").fetchall()
    return [run for (key,) in keys if (run := revived(connection, key))]


def revived(connection: sqlite3.Connection, key: str) -> LiveRun | None:
    """Return an unfinished run with its photos, and its facts up to the first damaged one.

    None where it is not there, or what the user said cannot be read.
    """
    row = connection.execute(
        "SELECT id, generation, created_at, client, options, attempt FROM runs WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    identity, generation, created_at, client, options, attempt = row
    photos = connection.execute(
        "SELECT sha256, content, width, height FROM photos WHERE place > ? AND place < ? ORDER BY place",
        _places(identity),
    )
    try:
        said = OPTIONS.validate_json(options)
    except ValueError:
        return None
    job = Job(key, tuple(PhotoCopy(*photo) for photo in photos), said, client)
    facts = _facts(connection, identity, generation)
    entries, ids = list(facts.values()), dict.fromkeys(facts)
    return LiveRun(job, generation, from_timestamp(created_at), entries, ids, attempt=attempt)


def _places(identity: int) -> tuple[int, int]:
    return identity << SEQ_BITS, (identity + 1) << SEQ_BITS


def _facts(connection: sqlite3.Connection, identity: int, generation: int) -> dict[str, Entry]:
    """Return the run's facts by their ids, in order, up to the first that is damaged or missing."""
    first, end = _places(identity)
    rows = connection.execute(
        "SELECT place, fact_id, observed_at, checksum, payload FROM facts "
        "WHERE place > ? AND place < ? ORDER BY place",
        (first, end),
    )
    facts: dict[str, Entry] = {}
    for seq, (place, fact_id, observed_at, expected, payload) in enumerate(rows, 1):
        if place != first + seq or checksum(place, observed_at, payload) != expected:
            break
        facts[fact_id] = Entry(Position(generation, seq), from_timestamp(observed_at), payload)
    return facts


def _fact(identity: int, fact_id: str, entry: Entry) -> tuple[int, str, int, int, bytes]:
    place = (identity << SEQ_BITS) + entry.position.seq
    read_at = to_timestamp(entry.observed_at)
    return place, fact_id, read_at, checksum(place, read_at, entry.payload), entry.payload


def checksum(place: int, observed_at: int, payload: bytes) -> int:
    """Return what tells a fact, at its place and time, from a damaged one."""
    return crc32(payload, (place ^ observed_at) & 0xFFFFFFFF)


def _head(
    connection: sqlite3.Connection, row: tuple[str, int, str, int, int, int | None, int, int]
) -> RunInfo:
    key, generation, state, entries, created_at, fresh_until, _, identity = row
    if state == RunState.QUEUED:
        (entries,) = connection.execute(
            "SELECT count(*) FROM facts WHERE place > ? AND place < ?", _places(identity)
        ).fetchone()
    until = None if fresh_until is None else from_timestamp(fresh_until)
    return RunInfo(key, generation, RunState(state), entries, from_timestamp(created_at), until)
