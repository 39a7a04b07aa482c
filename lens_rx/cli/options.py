"""Options that several commands share; nothing here is slow to import."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer

SANDBOX_NOTICE = "SANDBOX: nothing here is real, and nothing costs."

SandboxFlag = Annotated[
    bool,
    typer.Option(
        "--sandbox", help="Practise on the sandbox: shops, marketplaces and a model on this machine."
    ),
]
SandboxAt = Annotated[str | None, typer.Option(help="Practise on a sandbox that runs at this URL.")]
SandboxFaults = Annotated[Path | None, typer.Option(help="JSON file: what is wrong with the sandbox.")]
ModelAt = Annotated[str | None, typer.Option(help="An OpenAI-compatible server, such as a local one.")]
RedisUrl = Annotated[str | None, typer.Option(help="redis:// address that many nodes share.")]
StoreFile = Annotated[
    Path | None,
    typer.Option(
        help="SQLite file; lens_rx.db in the user's data directory by default, sandbox.db with --sandbox."
    ),
]
CommandStoreFile = Annotated[
    Path | None,
    typer.Option(
        help="SQLite file; lens_rx.db in the user's data directory by default, none with --sandbox."
    ),
]
PricingFile = Annotated[Path | None, typer.Option(help="TOML file of rules for decisions; LENS_RX_PRICING.")]
Server = Annotated[str | None, typer.Option(help="A running service; none: one is started for this.")]
Token = Annotated[
    str | None,
    typer.Option(help="A token of that service; LENS_RX_TOKEN keeps it out of the list of processes."),
]
Events = Annotated[str, typer.Option(help="all, or kinds separated by commas.")]
Currency = Annotated[str, typer.Option(help="ISO 4217 code.")]
Country = Annotated[str, typer.Option(help="Two letters.")]
Margin = Annotated[str, typer.Option(help="Percent of the price that is to be left.")]
Cost = Annotated[str, typer.Option(help="What is asked for the thing: tells whether to buy it.")]
SoldOn = Annotated[str, typer.Option(help="Where it is to be sold: its fees are taken off.")]
MinProfit = Annotated[str, typer.Option(help="Amount that is to be left at least.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0: a free one.")]
NoStore = Annotated[bool, typer.Option("--no-store", help="Keep everything in memory.")]


def refuse_beside_server(server: str | None, options: Mapping[str, object]) -> None:
    """End the command where `--server` is given and one of these options as well, which that service would not hear of."""
    given = [name for name, value in options.items() if value]
    if server and given:
        fail(
            f"{given[0]} is for a service that the command starts; --server names one that runs: say one of them."
        )


def fail(message: str, status: int = 2) -> NoReturn:
    """End the command with a message on stderr and this exit status."""
    typer.secho(message, err=True, fg="red" if sys.stderr.isatty() else None)
    raise typer.Exit(status)
