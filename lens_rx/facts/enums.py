"""Enumerations (stages, outcomes, conditions, kinds of price and page) and `Money`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Stage(StrEnum):
    """The seven stages in order; the values are the names in code, on the wire and in metrics."""

    LENS = "lens"
    DESCRIBE = "describe"
    IDENTIFY = "identify"
    PRODUCER = "producer"
    RETAIL = "retail"
    OFFERS = "offers"
    ESTIMATE = "estimate"


class Outcome(StrEnum):
    """How a scrape or a model call ended. Only `ok` and `empty` are cached for their full lifetime."""

    OK = "ok"
    EMPTY = "empty"
    BLOCKED = "blocked"
    DRIFT = "drift"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    ERROR = "error"

    @property
    def settled(self) -> bool:
        """True where asking again soon would give nothing new."""
        return self in (Outcome.OK, Outcome.EMPTY)


class Condition(StrEnum):
    """The condition of a thing, normalised from any language, best first."""

    NEW = "new"
    LIKE_NEW = "like_new"
    REFURBISHED = "refurbished"
    VERY_GOOD = "very_good"
    GOOD = "good"
    USED = "used"  # pre-owned, without further detail
    ACCEPTABLE = "acceptable"
    FOR_PARTS = "for_parts"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Whether a price is asked by a seller or was paid by a buyer."""

    ASKING = "asking"
    SOLD = "sold"


class Decider(StrEnum):
    """What decided the identity; `photo`: what was read on the photo alone, which no title supports."""

    MODEL = "model"
    CONSENSUS = "consensus"
    PHOTO = "photo"
    USER = "user"


class MatchKind(StrEnum):
    """How a page's picture resembles the photo."""

    FULL = "full"
    PARTIAL = "partial"
    SIMILAR = "similar"


class PageKind(StrEnum):
    """The kind of a shop's page. Only a `product` page has a price that is read."""

    PRODUCT = "product"
    FAMILY = "family"
    LISTING = "listing"
    SOLD_OUT = "sold_out"
    NOT_FOUND = "not_found"
    NOT_HTML = "not_html"


class EstimateBasis(StrEnum):
    """The prices on which an estimate is based."""

    SOLD = "sold"
    ASKING = "asking"
    MIXED = "mixed"
    RETAIL = "retail"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its ISO 4217 currency, as read."""

    amount: Decimal
    currency: str
