"""A chart of a price in characters: offers by condition, the estimate with its range, the retail price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

#: Columns of the chart; with the labels on both sides a line fits into 80.
WIDTH = 48
#: Marks for 1, 2, 3 and more offers in one column.
DOTS = "·•●"


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps prices to columns, from 0 to the highest price that is shown."""

    highest: float

    def column(self, price: float) -> int:
        """Return the column of a price; what is beyond the scale stands in the last one."""
        return min(WIDTH - 1, max(0, round(price / self.highest * (WIDTH - 1))))


def price_chart(facts: dict[str, Any]) -> Text:
    """Return the chart of a run's facts by kind (`data_description` → `data`); a sentence where there is no price."""
    estimate = facts.get("estimated-price", {})
    if "price" not in estimate:
        return Text("No price was found.")
    offers = [it for it in facts.get("price-evidence", []) if it.get("kept") and "price" in it]
    retail = facts.get("retail-price-details", {}).get("price")
    shown = [it["price"] for it in offers] + [estimate["max_range"], retail or 0]
    scale = Scale(max(shown) * 1.02)
    lines = [_row(wear, prices, scale) for wear, prices in _by_wear(offers)]
    lines.append(_estimate_row(estimate, scale))
    if retail is not None:
        lines.append(_mark_row("new", retail, scale, estimate["currency"]))
    lines.append(Text(f"{'':>14} 0{f'{scale.highest:,.0f} ' + estimate['currency']:>{WIDTH - 1}}", "dim"))
    return Text("\n").join(lines)


def _by_wear(offers: Sequence[dict[str, Any]]) -> list[tuple[str, list[float]]]:
    rows: dict[str, list[float]] = defaultdict(list)
    for offer in offers:
        rows[offer["wear"] or "unknown"].append(offer["price"])
    return sorted(rows.items(), key=lambda row: -max(row[1]))


def _row(wear: str, prices: Sequence[float], scale: Scale) -> Text:
    cells = [" "] * WIDTH
    for column in (scale.column(price) for price in prices):
        level = DOTS.find(cells[column])
        cells[column] = DOTS[min(level + 1, len(DOTS) - 1)]
    return Text.assemble((f"{wear[:14]:>14} ", "dim"), ("".join(cells), "cyan"))


def _estimate_row(estimate: dict[str, Any], scale: Scale) -> Text:
    low, high = scale.column(estimate["min_range"]), scale.column(estimate["max_range"])
    cells = ["━" if low <= column <= high else " " for column in range(WIDTH)]
    cells[scale.column(estimate["price"])] = "◆"
    label = f"  {estimate['price']:,.2f} {estimate['currency']}"
    return Text.assemble((f"{'estimate':>14} ", "bold"), ("".join(cells), "green"), (label, "bold green"))


def _mark_row(name: str, price: float, scale: Scale, currency: str) -> Text:
    cells = [" "] * WIDTH
    cells[scale.column(price)] = "▲"
    return Text.assemble((f"{name:>14} ", "dim"), ("".join(cells), "magenta"), f"  {price:,.2f} {currency}")
