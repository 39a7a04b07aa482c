"""`lens-rx correct`: say what a thing is, leave offers out, take that back, or look again; without the photo."""

from __future__ import annotations

from typing import Annotated

import typer

from lens_rx.cli.options import (
    Cost,
    Country,
    Currency,
    Events,
    Margin,
    MinProfit,
    ModelAt,
    RedisUrl,
    SandboxAt,
    SandboxFlag,
    Server,
    SoldOn,
    StoreFile,
    Token,
)

Correction = Annotated[str | None, typer.Option(help='"" takes back what was said.')]
Ids = Annotated[
    list[str] | None, typer.Option(help="Id of a comparable, as price-evidence tells it; repeatable.")
]


def correct(
    key: Annotated[
        str, typer.Argument(help="Key of the run; without --server its first letters are enough.")
    ],
    *,
    producer: Correction = None,
    model: Correction = None,
    condition: Correction = None,
    size: Correction = None,
    variant: Correction = None,
    hint: Correction = None,
    dismiss: Ids = None,
    restore: Ids = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last change back.")] = False,
    refresh: Annotated[str, typer.Option(help="Look again: offers, or all.")] = "",
    server: Server = None,
    token: Token = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a fact and line, with its key.")
    ] = False,
    events: Events = "",
    currency: Currency = "",
    country: Country = "",
    cost: Cost = "",
    margin: Margin = "",
    min_profit: MinProfit = "",
    marketplace: SoldOn = "",
    store: StoreFile = None,
    redis: RedisUrl = None,
    sandbox: SandboxFlag = False,
    sandbox_at: SandboxAt = None,
    model_at: ModelAt = None,
) -> None:
    """Say what a thing is, leave offers out, or look again; prints what follows from it.

    Exit status: 0 the thing is identified and priced, 1 it is not, a stage failed, or the change was refused, 2 the command itself was wrong.
    """
    from lens_rx.cli.change_sender import ChangeSender, WantedChange
    from lens_rx.cli.output import decision_query

    texts = {"producer": producer, "model": model, "condition": condition}
    texts |= {"size": size, "variant": variant, "hint": hint}
    wanted = WantedChange(
        {name: value for name, value in texts.items() if value is not None},
        {"dismiss": dismiss or [], "restore": restore or []},
        undo,
        refresh,
    )
    sender = ChangeSender.of(
        server,
        store=store,
        redis=redis,
        sandbox=sandbox,
        sandbox_at=sandbox_at,
        model_at=model_at,
        token=token,
    )
    view = decision_query(
        events, cost=cost, margin=margin, min_profit=min_profit, marketplace=marketplace
    ) | {"currency": currency, "country": country}
    raise typer.Exit(sender.send(key, wanted, view, as_json=json))
