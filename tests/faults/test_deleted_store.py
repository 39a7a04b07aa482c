"""A store's file that is deleted under a running service is noticed, said, and rebuilt with all that it held."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from storage_helpers import DAY, START, collect, finish_run, names, new_entries, start_run
from structlog.testing import capture_logs

from lens_rx.settings import Settings
from lens_rx.storage.records import StoreUnusable
from lens_rx.storage.sqlite import sqlite_run_store
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage


@pytest.fixture
async def storage(store: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteStorage]:
    monkeypatch.setattr(sqlite_run_store, "WATCH_SECONDS", 0.05)
    storage = await reopened(store)
    await finish_run(storage, "done")
    yield storage
    await storage.aclose()


async def reopened(store: Path) -> SqliteStorage:
    storage = SqliteStorage(store, Settings())
    await storage.start()
    return storage


async def until_ready(storage: SqliteStorage) -> None:
    async with asyncio.timeout(20):
        while not await storage.ready():
            await asyncio.sleep(0.01)


def replace_file(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def files(store: Path, *suffixes: str) -> list[Path]:
    return [store.with_name(store.name + suffix) for suffix in suffixes]


@pytest.mark.parametrize("suffixes", [("",), ("-wal",), ("", "-wal", "-shm", ".lock")])
async def test_it_is_noticed_said_and_rebuilt(storage: SqliteStorage, store: Path, suffixes: tuple[str, ...]):
    """Not ready at once, a line in the log, and then every run is in the new file, live ones too."""
    lease = await start_run(storage, "live")
    await storage.append(lease, new_entries("ab"))
    with capture_logs() as log:
        for file in files(store, *suffixes):
            file.unlink()
        assert not await storage.ready()
        await until_ready(storage)
    assert "deleted" in log[0]["event"]
    assert "nothing is lost" in log[-1]["event"]
    await storage.append(lease, new_entries("c"))
    await storage.finish(lease, START + 10_000 * DAY)
    assert names(await collect(storage, "live")) == "abc"
    await storage.aclose()
    again = await reopened(store)
    assert {key: names(await collect(again, key)) for key in ("done", "live")} == {
        "done": "abc",
        "live": "abc",
    }
    assert not list(store.parent.glob("*.rebuilt"))
    await again.aclose()


async def test_another_file_in_its_place_is_set_aside(storage: SqliteStorage, store: Path):
    """What was put in the file's place is not written into, and not lost."""
    replace_file(store, b"somebody else's")
    await until_ready(storage)
    assert b"somebody else's" in [it.read_bytes() for it in store.parent.glob("*.damaged-*")]
    assert names(await collect(storage, "done")) == "abc"
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    connection.close()


async def test_where_it_cannot_be_rebuilt_it_is_not_ready(storage: SqliteStorage, store: Path):
    """While its directory is a file the store says that it is away; when it can be written again, all is there."""
    aside = store.parent.with_name("aside")
    store.parent.rename(aside)
    store.parent.touch()
    assert not await storage.ready()
    await asyncio.sleep(0.2)  # it tries, and cannot
    assert not await storage.ready()
    store.parent.unlink()
    await until_ready(storage)
    assert names(await collect(storage, "done")) == "abc"


async def test_the_lock_is_taken_again(storage: SqliteStorage, store: Path):
    """A second process cannot use the rebuilt file, although the lock's file was deleted, too."""
    for file in files(store, "", ".lock"):
        file.unlink()
    await until_ready(storage)
    with pytest.raises(StoreUnusable, match="Another process"):
        await reopened(store)
