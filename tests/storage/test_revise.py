"""A new generation in place of an ended one: what every storage promises of it."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from storage_helpers import (
    DAY,
    OpenStorage,
    claim_one,
    collect,
    finish_run,
    job,
    names,
    new_entries,
    start_run,
)

from lens_rx.facts import Options
from lens_rx.facts.errors import Busy, Conflict, NotFound, Unavailable
from lens_rx.reactive.interop import create_task, to_async_iterable
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Job, Position, RunState, Submission, SubmitOutcome
from lens_rx.storage.revisions import Revision
from lens_rx.storage.sqlite.sqlite_storage import SqliteStorage


def complete(replaces: int = 1, entries: str = "hx") -> Revision:
    """Return a revision that is complete at once."""
    until = datetime.now(UTC) + DAY
    return Revision("run", replaces, new_entries(entries), options=Options("DE"), fresh_until=until)


def queued(replaces: int = 1, entries: str = "hx", client: str = "") -> Revision:
    """Return a revision that a worker goes on with, without a photo."""
    return Revision("run", replaces, new_entries(entries), Job("run", (), Options("DE"), client))


async def revise(storage: Storage, revision: Revision) -> Submission:
    return await storage.revise(revision, datetime.now(UTC))


async def test_complete_revision_is_what_is_replayed(storage: Storage):
    """A revision that is complete at once has its own facts from 1, its options, and is replayed while it is fresh."""
    await finish_run(storage, names="abc")
    assert await revise(storage, complete()) == Submission(
        "run", 2, SubmitOutcome.STARTED, (await storage.run_info("run")) if storage.name != "redis" else None
    )
    run = await storage.read("run")
    assert run is not None
    assert (run.info.generation, run.info.state, run.info.entries) == (2, RunState.COMPLETE, 2)
    assert run.options == Options("DE")
    assert names(run.entries) == names(await collect(storage)) == "hx"
    assert [it.position for it in run.entries] == [Position(2, 1), Position(2, 2)]
    again = await storage.submit(job(), datetime.now(UTC))
    assert (again.how, again.generation) == (SubmitOutcome.REPLAYED, 2)
    assert [it.generation for it in await storage.list_runs(9)] == [2]


async def test_worker_goes_on_with_a_queued_revision(storage: Storage):
    """A worker gets the job without photos; ids that the revision began with are passed over."""
    await finish_run(storage, names="abc")
    assert (await revise(storage, queued())).generation == 2
    lease = await claim_one(storage)
    assert (lease.job, lease.generation) == (Job("run", (), Options("DE")), 2)
    following = create_task(collect(storage, after=Position(2, 1)))
    await asyncio.sleep(0)
    await storage.append(lease, new_entries("xy"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await following) == "xy"
    assert names(await collect(storage)) == "hxy"


async def test_revision_with_photos_hands_them_to_the_worker(storage: Storage):
    """The photos of a revision's job arrive whole, and are gone when it has ended."""
    await finish_run(storage)
    await revise(storage, Revision("run", 1, new_entries("h"), job(client="me")))
    lease = await claim_one(storage)
    assert lease.job == job(client="me")
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(storage)) == "h"


async def test_revision_of_a_live_run_is_refused(storage: Storage):
    """What is queued or running has to end first; it is not disturbed."""
    lease = await start_run(storage)
    with pytest.raises(Conflict, match="not finished"):
        await revise(storage, complete())
    await storage.append(lease, new_entries("a"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    await revise(storage, queued())
    with pytest.raises(Conflict, match="not finished"):
        await revise(storage, complete(2))


async def test_one_of_several_equal_revisions_wins(storage: Storage):
    """Of many who change the same generation at once one succeeds; the others are told, and nothing is lost."""
    await finish_run(storage)
    tried = await asyncio.gather(*(revise(storage, complete()) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(it, Submission) for it in tried) == 1
    assert sum(isinstance(it, Conflict) for it in tried) == 19
    assert names(await collect(storage)) == "hx"


async def test_revision_of_another_generation_is_refused(storage: Storage):
    """A revision of what was replaced, or of no run, changes nothing."""
    with pytest.raises(NotFound):
        await revise(storage, complete())
    await finish_run(storage)
    await revise(storage, complete())
    with pytest.raises(Conflict, match="changed meanwhile"):
        await revise(storage, complete(1, "z"))
    assert names(await collect(storage)) == "hx"


async def test_full_queue_takes_no_revision(open_storage: OpenStorage):
    """The bounds of the queue hold for revisions; one that is complete at once needs no place."""
    storage = await open_storage(queue=1)
    await finish_run(storage)
    await storage.submit(job("other"), datetime.now(UTC))
    with pytest.raises(Busy):
        await revise(storage, queued())
    assert (await storage.read("run")).info.generation == 1  # type: ignore[union-attr]  # it is there
    await revise(storage, complete())
    assert names(await collect(storage)) == "hx"


async def test_follower_of_the_old_generation_completes(storage: Storage):
    """Who still follows the generation that is replaced gets the rest of it, and ends."""
    lease = await start_run(storage)
    following = to_async_iterable(storage.follow("run", Position(1, 0)))
    await storage.append(lease, new_entries("a"))
    assert names([await anext(following)]) == "a"
    await storage.append(lease, new_entries("b"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    await revise(storage, complete())
    async with asyncio.timeout(5):
        assert names([it async for it in following]) == "b"
    assert await collect(storage, after=Position(1, 1)) == []


async def test_abandoned_revision_is_continued(storage: Storage):
    """A queued revision that nobody watched is continued by the next upload, behind what it has."""
    await finish_run(storage)
    await revise(storage, queued())
    lease = await claim_one(storage)
    await storage.append(lease, new_entries("y"))
    await storage.abandon(lease)
    assert (await storage.submit(job(), datetime.now(UTC))).generation == 2
    lease = await claim_one(storage)
    await storage.append(lease, new_entries("hxyz"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(storage)) == "hxyz"


async def test_queued_revision_survives_a_restart(open_storage: OpenStorage):
    """A queued revision is there with its entries and ids when the storage is opened again."""
    storage = await open_storage(redis_prefix="test-revise-restart")
    if storage.name == "memory":
        pytest.skip("memory outlives no process")
    await finish_run(storage)
    await revise(storage, queued())
    await storage.aclose()
    again = await open_storage(redis_prefix="test-revise-restart")
    lease = await claim_one(again)
    assert (lease.job, lease.generation) == (Job("run", (), Options("DE")), 2)
    await again.append(lease, new_entries("xy"))
    await again.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(again)) == "hxy"


async def test_interrupted_write_leaves_the_old_generation(store: Path, monkeypatch: pytest.MonkeyPatch):
    """Where writing a revision fails in its middle, the generation that it replaces is there, whole."""
    storage = SqliteStorage(store, Settings())
    await storage.start()
    await finish_run(storage, names="abc")

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr("lens_rx.storage.sqlite.run_rows.update_end", fail)
        with pytest.raises(Unavailable):
            await revise(storage, complete())
    assert names(await collect(storage)) == "abc"
    await revise(storage, complete())
    assert names(await collect(storage)) == "hx"
    await storage.aclose()
