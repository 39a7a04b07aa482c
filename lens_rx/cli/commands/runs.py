"""`lens-rx runs`: stored runs listed, shown, deleted, and carried from store to store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lens_rx.cli.options import RedisUrl, StoreFile, fail

runs = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="What is kept: listed, shown, forgotten, exported, imported.",
)

Key = Annotated[str, typer.Argument(help="Key of the run, or its first letters.")]
File = Annotated[Path, typer.Argument(help="A file of runs, one JSON object a line.")]


@runs.command("list")
def list_runs(
    *,
    limit: Annotated[int, typer.Option(help="How many, newest first.")] = 20,
    store: StoreFile = None,
    redis: RedisUrl = None,
) -> None:
    """List the latest runs."""
    from lens_rx.cli.stored_runs import StoredRuns

    StoredRuns.of(store, redis).list_latest(limit)


@runs.command()
def show(key: Key, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Print a run's facts, one JSON object a line."""
    from lens_rx.cli.stored_runs import StoredRuns

    StoredRuns.of(store, redis).show(key)


@runs.command()
def forget(key: Key, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Remove a run and all that is kept of it."""
    from lens_rx.cli.stored_runs import StoredRuns

    StoredRuns.of(store, redis).delete(key)


@runs.command("export")
def export(file: File, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Write every finished run into a file."""
    from lens_rx.cli.stored_runs import StoredRuns

    typer.echo(f"{StoredRuns.of(store, redis).export_to(file)} runs are in {file}")


@runs.command("import")
def import_(file: File, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Keep the runs of a file that are not kept yet."""
    if not file.is_file():
        fail(f"There is no file {file}.")

    from lens_rx.cli.stored_runs import StoredRuns

    typer.echo(f"{StoredRuns.of(store, redis).import_from(file)} runs were new")
