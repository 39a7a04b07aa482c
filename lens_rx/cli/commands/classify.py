"""`lens-rx classify`: photos in, facts out, in the terminal or as JSON lines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from lens_rx.cli.options import (
    SANDBOX_NOTICE,
    CommandStoreFile,
    Cost,
    Country,
    Currency,
    Events,
    Margin,
    MinProfit,
    ModelAt,
    NoStore,
    PricingFile,
    SandboxAt,
    SandboxFlag,
    Server,
    SoldOn,
    Token,
    fail,
    refuse_beside_server,
)

PHOTO_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".avif", ".gif"}
MAX_PHOTOS_OF_ONE_THING = 8


def classify(
    photos: Annotated[list[Path], typer.Argument(help="Photos, and folders of photos.")],
    *,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    server: Server = None,
    token: Token = None,
    model_at: ModelAt = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a fact and line, with its photo.")
    ] = False,
    events: Events = "",
    currency: Currency = "",
    country: Country = "",
    hint: Annotated[str, typer.Option(help="Words that help to name the thing.")] = "",
    producer: Annotated[
        str, typer.Option(help="Its brand; with --model nothing is looked up for the name.")
    ] = "",
    model: Annotated[str, typer.Option(help="Its model, as the producer calls it.")] = "",
    condition: Annotated[str, typer.Option(help="new, like new, good, used, for parts …")] = "",
    size: Annotated[str, typer.Option(help="Offers of another size weigh less or go.")] = "",
    variant: Annotated[str, typer.Option(help="Colour, capacity, edition: as with --size.")] = "",
    refresh: Annotated[str, typer.Option(help="Look again though it is known: offers, or all.")] = "",
    cost: Cost = "",
    margin: Margin = "",
    min_profit: MinProfit = "",
    marketplace: SoldOn = "",
    pricing: PricingFile = None,
    one_thing: Annotated[bool, typer.Option("--one-thing", help="All photos show one thing.")] = False,
    store: CommandStoreFile = None,
    no_store: NoStore = False,
) -> None:
    """Identify and price things by their photos; what was paid for once is told again from the store.

    Exit status: 0 all were identified and priced, and no stage failed; 3 some, 1 none, 2 the command itself was wrong.
    """
    started = {"--sandbox": sandbox, "--sandbox-at": sandbox_at, "--model-at": model_at, "--pricing": pricing}
    refuse_beside_server(server, started)
    files = find_photos(photos)
    if one_thing and len(files) > MAX_PHOTOS_OF_ONE_THING:
        fail(f"At most {MAX_PHOTOS_OF_ONE_THING} photos show one thing; these are {len(files)}.")

    from lens_rx.cli.batch import Batch, run_batch
    from lens_rx.cli.environment import load_client_settings, temporary_store_path, usable_rules
    from lens_rx.cli.output import JsonReport, TextReport, decision_query
    from lens_rx.cli.query_check import checked_query
    from lens_rx.cli.surroundings import ServiceOptions

    settings = load_client_settings(token, pricing=usable_rules(pricing))
    values = decision_query(
        events,
        always=pricing is not None,
        cost=cost,
        margin=margin,
        min_profit=min_profit,
        marketplace=marketplace,
    )
    values |= {"currency": currency, "country": country, "hint": hint, "refresh": refresh}
    values |= {"producer": producer, "model": model, "condition": condition, "size": size, "variant": variant}
    query = checked_query(values, settings)
    if currency:
        settings = settings.model_copy(update={"currency": currency.strip().upper()})
    things = [files] if one_thing else [[file] for file in files]
    practising = sandbox or sandbox_at is not None
    file = temporary_store_path(settings, store, no_store=no_store, server=server, practising=practising)
    options = ServiceOptions(
        settings,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        model_at=model_at,
        store=file,
    )
    if practising:
        typer.echo(SANDBOX_NOTICE, err=True)
    batch = Batch(things, query, JsonReport() if json else TextReport(), settings.concurrency)
    raise typer.Exit(run_batch(batch, options, server))


def find_photos(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and the photos of the folders named, sorted; end the command where there is none."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += _photos_in(path)
        elif path.exists():
            files.append(path)
        else:
            fail(f"There is no file {path}.")
    if not files:
        fail(f"No photo was found there. Photos of a folder end in {' '.join(sorted(PHOTO_SUFFIXES))}.")
    return files


def _photos_in(folder: Path) -> list[Path]:
    walk = os.walk(folder, onerror=_fail_unreadable)
    files = [Path(directory, name) for directory, _, names in walk for name in names]
    return sorted(it for it in files if _is_photo(it))


def _is_photo(path: Path) -> bool:
    return path.suffix.lower() in PHOTO_SUFFIXES and not path.name.startswith(".") and path.is_file()


def _fail_unreadable(error: OSError) -> NoReturn:
    fail(f"The folder {error.filename} cannot be read: {error.strerror}.")
