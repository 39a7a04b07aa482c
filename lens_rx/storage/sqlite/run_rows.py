"""Runs as rows: each function works on a connection, within a transaction of its caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

from pydantic import TypeAdapter

from lens_rx.facts import Options, PhotoCopy
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.records import NO_OPTIONS, Entry, Job, Position, RunInfo, RunState, StoredRun
from lens_rx.storage.run_feed import RunFeed
from lens_rx.storage.sqlite.schema import SEQ_BITS
from lens_rx.storage.timestamps import from_timestamp, to_timestamp

OPTIONS_ADAPTER = TypeAdapter(Options)
#: A use is written at most once in so many microseconds, so that a replay is no write.
USE_INTERVAL = 60_000_000
NEVER = 2**63 - 1


class UnreadableRun(Exception):
    """An entry is missing or is not what was written."""


def check_writable(connection: sqlite3.Connection) -> None:
    """Write and delete a row."""
    connection.execute("INSERT INTO totals VALUES ('probe', 0, 0)")
    connection.execute("DELETE FROM totals WHERE what = 'probe'")


def insert_run(connection: sqlite3.Connection, run: LiveRun, now: int) -> None:
    """Write a generation with its photos and entries, in place of what is there under its key."""
    delete_run(connection, run.key)
    row = (
        run.key,
        run.generation,
        to_timestamp(run.created_at),
        now,
        run.job.client,
        OPTIONS_ADAPTER.dump_json(run.job.options),
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
    insert_facts(connection, run.key, list(zip(run.ids, run.entries, strict=True)))


def insert_runs(connection: sqlite3.Connection, runs: Iterable[LiveRun], now: int) -> None:
    """Write several generations."""
    for run in runs:
        insert_run(connection, run, now)


def insert_facts(connection: sqlite3.Connection, key: str, written: Sequence[tuple[str, Entry]]) -> None:
    """Write entries at their positions, in place of what an interrupted write left there."""
    (identity,) = connection.execute("SELECT id FROM runs WHERE key = ?", (key,)).fetchone()
    connection.executemany(
        "INSERT OR REPLACE INTO facts (place, fact_id, observed_at, checksum, payload) VALUES (?, ?, ?, ?, ?)",
        [_fact_row(identity, fact_id, entry) for fact_id, entry in written],
    )


def update_attempts(connection: sqlite3.Connection, key: str, attempt: int) -> None:
    """Write how many attempts were made at a run."""
    connection.execute("UPDATE runs SET attempt = ? WHERE key = ?", (attempt, key))


def update_end(connection: sqlite3.Connection, info: RunInfo, now: int) -> None:
    """Write how a generation ended, and delete the photos of a complete one."""
    (identity,) = connection.execute("SELECT id FROM runs WHERE key = ?", (info.key,)).fetchone()
    first, end = _place_range(identity)
    connection.execute("DELETE FROM facts WHERE place > ? AND place < ?", (first + info.entries, end))
    if info.state is RunState.COMPLETE:
        connection.execute("DELETE FROM photos WHERE place > ? AND place < ?", (first, end))
    (size,) = connection.execute(
        "SELECT (SELECT total(length(payload)) FROM facts WHERE place > :first AND place < :end) + "
        "(SELECT total(length(content)) FROM photos WHERE place > :first AND place < :end)",
        {"first": first, "end": end},
    ).fetchone()
    fresh_until = to_timestamp(info.fresh_until) if info.fresh_until else None
    connection.execute("UPDATE runs SET size = ?, entries = ? WHERE id = ?", (size, info.entries, identity))
    connection.execute(
        "UPDATE runs SET state = ?, fresh_until = ?, settled_at = ?, used_at = ?, attempt = 0 WHERE id = ?",
        (info.state, fresh_until, now, now, identity),
    )


def import_run(connection: sqlite3.Connection, run: StoredRun, now: int) -> None:
    """Write a whole finished run, in place of what is there under its key."""
    info, ids = run.info, dict.fromkeys(str(entry.position.seq) for entry in run.entries)
    job = Job(info.key, (), run.options)
    insert_run(connection, LiveRun(job, info.generation, info.created_at, RunFeed(run.entries), ids), now)
    update_end(connection, info, now)


def delete_run(connection: sqlite3.Connection, key: str) -> bool:
    """Delete a run with its entries and photos."""
    return connection.execute("DELETE FROM runs WHERE key = ?", (key,)).rowcount > 0


def touch_run(connection: sqlite3.Connection, key: str, now: int) -> None:
    """Write that a run was used."""
    connection.execute("UPDATE runs SET used_at = ? WHERE key = ?", (now, key))


def select_run_info(connection: sqlite3.Connection, key: str, too_old: int) -> tuple[RunInfo, int] | None:
    """Return the run without its entries and when it was last used; None where it ended too long ago."""
    row = connection.execute(
        "SELECT key, generation, state, entries, created_at, fresh_until, used_at, id FROM runs "
        "WHERE key = ? AND coalesce(settled_at, ?) >= ?",
        (key, too_old, too_old),
    ).fetchone()
    return (_run_info(connection, row), row[6]) if row else None


def select_run_infos(
    connection: sqlite3.Connection, limit: int, before: tuple[int, str], too_old: int
) -> Sequence[RunInfo]:
    """Return runs older than `before`, newest first."""
    rows = connection.execute(
        "SELECT key, generation, state, entries, created_at, fresh_until, used_at, id FROM runs "
        "WHERE (created_at, key) < (?, ?) AND coalesce(settled_at, ?) >= ? "
        "ORDER BY created_at DESC, key DESC LIMIT ?",
        (*before, too_old, too_old, limit),
    )
    return [_run_info(connection, row) for row in rows.fetchall()]


def read_run(connection: sqlite3.Connection, key: str, too_old: int) -> tuple[StoredRun, int] | None:
    """Return a whole run and when it was last used; raise `Unreadable` where a fact is damaged."""
    found = select_run_info(connection, key, too_old)
    if found is None:
        return None
    identity, options = connection.execute("SELECT id, options FROM runs WHERE key = ?", (key,)).fetchone()
    entries = list(_read_facts(connection, identity, found[0].generation).values())
    if len(entries) < found[0].entries:
        raise UnreadableRun
    return StoredRun(found[0], entries, _parse_options(options) or NO_OPTIONS), found[1]


def read_unfinished(connection: sqlite3.Connection) -> list[LiveRun]:
    """Return the runs that were queued or running, oldest first."""
    keys = connection.execute("SELECT key FROM runs WHERE state = 'queued' ORDER BY id").fetchall()
    return [run for (key,) in keys if (run := read_live_run(connection, key))]


def read_live_run(connection: sqlite3.Connection, key: str) -> LiveRun | None:
    """Return an unfinished run with its photos, and its entries up to the first damaged one.

    None where it is not there, or its options cannot be read.
    """
    row = connection.execute(
        "SELECT id, generation, created_at, client, options, attempt FROM runs WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    identity, generation, created_at, client, options, attempt = row
    photos = connection.execute(
        "SELECT sha256, content, width, height FROM photos WHERE place > ? AND place < ? ORDER BY place",
        _place_range(identity),
    )
    asked = _parse_options(options)
    if asked is None:
        return None
    job = Job(key, tuple(PhotoCopy(*photo) for photo in photos), asked, client)
    facts = _read_facts(connection, identity, generation)
    feed, ids = RunFeed(facts.values()), dict.fromkeys(facts)
    return LiveRun(job, generation, from_timestamp(created_at), feed, ids, attempt=attempt)


def _parse_options(text: bytes) -> Options | None:
    """Return stored options, None where they cannot be read."""
    try:
        return OPTIONS_ADAPTER.validate_json(text)
    except ValueError:
        return None


def _place_range(identity: int) -> tuple[int, int]:
    return identity << SEQ_BITS, (identity + 1) << SEQ_BITS


def _read_facts(connection: sqlite3.Connection, identity: int, generation: int) -> dict[str, Entry]:
    """Return the run's entries by fact id, in order, up to the first that is damaged or missing."""
    first, end = _place_range(identity)
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


def _fact_row(identity: int, fact_id: str, entry: Entry) -> tuple[int, str, int, int, bytes]:
    place = (identity << SEQ_BITS) + entry.position.seq
    read_at = to_timestamp(entry.observed_at)
    return place, fact_id, read_at, checksum(place, read_at, entry.payload), entry.payload


def checksum(place: int, observed_at: int, payload: bytes) -> int:
    """Return the checksum of an entry at its place and time."""
    return crc32(payload, (place ^ observed_at) & 0xFFFFFFFF)


def _run_info(
    connection: sqlite3.Connection, row: tuple[str, int, str, int, int, int | None, int, int]
) -> RunInfo:
    key, generation, state, entries, created_at, fresh_until, _, identity = row
    if state == RunState.QUEUED:
        (entries,) = connection.execute(
            "SELECT count(*) FROM facts WHERE place > ? AND place < ?", _place_range(identity)
        ).fetchone()
    until = None if fresh_until is None else from_timestamp(fresh_until)
    return RunInfo(key, generation, RunState(state), entries, from_timestamp(created_at), until)
