"""An amount as the visible page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: The score from which an amount may be the price with no other source.
CLEAR = 2.2


@dataclass(frozen=True, slots=True)
class VisiblePrice:
    """An amount on the visible page; `score` above 2 is likely the price, below 0 likely another."""

    amount: Decimal
    high: Decimal | None
    currency: str
    text: str
    order: int
    score: float
    struck: bool = False
