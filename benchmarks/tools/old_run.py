"""A run that an earlier release stored, for servers that publish or replay it."""

from __future__ import annotations

import sys
from pathlib import Path

from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.records import StoredRun

sys.path.append(str(Path(__file__).parents[2] / "tests"))
from release_0_1_0 import content  # the runs that the tests keep


async def read_old_run(settings: Settings, directory: Path) -> StoredRun:
    """Return a run that release 0.1.0 stored; the directory is for its database."""
    (directory / "old.db").write_bytes(content("sqlite.db"))
    old = storage_for(settings, directory / "old.db")
    await old.start()
    (info, *_) = await old.list_runs(1)
    run = await old.read(info.key)
    await old.aclose()
    assert run
    return run
