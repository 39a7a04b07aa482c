"""Calls on the SQLite file that come together share one change of thread, and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from lens_rx.storage.sqlite.database_file import SqliteFile


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[SqliteFile]:
    """Open a store of its own."""
    opened = await asyncio.to_thread(SqliteFile, tmp_path / "runs.db")
    yield opened
    await opened.close()


def count_runs(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])


def add(what: str) -> Callable[[sqlite3.Connection], Any]:
    return lambda connection: connection.execute("INSERT INTO totals VALUES (?, 0, 0)", (what,)).rowcount


def fail(_: sqlite3.Connection) -> None:
    raise sqlite3.OperationalError("of this one alone")


async def transactions(connection: sqlite3.Connection, calls: list[Any]) -> list[str]:
    """Return the statements that begin or end a transaction while calls that were made at once are in progress."""
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    await asyncio.gather(*calls, return_exceptions=True)
    connection.set_trace_callback(None)
    return [it for it in seen if it.split()[0] in ("BEGIN", "COMMIT", "ROLLBACK")]


async def test_reads_that_come_together_are_one_transaction(file: SqliteFile):
    """Eight reads at once are one snapshot; one alone is one, too."""
    reading = file._reading
    assert await transactions(reading, [file.read(count_runs) for _ in range(8)]) == ["BEGIN", "ROLLBACK"]
    assert await transactions(reading, [file.read(count_runs)]) == ["BEGIN", "ROLLBACK"]


async def test_a_read_that_fails_fails_alone(file: SqliteFile):
    """Its neighbours of the same snapshot have their results."""
    first, failed, last = await asyncio.gather(
        file.read(count_runs), file.read(fail), file.read(count_runs), return_exceptions=True
    )
    assert (first, last) == (0, 0)
    assert isinstance(failed, sqlite3.OperationalError)


async def test_a_write_that_fails_fails_alone(file: SqliteFile):
    """Its neighbours of the same commit are on the disk."""
    first, failed, last = await asyncio.gather(
        file.write(add("a")), file.write(fail), file.write(add("b")), return_exceptions=True
    )
    assert (first, last) == (1, 1)
    assert isinstance(failed, sqlite3.OperationalError)
    kept = await file.read(
        lambda it: it.execute("SELECT count(*) FROM totals WHERE what IN ('a', 'b')").fetchone()
    )
    assert kept == (2,)


async def test_a_read_sees_what_was_written_before_it(file: SqliteFile):
    """Also while reads of before are in progress."""
    held = Event()
    slow = asyncio.ensure_future(file.read(lambda _: held.wait(5)))
    await file.write(add("later"))
    after = asyncio.ensure_future(
        file.read(lambda it: it.execute("SELECT count(*) FROM totals WHERE what = 'later'").fetchone()[0])
    )
    await asyncio.sleep(0)
    held.set()
    assert (await slow, await after) == (True, 1)


async def test_a_cancelled_call_that_waits_is_not_made(file: SqliteFile):
    """What nobody waits for any more costs nothing, and the next one is made."""
    held, made = Event(), list[str]()
    slow = asyncio.ensure_future(file.read(lambda _: held.wait(5)))
    await asyncio.sleep(0.05)
    dropped = asyncio.ensure_future(file.read(lambda _: made.append("dropped")))
    last = asyncio.ensure_future(file.read(lambda _: made.append("last")))
    await asyncio.sleep(0)
    dropped.cancel()
    held.set()
    await asyncio.gather(slow, last)
    assert made == ["last"]


async def test_calls_given_up_while_the_disk_hangs_do_not_pile_up(file: SqliteFile):
    """Of two thousand reads that timed out meanwhile, some hundred at most are still held, and none is made."""
    held, made = Event(), list[int]()
    slow = asyncio.ensure_future(file.read(lambda _: held.wait(5)))
    await asyncio.sleep(0.05)
    for number in range(2000):
        given_up = asyncio.ensure_future(file.read(lambda _, number=number: made.append(number)))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.sleep(0)
    assert len(file._reads._waiting) < 512
    held.set()
    await slow
    assert (await file.read(count_runs), made) == (0, [])


async def test_a_file_closes_after_what_is_in_progress(tmp_path: Path):
    """Writes and reads that were queued have their results, and what comes later is an error that is told."""
    opened = await asyncio.to_thread(SqliteFile, tmp_path / "other.db")
    calls = [asyncio.ensure_future(it) for it in (opened.write(add("a")), opened.read(count_runs))]
    await asyncio.sleep(0)
    await opened.close()
    assert await asyncio.gather(*calls) == [1, 0]
    with pytest.raises(RuntimeError):
        await opened.read(count_runs)
