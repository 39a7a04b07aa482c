"""A history of sales read from its file, and what a backtest of it says, printed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import orjson
import typer

from lens_rx.cli.options import fail
from lens_rx.parsing.history import History, HistoryError, parse_history
from lens_rx.pricing import is_country
from lens_rx.pricing.decision.sales_history import Backtest, Purchases, WithoutFee
from lens_rx.pricing.exchange_rates import minor_unit

MAX_LINES_NAMED = 5


def read_history(file: Path) -> History:
    """Return the sales of a file in UTF-8 or Windows' western code page; end the command where it is no history."""
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        return parse_history(text)
    except HistoryError as error:
        fail(f"{file}: {error}")


def fail_without_sales(file: Path, history: History) -> NoReturn:
    """End the command with what is wrong with the first lines of a file in which no sale can be used."""
    reasons = (f"\nline {line}: {reason}" for line, reason in history.left_out[:MAX_LINES_NAMED])
    fail(f"There is no sale in {file} that can be used.{''.join(reasons)}")


def print_json(result: Backtest, history: History, currency: str) -> None:
    """Print the figures as one JSON object."""
    left_out = [{"line": line, "reason": reason} for line, reason in history.left_out]
    figures = asdict(result) | {
        "currency": currency,
        "left_out": left_out,
        "read_as": dict(history.read_as),
    }
    typer.echo(orjson.dumps(figures, default=float).decode())


def print_report(result: Backtest, history: History, currency: str) -> None:
    """Print the figures as lines for people."""
    typer.echo(f"Sales         {result.sales} read, {len(history.left_out)} lines left out")
    for line, reason in history.left_out[:MAX_LINES_NAMED]:
        typer.echo(f"              line {line}: {reason}")
    if history.read_as:
        typer.echo(
            f"Names         {', '.join(f'{text} is read as {name}' for text, name in history.read_as)}"
        )
    for it in result.without_fee:
        typer.echo(f"Fees          {_missing_fee(it)}")
    for label, text in _figures(result):
        typer.echo(f"{label:<14}{text}")
    typer.echo(f"Profit        as it was: {_purchases(result.actual, currency)}")
    typer.echo(f"By the rules  bought: {_purchases(result.bought, currency)}")
    typer.echo(f"              left:   {_purchases(result.left, currency)}")


def _missing_fee(it: WithoutFee) -> str:
    where = f"{it.marketplace or 'a marketplace'} in {it.country or 'no country'}"
    tax = ", which is no country: no tax either" if it.country and not is_country(it.country) else ""
    return f"none are known of {where}{tax}; {it.sales} sales are reckoned without"


def _figures(result: Backtest) -> list[tuple[str, str]]:
    rows = []
    if result.brings is not None:
        rows.append(("Asking price", f"brings {result.brings:.0%} of it, in the middle"))
    if result.median_error is not None and result.bias is not None:
        side = "above" if result.bias >= 0 else "below"
        error = f"error {result.median_error:.1%} in the middle, {result.within:.0%} within 20 %"
        text = f"of {result.priced}: {error}; {abs(result.bias):.1%} {side} the sales"
        rows.append(("Estimate", text))
        rows.append(("Range", f"holds {result.inside:.0%} of the sales (80 % is right)"))
    if result.said is not None:
        rows.append(("Certainty", f"said {result.said:.0%}, was {result.was:.0%}"))
    return rows


def _purchases(them: Purchases, currency: str) -> str:
    share = f" ({them.profit / them.paid:.0%})" if them.paid else ""
    paid, profit = (
        f"{amount.quantize(minor_unit(currency)):,} {currency}" for amount in (them.paid, them.profit)
    )
    return f"{them.number} for {paid}, profit {profit}{share}"
