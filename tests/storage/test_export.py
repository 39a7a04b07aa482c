"""Runs are carried from storage to storage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from storage_helpers import OpenStorage, collect, finish_run, job, start_run

from lens_rx.facts.errors import BadRequest, NotFound
from lens_rx.storage.export import export_run, export_runs, import_runs
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import SubmitOutcome

Damage = Callable[[list[bytes]], list[bytes]]


async def test_run_is_the_same_in_another_log(open_storage: OpenStorage):
    """An exported run replays byte for byte where it was imported, as fresh as it was."""
    here, there = await open_storage(), await open_storage()
    await finish_run(here)
    lines = (await export_run(here, "run")).splitlines()
    assert await import_runs(there, lines) == 1
    assert await collect(there) == await collect(here)
    assert await there.run_info("run") == await here.run_info("run")
    assert (await there.submit(job(), datetime.now(UTC))).how is SubmitOutcome.REPLAYED


async def test_all_runs_go_into_one_file(open_storage: OpenStorage):
    """An export of everything holds each finished run once; importing it twice adds nothing."""
    here, there = await open_storage(), await open_storage()
    for number in range(3):
        await finish_run(here, f"run{number}")
    await start_run(here, "unfinished")
    lines = [line async for run in export_runs(here) for line in run.splitlines()]
    assert await import_runs(there, lines) == 3
    assert await import_runs(there, lines) == 0
    assert {head.key for head in await there.list_runs(10)} == {"run0", "run1", "run2"}


async def test_only_finished_runs_are_exported(storage: Storage):
    """A run that goes on, or is not there, is refused in words."""
    await start_run(storage)
    with pytest.raises(BadRequest, match="running"):
        await export_run(storage, "run")
    with pytest.raises(NotFound):
        await export_run(storage, "nobody")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda lines: lines[:-1], "middle of a run"),
        (lambda lines: [lines[0], b"{", *lines[2:]], "Line 2 is not JSON"),
        (lambda lines: [lines[0], b"{}", *lines[2:]], "Line 2 is not a fact"),
        (lambda lines: lines[1:], "Line 1 is not the head"),
        (lambda lines: [lines[0].replace(b'"run":1', b'"run":2'), *lines[1:]], "another version"),
        (lambda lines: [b"[]", *lines], "Line 1 is not of an export"),
    ],
)
async def test_damaged_export_is_refused(open_storage: OpenStorage, damage: Damage, words: str):
    """What is no export is refused with the line where that shows, and nothing of the run is kept."""
    here, there = await open_storage(), await open_storage()
    await finish_run(here)
    with pytest.raises(BadRequest, match=words):
        await import_runs(there, damage((await export_run(here, "run")).splitlines()))
    assert await there.run_info("run") is None
