"""`lens-rx runs`: what is kept, shown, forgotten, carried from store to store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any

import typer

from lens_rx.cli.log_config import configure
from lens_rx.cli.options import RedisUrl, StoreFile, fail, settings_of, store_of
from lens_rx.facts.errors import LensRxError, NotFound
from lens_rx.storage import log_of
from lens_rx.storage.export import export_runs, import_runs
from lens_rx.storage.protocols import Log, Position, RunInfo
from lens_rx.web.fact_wire import ALL_KINDS
from lens_rx.web.view import View

runs = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="What is kept: listed, shown, forgotten, exported, imported.",
)

Key = Annotated[str, typer.Argument(help="Key of the run, or its first letters.")]
File = Annotated[Path, typer.Argument(help="A file of runs, one JSON object a line.")]


def _with_log(
    work: Callable[[Log], Awaitable[Any]], store: Path | None, redis: str | None, *, reading: bool = False
) -> Any:
    """Open the log, do the work, close it; `reading`: also while a service uses it."""
    settings = settings_of(redis=redis, log_level="error")
    configure(settings)
    file = store_of(settings, store, none=False)

    async def opened() -> Any:
        log = log_of(settings, file, reading=reading)
        await log.start()
        try:
            return await work(log)
        finally:
            await log.aclose()

    try:
        return asyncio.run(opened())
    except LensRxError as error:
        fail(str(error), 1)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}.", 1)


@runs.command("list")
def list_runs(
    *,
    limit: Annotated[int, typer.Option(help="How many, newest first.")] = 20,
    store: StoreFile = None,
    redis: RedisUrl = None,
) -> None:
    """List the latest runs."""

    async def listed(log: Log) -> None:
        for head in await log.heads(limit):
            made = f"{head.created_at:%Y-%m-%d %H:%M:%S}"
            typer.echo(
                f"{head.key}  {made}  {head.state:9}  {head.entries:3} facts  generation {head.generation}"
            )

    _with_log(listed, store, redis, reading=True)


@runs.command()
def show(key: Key, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Print a run's facts, one JSON object a line."""
    view = View(settings_of().currency, ALL_KINDS)

    async def shown(log: Log) -> None:
        head = await _head(log, key)
        entries = log.follow(head.key, Position(head.generation))
        async with aclosing(entries) as kept:
            for _ in range(head.entries):
                typer.echo(view.encode(await anext(kept)).decode())

    _with_log(shown, store, redis, reading=True)


@runs.command()
def forget(key: Key, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Remove a run and all that is kept of it."""

    async def forgotten(log: Log) -> None:
        head = await _head(log, key)
        await log.forget(head.key)
        typer.echo(f"forgotten: {head.key}")

    _with_log(forgotten, store, redis)


@runs.command("export")
def export(file: File, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Write every finished run into a file."""

    async def exported(log: Log) -> int:
        number = 0
        with file.open("wb") as out:
            async for lines in export_runs(log):
                out.write(lines)
                number += 1
        return number

    typer.echo(f"{_with_log(exported, store, redis, reading=True)} runs are in {file}")


@runs.command("import")
def import_(file: File, *, store: StoreFile = None, redis: RedisUrl = None) -> None:
    """Keep the runs of a file that are not kept yet."""

    async def imported(log: Log) -> int:
        with file.open("rb") as lines:
            return await import_runs(log, lines)

    if not file.is_file():
        fail(f"There is no file {file}.")
    typer.echo(f"{_with_log(imported, store, redis)} runs were new")


async def _head(log: Log, key: str) -> RunInfo:
    """Return the run that a key, or its first letters, names."""
    head = await log.head(key)
    if head is None:
        found = [it for it in await log.heads(10_000) if it.key.startswith(key)]
        if len(found) != 1:
            raise NotFound("No run has this key." if not found else "More than one run begins like this.")
        head = found[0]
    return head
