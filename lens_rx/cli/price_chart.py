"""A picture of a price in characters: offers by condition, the estimate with its range, the retail price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

#: With its words on both sides a line fits into 80 characters.
WIDTH = 48
#: Marks for 1, 2, 3 and more offers in one place.
DOTS = "·•●"


@dataclass(frozen=True, slots=True)
class Scale:
    """Places on a line of characters, from 0 to the highest price that is shown."""

    highest: float

    def place(self, price: float) -> int:
        """Return the column of a price; what is beyond the line stands at its end."""
        return min(WIDTH - 1, max(0, round(price / self.highest * (WIDTH - 1))))


def price_picture(facts: dict[str, Any]) -> Text:
    """Return the picture of a run's last facts by kind; a sentence where there is no price."""
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
    for place in (scale.place(price) for price in prices):
        level = DOTS.find(cells[place])
        cells[place] = DOTS[min(level + 1, len(DOTS) - 1)]
    return Text.assemble((f"{wear[:14]:>14} ", "dim"), ("".join(cells), "cyan"))


def _estimate_row(estimate: dict[str, Any], scale: Scale) -> Text:
    low, high = scale.place(estimate["min_range"]), scale.place(estimate["max_range"])
    cells = ["━" if low <= place <= high else " " for place in range(WIDTH)]
    cells[scale.place(estimate["price"])] = "◆"
    words = f"  {estimate['price']:,.2f} {estimate['currency']}"
    return Text.assemble((f"{'estimate':>14} ", "bold"), ("".join(cells), "green"), (words, "bold green"))


def _mark_row(name: str, price: float, scale: Scale, currency: str) -> Text:
    cells = [" "] * WIDTH
    cells[scale.place(price)] = "▲"
    return Text.assemble((f"{name:>14} ", "dim"), ("".join(cells), "magenta"), f"  {price:,.2f} {currency}")
