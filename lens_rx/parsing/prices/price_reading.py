"""The parameter and the result of `parse_price`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class PriceKind(StrEnum):
    """The kind of price that a text states."""

    SINGLE = "single"
    RANGE = "range"
    FROM = "from"
    WAS_NOW = "was_now"
    LOT = "lot"
    PER_UNIT = "per_unit"
    FREE = "free"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PriceHint:
    """What is known beside the text: page language (BCP 47), host, declared currency (ISO 4217)."""

    language: str = ""
    host: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PriceReading:
    """The price that is asked now: one amount, or low and high of a range; none for `PriceKind.NONE`.

    `currency` is ISO 4217, None where the text and the hint do not tell. For a lot the amount is that
    of one piece, as asked, and `quantity` says how many make the lot.
    """

    amounts: tuple[Decimal, ...]
    currency: str | None
    kind: PriceKind
    quantity: int | None = None
