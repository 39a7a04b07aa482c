"""The words: stages, outcomes, grades and what a price or a page may be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Stage(StrEnum):
    """The seven stages, in the order of the design; the same words in code, wire and metrics."""

    LENS = "lens"
    DESCRIBE = "describe"
    IDENTIFY = "identify"
    PRODUCER = "producer"
    RETAIL = "retail"
    OFFERS = "offers"
    ESTIMATE = "estimate"


class Outcome(StrEnum):
    """How a scrape or a model call ended. Only `ok` and `empty` are kept for their full lifetime."""

    OK = "ok"
    EMPTY = "empty"
    BLOCKED = "blocked"
    DRIFT = "drift"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    ERROR = "error"

    @property
    def settled(self) -> bool:
        """True where asking again soon would bring nothing new."""
        return self in (Outcome.OK, Outcome.EMPTY)


class Condition(StrEnum):
    """One grade for what sellers call wear, normalised from any language, best first."""

    NEW = "new"
    LIKE_NEW = "like_new"
    REFURBISHED = "refurbished"
    VERY_GOOD = "very_good"
    GOOD = "good"
    USED = "used"  # pre-owned, and the seller says no more
    ACCEPTABLE = "acceptable"
    FOR_PARTS = "for_parts"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What a price is: asked by a seller, or paid by a buyer."""

    ASKING = "asking"
    SOLD = "sold"


class Decider(StrEnum):
    """Who named the thing."""

    MODEL = "model"
    CONSENSUS = "consensus"
    USER = "user"


class PageKind(StrEnum):
    """What a shop's page turned out to be. Only a `product` has a price to be read."""

    PRODUCT = "product"
    FAMILY = "family"
    LISTING = "listing"
    SOLD_OUT = "sold_out"
    NOT_FOUND = "not_found"
    NOT_HTML = "not_html"


class EstimateBasis(StrEnum):
    """What an estimate rests on."""

    SOLD = "sold"
    ASKING = "asking"
    MIXED = "mixed"
    RETAIL = "retail"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its ISO 4217 currency, as read."""

    amount: Decimal
    currency: str
