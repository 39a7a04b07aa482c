"""What `lens-rx runs` does with a store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import typer

from lens_rx.cli.environment import load_settings, store_path
from lens_rx.cli.log_config import configure
from lens_rx.cli.options import fail
from lens_rx.facts.errors import LensRxError, NotFound
from lens_rx.runs.outcomes import OutcomeStore
from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.export import export_runs, import_runs
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import RunInfo
from lens_rx.web.fact_wire import ALL_KINDS
from lens_rx.web.view import View

#: Among so many latest runs a key is completed from its first letters.
SEARCHED_RUNS = 10_000
T = TypeVar("T")


class StoredRuns:
    """The runs of one store; every method opens it, and ends the command with a message where that fails."""

    def __init__(self, settings: Settings, file: Path | None) -> None:
        self._settings = settings
        self._file = file

    @classmethod
    def of(cls, store: Path | None, redis: str | None) -> StoredRuns:
        """Return the runs of the store that the command line names."""
        settings = load_settings(redis=redis, log_level="error")
        configure(settings)
        return cls(settings, store_path(settings, store))

    def list_latest(self, limit: int) -> None:
        """Print the latest runs, newest first, a line each."""

        async def list_runs(storage: Storage) -> None:
            for run in await storage.list_runs(limit):
                created = f"{run.created_at:%Y-%m-%d %H:%M:%S}"
                typer.echo(
                    f"{run.key}  {created}  {run.state:9}  {run.entries:3} facts  generation {run.generation}"
                )

        self._with_storage(list_runs, read_only=True)

    def show(self, key: str) -> None:
        """Print the facts of a run, one JSON object a line."""
        view = View(self._settings.currency, ALL_KINDS)

        async def print_facts(storage: Storage) -> None:
            run = await storage.read((await _find_run(storage, key)).key)
            for entry in run.entries if run else ():
                typer.echo(view.encode(entry).decode())

        self._with_storage(print_facts, read_only=True)

    def full_key(self, key: str) -> str:
        """Return the key of the run that a key, or its first letters, names."""

        async def find(storage: Storage) -> str:
            return (await _find_run(storage, key)).key

        return self._with_storage(find, read_only=True)

    def delete(self, key: str) -> None:
        """Remove a run."""

        async def delete_run(storage: Storage) -> None:
            run = await _find_run(storage, key)
            await storage.delete(run.key)
            await OutcomeStore(storage, self._settings.kept_days).delete(run.key)
            typer.echo(f"forgotten: {run.key}")

        self._with_storage(delete_run)

    def export_to(self, file: Path) -> int:
        """Write every finished run into a file; return how many."""

        async def export(storage: Storage) -> int:
            count = 0
            with file.open("wb") as out:
                async for lines in export_runs(storage):
                    out.write(lines)
                    count += 1
            return count

        return self._with_storage(export, read_only=True)

    def import_from(self, file: Path) -> int:
        """Keep the runs of a file that are not kept yet; return how many."""

        async def import_lines(storage: Storage) -> int:
            with file.open("rb") as lines:
                return await import_runs(storage, lines)

        return self._with_storage(import_lines)

    def _with_storage(self, work: Callable[[Storage], Awaitable[T]], *, read_only: bool = False) -> T:
        """Open the storage, do the work, close it; `read_only`: also while a service uses it."""

        async def run() -> T:
            storage = storage_for(self._settings, self._file, read_only=read_only)
            await storage.start()
            try:
                return await work(storage)
            finally:
                await storage.aclose()

        try:
            return asyncio.run(run())
        except LensRxError as error:
            fail(str(error), 1)
        except BrokenPipeError:
            raise  # who reads the output has read enough: the command ends without a word
        except OSError as error:
            fail(f"{error.filename}: {error.strerror}.", 1)


async def _find_run(storage: Storage, key: str) -> RunInfo:
    """Return the run that a key, or its first letters, names; raise `NotFound` for none and for several."""
    run = await storage.run_info(key)
    if run is None:
        found = [it for it in await storage.list_runs(SEARCHED_RUNS) if it.key.startswith(key)]
        if len(found) != 1:
            raise NotFound("No run has this key." if not found else "More than one run begins like this.")
        run = found[0]
    return run
