"""A view of a run: the kinds of fact, the currency and the terms that a client asked for; encodes entries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

import orjson

from lens_rx.facts import DecisionBasis, Extra, Money
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import BadRequest, Unavailable
from lens_rx.pricing import convert
from lens_rx.pricing.decision import DEFAULT_TERMS, Terms
from lens_rx.storage.codec import decode, peek_kind
from lens_rx.storage.records import Entry
from lens_rx.web.fact_wire import ALL_KINDS, DEFAULT_KINDS, KINDS, OBJECT_TYPE
from lens_rx.web.price_wire import PriceConverter

#: The kind whose data depends on the reader's terms.
DECISION_KIND = KINDS[DecisionBasis].description


@dataclass(frozen=True, slots=True)
class View:
    """The currency, the kinds of fact and the terms of decisions of one client's stream."""

    currency: str = "EUR"
    kinds: frozenset[str] = DEFAULT_KINDS
    terms: Terms = DEFAULT_TERMS
    #: Subscribers of views with equal names share encoded bytes: where decisions are in it, so are their terms.
    name: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        terms = f" {self.terms.name}" if DECISION_KIND in self.kinds else ""
        object.__setattr__(self, "name", f"{self.currency} {' '.join(sorted(self.kinds))}{terms}")

    def encode(self, entry: Entry) -> bytes:
        """Return the entry as one JSON object, `b""` if the view leaves its kind out."""
        stored = peek_kind(entry.payload)
        if stored and KINDS[stored].description not in self.kinds:
            return b""
        fact = decode(entry.payload)
        kind = KINDS[type(fact)]
        if kind.description not in self.kinds:
            return b""
        day = entry.observed_at.astimezone(UTC)
        prices = PriceConverter(self.currency, day.date(), self.terms)
        data = kind.to_data(fact, prices)
        if isinstance(data, dict) and not self.kinds <= DEFAULT_KINDS:
            data |= kind.details(fact, prices)
        envelope = {
            "data": data,
            "data_type": kind.data_type,
            "data_description": fact.kind if isinstance(fact, Extra) else kind.description,
            "seq": entry.position.seq,
            "observed_at": day.isoformat(timespec="milliseconds"),
        }
        return orjson.dumps(envelope)


def make_view(events: str, currency: str, terms: Terms | None = None) -> View:
    """Return the view of a query; `events` is empty, `all`, or kinds separated by commas."""
    view = _make_view(events, currency, datetime.now(UTC).date())
    return _with_terms(view, terms) if terms and DECISION_KIND in view.kinds else view


@lru_cache(maxsize=256)
def _with_terms(view: View, terms: Terms) -> View:
    """Return the view with the reader's terms: one for all who say the same, since each open stream holds its own."""
    return replace(view, terms=terms)


@lru_cache(maxsize=256)
def _make_view(events: str, currency: str, today: date) -> View:
    if convert(Money(Decimal(1), "EUR"), currency, today) is None:
        raise BadRequest(
            "currency must be an ISO 4217 code with a published rate, such as EUR.",
            code=ErrorCode.UNKNOWN_CURRENCY,
        )
    if events in ("", "default"):
        return View(currency)
    kinds = ALL_KINDS if events == "all" else frozenset(word.strip() for word in events.split(","))
    if unknown := kinds - ALL_KINDS:
        raise BadRequest(
            f"events does not know {', '.join(sorted(unknown))}; known: all, {', '.join(sorted(ALL_KINDS))}.",
            code=ErrorCode.UNKNOWN_EVENTS,
        )
    return View(currency, kinds)


def transport_error(error: Unavailable) -> bytes:
    """Return the message that ends an interrupted stream; it is no stored fact and has no `seq`."""
    data = {"stage": "transport", "outcome": "error", "message": str(error)}
    return orjson.dumps({"data": data, "data_type": OBJECT_TYPE, "data_description": "error"})
