"""Runs are carried from log to log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from storage_helpers import OpenLog, finished, job, started, told

from lens_rx.facts.errors import BadRequest, NotFound
from lens_rx.storage.export import export_run, export_runs, import_runs
from lens_rx.storage.protocols import Log, SubmitOutcome

Damage = Callable[[list[bytes]], list[bytes]]


async def test_run_is_the_same_in_another_log(open_log: OpenLog):
    """An exported run replays byte for byte where it was imported, as fresh as it was."""
    here, there = await open_log(), await open_log()
    await finished(here)
    lines = (await export_run(here, "run")).splitlines()
    assert await import_runs(there, lines) == 1
    assert await told(there) == await told(here)
    assert await there.head("run") == await here.head("run")
    assert (await there.submit(job(), datetime.now(UTC))).how is SubmitOutcome.REPLAYED


async def test_all_runs_go_into_one_file(open_log: OpenLog):
    """An export of everything holds each finished run once; importing it twice adds nothing."""
    here, there = await open_log(), await open_log()
    for number in range(3):
        await finished(here, f"run{number}")
    await started(here, "unfinished")
    lines = [line async for run in export_runs(here) for line in run.splitlines()]
    assert await import_runs(there, lines) == 3
    assert await import_runs(there, lines) == 0
    assert {head.key for head in await there.heads(10)} == {"run0", "run1", "run2"}


async def test_only_finished_runs_are_exported(log: Log):
    """A run that goes on, or is not there, is refused in words."""
    await started(log)
    with pytest.raises(BadRequest, match="running"):
        await export_run(log, "run")
    with pytest.raises(NotFound):
        await export_run(log, "nobody")


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
async def test_damaged_export_is_refused(open_log: OpenLog, damage: Damage, words: str):
    """What is no export is refused with the line where that shows, and nothing of the run is kept."""
    here, there = await open_log(), await open_log()
    await finished(here)
    with pytest.raises(BadRequest, match=words):
        await import_runs(there, damage((await export_run(here, "run")).splitlines()))
    assert await there.head("run") is None
