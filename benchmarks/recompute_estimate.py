"""Recompute an estimate from the facts of its run alone: NDJSON of `events=all`, in the service's own currency.

Without a file, the sample photo is priced on the sandbox and its stream is taken.

    curl -sF file=@photo.jpg -H 'Accept: application/x-ndjson' 'http://127.0.0.1:8000/classify?events=all' > run.ndjson
    python benchmarks/recompute_estimate.py run.ndjson

Checks that each amount is the one that was read, at the stated rate and factor; weighs the amounts anew and prints the
price, its range and that of a single sale beside those of the stream. The exit status is 1 where a cent differs. The
model is that of this release: run the script of the release that computed the stream.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.figures import report

from lens_rx.facts import Condition, EstimateBasis
from lens_rx.pricing.grid_fit import fit
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.market_fit import fit_market
from lens_rx.pricing.posterior import Posterior
from lens_rx.pricing.price_estimate import retail_prior
from lens_rx.pricing.price_evidence import rounded
from lens_rx.pricing.seen_condition import shifts_from

SAMPLE = Path(__file__).parents[1] / "static" / "sample.jpg"

Row = dict[str, Any]


def recompute(lines: Iterable[str]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return the amounts of the stream's estimate and the recomputed ones, by name.

    Raises `ValueError` where the stream has no estimate, is in another currency, or an amount does not follow.
    """
    facts = {it["data_description"]: it["data"] for it in map(json.loads, filter(str.strip, lines))}
    estimate = facts.get("estimated-price")
    if estimate is None or "computed_in" not in estimate:
        raise ValueError("There is no estimate with its terms: ask for events=all.")
    if estimate["currency"] != estimate["computed_in"]:
        raise ValueError(f"Ask for currency={estimate['computed_in']}, in which it was computed.")
    rows = [row for row in facts.get("price-evidence", []) if "factor" in row]
    for row in rows:
        _check(row)
    names = ("price", "min_range", "max_range", "sale_min", "sale_max")
    worth = _posterior(estimate, rows)
    sale = worth.single_sale or worth
    quantiles = [worth.quantile(0.5), *(it.quantile(share) for it in (worth, sale) for share in (0.1, 0.9))]
    again = [rounded(math.exp(it), estimate["currency"]) for it in quantiles]
    return {it: Decimal(str(estimate[it])) for it in names}, dict(zip(names, again, strict=True))


def _check(row: Row) -> None:
    """Raise where the converted or the adjusted amount does not follow from the one that was read."""
    read = math.sqrt(row["amount_read"] * row.get("amount_high_read", row["amount_read"]))
    unit = 0.5 if row["amount_converted"].is_integer() else 0.005
    if abs(read * row["rate"] - row["amount_converted"]) > unit * 1.02:
        raise ValueError(f"{row['link']}: {row['amount_converted']} is not {read} at {row['rate']}")
    if abs(row["amount_converted"] * row["factor"] - row["amount_adjusted"]) > unit * 1.02:
        raise ValueError(
            f"{row['link']}: {row['amount_adjusted']} does not follow by the factor {row['factor']}"
        )


def _posterior(estimate: Row, rows: Sequence[Row]) -> Posterior:
    """Return the distribution of the worth, given the prices of `rows`."""
    condition = Condition(estimate["condition"])
    observations = [_observation(row) for row in rows]
    if estimate["basis"] != EstimateBasis.RETAIL:
        posterior = fit_market(observations, condition)
    else:
        posterior = fit(observations, retail_prior(Decimal(str(estimate["retail_converted"])), condition))
    stated = (pair.split() for pair in estimate.get("condition_chances", f"{condition} 1.0").split("; "))
    return posterior.mixed(shifts_from(condition, {Condition(it): float(chance) for it, chance in stated}))


def _observation(row: Row) -> Observation:
    return Observation(
        math.log(row["amount_converted"]) + math.log(row["factor"]),
        row["log_sd"],
        row["counts_as"] == "asking",
        row["outlier_odds"],
        row["age_years"],
        Condition(row["condition"]),
        row["own_log_sd"],
        row.get("group", ""),
        row.get("group_log_sd", 0.0),
    )


async def sample_stream() -> list[str]:
    """Return the stream of the sample photo on the sandbox."""
    from tools.service import running_service  # noqa: PLC0415  # with the sandbox's extra

    async with running_service("--no-store") as service:
        return [json.dumps(it.fact) for it in await service.classify(SAMPLE.read_bytes())]


def main() -> int:
    """Print the stated and the recomputed amounts; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stream", type=Path, nargs="?")
    stream: Path | None = parser.parse_args().stream
    lines = stream.read_text().splitlines() if stream else asyncio.run(sample_stream())
    try:
        stated, again = recompute(lines)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for name, amount in stated.items():
        print(f"  {name:10} {amount:>12} {again[name]:>12}")
    differing = sum(amount != again[name] for name, amount in stated.items())
    report(
        "amounts of an estimate that differ when it is computed again", differing, target="<= 0", main=False
    )
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
