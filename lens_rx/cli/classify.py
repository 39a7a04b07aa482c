"""`lens-rx classify`: photos in, facts out, in the terminal or as JSON lines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from lens_rx.cli.log_config import configure
from lens_rx.cli.options import (
    PRACTISING,
    ModelAt,
    NoStore,
    SandboxAt,
    SandboxFlag,
    StoreFile,
    check_asked,
    fail,
    settings_of,
    store_of,
)
from lens_rx.cli.output import JsonReport, Report, TextReport
from lens_rx.cli.service_client import Client, ServerError
from lens_rx.cli.serving import Plan, listening, running

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".avif", ".gif"}
MOST_OF_ONE_THING = 8
ALL, NONE, SOME = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of the things to classify."""

    things: Sequence[Sequence[Path]]
    query: dict[str, str]
    at_once: int


def classify(
    photos: Annotated[list[Path], typer.Argument(help="Photos, and folders of photos.")],
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    server: Annotated[
        str | None, typer.Option(help="A running service; none: one is started for this.")
    ] = None,
    model_at: ModelAt = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a fact and line, with its photo.")
    ] = False,
    events: Annotated[str, typer.Option(help="all, or kinds between commas.")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "",
    country: Annotated[str, typer.Option(help="Two letters.")] = "",
    hint: Annotated[str, typer.Option(help="Words that help to name the thing.")] = "",
    one_thing: Annotated[bool, typer.Option("--one-thing", help="All photos show one thing.")] = False,
    store: StoreFile = None,
    no_store: NoStore = False,
) -> None:
    """Identify and price things by their photos; what was paid for once is told again from the store.

    Exit status: 0 all were identified and priced, 3 some, 1 none, 2 the command itself was wrong.
    """
    files = _files(photos)
    if one_thing and len(files) > MOST_OF_ONE_THING:
        fail(f"At most {MOST_OF_ONE_THING} photos show one thing; these are {len(files)}.")
    settings = settings_of(log_level="error", drain_seconds=0.0)
    configure(settings)
    options = {"events": events, "currency": currency, "country": country, "hint": hint}
    query = {name: value for name, value in options.items() if value}
    check_asked(query, settings)
    things = [files] if one_thing else [[file] for file in files]
    asked = Asked(things, query, at_once=settings.concurrency)
    report = JsonReport() if json else TextReport()
    in_memory = no_store or server is not None or (store is None and (sandbox or sandbox_at is not None))
    plan = Plan(
        settings,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        model_at=model_at,
        store=store_of(settings, store, none=in_memory),
    )
    if sandbox or sandbox_at:
        typer.echo(PRACTISING, err=True)
    raise typer.Exit(asyncio.run(_classify(asked, report, plan, server)))


def _files(named: Sequence[Path]) -> list[Path]:
    """Return the photos that are named, those of folders in the order of their names."""
    files: list[Path] = []
    for path in named:
        if path.is_dir():
            files += _of_folder(path)
        elif path.exists():
            files.append(path)
        else:
            fail(f"There is no file {path}.")
    if not files:
        fail(f"No photo was found there. Photos of a folder end in {' '.join(sorted(SUFFIXES))}.")
    return files


def _of_folder(folder: Path) -> list[Path]:
    found = [Path(place, name) for place, _, names in os.walk(folder, onerror=_unreadable) for name in names]
    return sorted(it for it in found if _is_photo(it))


def _is_photo(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _unreadable(error: OSError) -> NoReturn:
    fail(f"The folder {error.filename} cannot be read: {error.strerror}.")


@asynccontextmanager
async def service(plan: Plan, server: str | None) -> AsyncIterator[str]:
    """Yield the address of a service: the one named, or one that lives as long as the context."""
    if server:
        yield server
        return
    async with running(plan) as (node, _), listening(node, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


async def _classify(asked: Asked, report: Report, plan: Plan, server: str | None) -> int:
    async with service(plan, server) as url:
        client = Client(url)
        try:
            return _status(await _all(client, asked, report))
        finally:
            await client.aclose()


async def _all(client: Client, asked: Asked, report: Report) -> list[bool]:
    free = asyncio.Semaphore(asked.at_once)

    async def one(photos: Sequence[Path]) -> bool:
        async with free:
            return await _one(client, photos, asked, report)

    return await asyncio.gather(*(one(photos) for photos in asked.things))


async def _one(client: Client, photos: Sequence[Path], asked: Asked, report: Report) -> bool:
    """Report one thing's facts; tell whether it was identified and priced."""
    name = os.fsencode(photos[0]).decode(errors="replace")
    wanted = asked.query.get("events", "")
    query = asked.query | {"events": "all"}
    succeeded = False
    try:
        async for fact in client.facts(photos, query):
            succeeded |= fact["data_description"] == "complete" and fact["data"]["outcome"] == "ok"
            report.fact(name, fact, wanted)
    except ServerError as error:
        report.refused(name, str(error))
    except OSError as error:
        report.refused(name, f"The photo cannot be read: {error.strerror}.")
    return succeeded


def _status(succeeded: Sequence[bool]) -> int:
    if all(succeeded):
        return ALL
    return SOME if any(succeeded) else NONE
