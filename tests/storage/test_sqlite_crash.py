"""The SQLite store after crashes, damage and misuse."""

from __future__ import annotations

import asyncio
import random
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from schedules import Schedule, schedules
from storage_helpers import (
    PHOTO,
    claim_one,
    collect,
    finish_run,
    job,
    names,
    new_entries,
    new_entry,
    start_run,
)
from store_writer import FACTS_A_RUN
from structlog.testing import capture_logs

from lens_rx.facts.errors import NotFound, Unavailable
from lens_rx.reactive.interop import to_async_iterable
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Position, RunState, StoreUnusable, SubmitOutcome
from lens_rx.storage.sqlite.sqlite_storage import ReadOnlySqliteStorage, SqliteStorage


async def killed_writer(store: Path, name: str, seconds: float) -> list[list[str]]:
    """Let a process write for so long after it opened the store; return what it was promised."""
    script = Path(__file__).parents[1] / "store_writer.py"
    writer = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(store), name, stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout
    assert await writer.stdout.readline() == b"open\n"
    reading = asyncio.ensure_future(writer.stdout.read())
    await asyncio.sleep(seconds)
    writer.kill()
    promised = (await reading).decode()
    await writer.wait()
    whole_lines = promised[: promised.rfind("\n") + 1].splitlines()
    return [line.split() for line in whole_lines]


async def opened(store: Path, **settings: object) -> SqliteStorage:
    storage = SqliteStorage(store, Settings(**settings))
    await storage.start()
    return storage


async def kept(storage: Storage, key: str) -> list[bytes]:
    """Return the payloads that are there for a run now, also where it has not ended."""
    head = await storage.run_info(key)
    assert head is not None, key
    following = to_async_iterable(storage.follow(key, Position()))
    return [(await anext(following)).payload for _ in range(head.entries)]


@schedules(short=3, long=30)
async def test_nothing_promised_is_lost_by_kill_9(store: Path, schedule: Schedule):
    """Whenever the process is killed, every fact that was acknowledged is told, whole and in order."""
    chance = random.Random(schedule.seed)
    promised: list[list[str]] = []
    for kill in range(schedule.faults):
        promised += await killed_writer(store, str(kill), chance.uniform(0, 0.3))
    storage = await opened(store)
    appended: dict[str, dict[bytes, None]] = {}
    for what, key, *name in promised:
        if what == "appended":
            appended.setdefault(key, {})[new_entry(*name).payload] = None
    for key, payloads in appended.items():
        assert (await kept(storage, key))[: len(payloads)] == list(payloads)
    for _, key, *_ in promised:
        head = await storage.run_info(key)
        assert head is not None
        assert head.state in (RunState.QUEUED, RunState.COMPLETE)
    for key in (words[1] for words in promised if words[0] == "finished"):
        expected = [new_entry(f"{key}/{number}").payload for number in range(FACTS_A_RUN)]
        assert [entry.payload for entry in await collect(storage, key)] == expected
    await storage.aclose()


async def test_interrupted_run_goes_on_from_its_facts(store: Path):
    """A run that was cut off is queued again at start, with its photos, generation and facts."""
    storage = await opened(store)
    lease = await start_run(storage)
    await storage.append(lease, new_entries("ab"))
    await storage.aclose()
    again = await opened(store)
    assert (await again.submit(job(), datetime.now(UTC))).how is SubmitOutcome.JOINED
    lease = await claim_one(again)
    assert lease.job.photos == (PHOTO,)
    assert lease.generation == 1
    await again.append(lease, new_entries("bc"))
    await again.finish(lease, datetime.now(UTC))
    assert names(await collect(again)) == "abc"
    await again.aclose()


async def test_attempts_are_counted_over_restarts(store: Path):
    """A photo that ends its process is known by it in the next one; one that is handed back is not."""
    for attempt in (1, 2):
        storage = await opened(store)
        assert (await start_run(storage)).attempt == attempt
        await storage.aclose()
    storage = await opened(store)
    await storage.requeue(await claim_one(storage))
    await storage.aclose()
    storage = await opened(store)
    assert (await claim_one(storage)).attempt == 3
    await storage.aclose()


async def test_job_that_cannot_be_counted_waits(store: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the disk does not take an attempt, nobody has the job, and it is no attempt."""
    storage = await opened(store)
    await storage.submit(job(), datetime.now(UTC))

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("lens_rx.storage.sqlite.run_rows.update_attempts", full)
        with pytest.raises(Unavailable):
            await storage.claim("w", 1)
    assert await storage.count_waiting() == 1
    assert (await claim_one(storage)).attempt == 1
    await storage.aclose()


async def test_older_store_is_brought_up_to_date(store: Path):
    """A store of the first version opens with all that it holds."""
    storage = await opened(store)
    await finish_run(storage, "done")
    await start_run(storage, "open")
    await storage.aclose()
    with sqlite3.connect(store) as connection:
        connection.execute("ALTER TABLE runs DROP COLUMN attempt")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    storage = await opened(store)
    assert names(await collect(storage, "done")) == "abc"
    assert (await claim_one(storage)).job.key == "open"
    await storage.aclose()


async def test_photos_go_with_the_run(store: Path):
    """Once a run is complete its photos are no longer in the store."""
    storage = await opened(store)
    await finish_run(storage)
    await storage.aclose()
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT count(*) FROM photos").fetchone() == (0,)
    connection.close()


def nonsense(store: Path) -> None:
    store.write_bytes(b"this is no database, however long it is" * 1000)


def cut_short(store: Path) -> None:
    with store.open("r+b") as file:
        file.truncate(store.stat().st_size // 2)


def overwritten(store: Path) -> None:
    with store.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(random.Random(1).randbytes(8192)))


def beheaded(store: Path) -> None:
    with store.open("r+b") as file:
        file.write(b"\0" * 100)


@pytest.mark.parametrize("damage", [nonsense, cut_short, overwritten, beheaded])
async def test_damaged_file_is_set_aside(store: Path, damage: Callable[[Path], None]):
    """A damaged store is renamed and named in the storage, and the service begins with a new one."""
    storage = await opened(store)
    await finish_run(storage)
    await storage.aclose()
    damage(store)
    with capture_logs() as lines:
        storage = await opened(store)
    assert [line["log_level"] for line in lines] == ["error"]
    assert (store.parent / lines[0]["aside"]).exists()
    assert await storage.run_info("run") is None
    await finish_run(storage)
    assert names(await collect(storage)) == "abc"
    await storage.aclose()


async def test_damage_that_shows_later_is_survived(store: Path, monkeypatch: pytest.MonkeyPatch):
    """Damage met while running sets the file aside as well, and live runs lose nothing."""
    monkeypatch.setattr("lens_rx.storage.sqlite.database_file.CHECKED_BYTES", 0)
    storage = await opened(store)
    await finish_run(storage, "old")
    await storage.aclose()
    with sqlite3.connect(store) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'facts'").fetchone()
    connection.close()
    with store.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    with capture_logs() as lines:
        storage = await opened(store)
        with pytest.raises(NotFound):
            await collect(storage, "old")
        lease = await start_run(storage)
        await storage.append(lease, new_entries("abc"))
    assert [line["event"] for line in lines] == ["store damaged, set aside, a new one begun"]
    await storage.finish(lease, datetime.now(UTC))
    await storage.aclose()
    storage = await opened(store)
    assert names(await collect(storage)) == "abc"
    await storage.aclose()


async def test_live_run_moves_to_the_new_file(store: Path):
    """A run that is under way when its file breaks goes on in the next, with all its facts."""
    storage = await opened(store)
    lease = await start_run(storage)
    await storage.append(lease, new_entries("ab"))
    run_store = storage._store
    await run_store._replace_file(run_store._file, "a test")
    await storage.append(lease, new_entries("c"))
    await storage.aclose()
    storage = await opened(store)
    assert await kept(storage, "run") == [new_entry(name).payload for name in "abc"]
    await storage.aclose()


async def test_altered_fact_is_never_told(store: Path):
    """A fact whose bytes were changed on the disk is not told, and its run is forgotten."""
    storage = await opened(store)
    await finish_run(storage)
    await storage.aclose()
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE facts SET payload = CAST(replace(payload, 'b', 'X') AS BLOB)")
    connection.close()
    storage = await opened(store)
    with pytest.raises(NotFound):
        await collect(storage)
    assert (await storage.submit(job(), datetime.now(UTC))).how is SubmitOutcome.STARTED
    await storage.aclose()


async def test_newer_store_is_refused(store: Path):
    """A store of a newer version is left as it is, and the words say what to do."""
    await (await opened(store)).aclose()
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = await asyncio.to_thread(store.read_bytes)
    with pytest.raises(StoreUnusable, match=r"newer version \(schema 99"):
        await opened(store)
    assert await asyncio.to_thread(store.read_bytes) == before


async def test_foreign_file_is_refused(store: Path):
    """Another program's database is not touched."""
    store.parent.mkdir()
    with sqlite3.connect(store) as connection:
        connection.execute("CREATE TABLE mail (subject TEXT)")
    connection.close()
    with pytest.raises(StoreUnusable, match="another program"):
        await opened(store)


async def test_second_process_is_refused(store: Path):
    """One store is for one process: the second is told so, and the first goes on."""
    script = Path(__file__).parents[1] / "store_writer.py"
    writer = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(store), "first", stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout
    assert await writer.stdout.readline() == b"open\n"
    with pytest.raises(StoreUnusable, match="Another process uses this store"):
        await opened(store)
    writer.kill()
    await writer.communicate()
    await (await opened(store)).aclose()


async def test_store_can_be_read_while_it_is_written(store: Path):
    """A reader sees finished and live runs of a store in use, and changes nothing."""
    storage = await opened(store)
    await finish_run(storage, "done")
    await storage.append(await start_run(storage, "live"), new_entries("ab"))
    reader = ReadOnlySqliteStorage(store, Settings())
    await reader.start()
    assert names(await collect(reader, "done")) == "abc"
    assert names(await collect(reader, "live")) == "ab"
    assert {head.key: head.entries for head in await reader.list_runs(10)} == {"done": 3, "live": 2}
    with pytest.raises(Unavailable):
        await reader.submit(job("new"), datetime.now(UTC))
    with pytest.raises(Unavailable):
        await reader.delete("done")
    await reader.aclose()
    await storage.aclose()
    with pytest.raises(StoreUnusable, match="cannot be read"):
        await ReadOnlySqliteStorage(store.with_name("none"), Settings()).start()


async def test_unreachable_place_is_refused(tmp_path: Path):
    """A store where no file can be made is refused in words."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        await opened(tmp_path / "file" / "store.db")


async def test_closed_store_is_unavailable(store: Path):
    """After it was closed, the storage says that it is away."""
    storage = await opened(store)
    await storage.aclose()
    assert not await storage.ready()
    with pytest.raises(Unavailable):
        await storage.submit(job(), datetime.now(UTC))


async def test_full_disk_is_unavailable(store: Path):
    """What cannot be written is answered as away, and all goes on when there is room again."""
    storage = await opened(store)
    lease = await start_run(storage)
    writing = storage._store._file._writing
    (pages,) = writing.execute("PRAGMA page_count").fetchone()
    writing.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable):
        await storage.append(lease, [new_entry("x" * 100_000)])
    writing.execute("PRAGMA max_page_count = 1000000")
    await storage.append(lease, new_entries("a"))
    await storage.finish(lease, datetime.now(UTC))
    assert names(await collect(storage)) == "a"
    await storage.aclose()


async def test_disk_that_takes_nothing_more_is_not_ready(store: Path):
    """A store tells that it cannot be written, and that it can again."""
    storage = await opened(store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
        is_ready = await storage.ready()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not is_ready
    assert await storage.ready()
    await storage.aclose()


async def test_smaller_bounds_are_reached_after_a_restart(store: Path):
    """A store with more than its bounds allow shrinks as runs end."""
    storage = await opened(store)
    for number in range(6):
        await finish_run(storage, f"run{number}")
    await storage.aclose()
    storage = await opened(store, kept_runs=2)
    await finish_run(storage, "last")
    assert [head.key for head in await storage.list_runs(10)] == ["last", "run5"]
    await storage.aclose()


async def test_copied_store_is_whole(store: Path, tmp_path: Path):
    """A closed store is one file: a copy of it tells the same."""
    storage = await opened(store)
    await finish_run(storage)
    expected = await collect(storage)
    await storage.aclose()
    copy = Path(shutil.copy(store, tmp_path / "copy.db"))
    storage = await opened(copy)
    assert await collect(storage) == expected
    await storage.aclose()
