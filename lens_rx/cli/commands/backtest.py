"""`lens-rx backtest`: the rules against one's own history of purchases and sales."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lens_rx.cli.options import Country, Margin, MinProfit, PricingFile


def backtest(
    file: Annotated[Path, typer.Argument(help="CSV: bought, sold; also asked, when, estimate, low, high …")],
    *,
    pricing: PricingFile = None,
    margin: Margin = "",
    min_profit: MinProfit = "",
    marketplace: Annotated[str, typer.Option(help="Where it was sold: its fees are taken off.")] = "",
    country: Country = "",
    currency: Annotated[str, typer.Option(help="ISO 4217 code of all amounts.")] = "",
    json: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """Try the rules of decisions on one's own past sales: error of the estimates, calibration and profit."""
    from datetime import UTC, datetime

    from lens_rx.cli.backtest_report import fail_without_sales, print_json, print_report, read_history
    from lens_rx.cli.environment import load_settings, usable_rules
    from lens_rx.cli.query_check import checked_query
    from lens_rx.pricing.decision.sales_history import backtest as run_backtest
    from lens_rx.web.query_params import parse_view

    settings = load_settings(pricing=usable_rules(pricing))
    terms = {"margin": margin, "min_profit": min_profit, "marketplace": marketplace, "country": country}
    query = checked_query({"currency": currency, "events": "price-decision"} | terms, settings)
    view, history = parse_view(query, settings), read_history(file)
    if not history.sales:
        fail_without_sales(file, history)
    result = run_backtest(history.sales, view.terms, view.currency, datetime.now(UTC).date())
    (print_json if json else print_report)(result, history, view.currency)
