"""Stage results as rows, and the eviction of runs and results over the bounds."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta

from lens_rx.settings import Settings
from lens_rx.storage.local.run_store import RESULTS_A_RUN

#: Rows that are deleted in one transaction at most, so that a lowered bound is reached without a long pause.
EVICTED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many runs and bytes are stored at most, and for how many microseconds."""

    runs: int
    bytes: int
    age: int

    @classmethod
    def of(cls, settings: Settings) -> Bounds:
        """Return the bounds that the settings name."""
        age = timedelta(days=settings.kept_days) // timedelta(microseconds=1)
        return cls(settings.kept_runs, settings.kept_bytes, age)


def evict_runs(connection: sqlite3.Connection, bounds: Bounds, now: int) -> None:
    """Delete runs that ended too long ago, then the least recently used that are too many."""
    connection.execute(
        "DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE state <> 'queued' AND settled_at <= ? "
        "ORDER BY settled_at LIMIT ?)",
        (now - bounds.age, EVICTED_AT_ONCE),
    )
    for _ in range(EVICTED_AT_ONCE):
        if not _over_bounds(connection, "runs", bounds.runs, bounds.bytes):
            return
        connection.execute(
            "DELETE FROM runs WHERE id = "
            "(SELECT id FROM runs WHERE state <> 'queued' ORDER BY used_at, id LIMIT 1)"
        )


def get_result(connection: sqlite3.Connection, key: str, now: int) -> tuple[bytes, int] | None:
    """Return a stage's result that is within its lifetime, and when it was last used."""
    found: tuple[bytes, int] | None = connection.execute(
        "SELECT payload, used_at FROM results WHERE key = ? AND until > ?", (key, now)
    ).fetchone()
    return found


def touch_result(connection: sqlite3.Connection, key: str, now: int) -> None:
    """Note that a result was used."""
    connection.execute("UPDATE results SET used_at = ? WHERE key = ?", (now, key))


def put_result(connection: sqlite3.Connection, key: str, payload: bytes, until: int, now: int) -> None:
    """Write a stage's result."""
    connection.execute("DELETE FROM results WHERE key = ?", (key,))
    connection.execute("INSERT INTO results VALUES (?, ?, ?, ?)", (key, until, now, payload))


def evict_results(connection: sqlite3.Connection, bounds: Bounds, now: int) -> None:
    """Delete results over their lifetime, then the least recently used that are too many."""
    connection.execute(
        "DELETE FROM results WHERE key IN (SELECT key FROM results WHERE until <= ? ORDER BY until LIMIT ?)",
        (now, EVICTED_AT_ONCE),
    )
    for _ in range(EVICTED_AT_ONCE):
        if not _over_bounds(connection, "results", RESULTS_A_RUN * bounds.runs, bounds.bytes):
            return
        connection.execute(
            "DELETE FROM results WHERE key = (SELECT key FROM results ORDER BY used_at, key LIMIT 1)"
        )


def _over_bounds(connection: sqlite3.Connection, what: str, count: int, size: int) -> bool:
    kept, kept_bytes = connection.execute(
        "SELECT count, bytes FROM totals WHERE what = ?", (what,)
    ).fetchone()
    return bool(kept > count or kept_bytes > size)
