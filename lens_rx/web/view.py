"""A view of a run: the kinds of fact and the currency that a client asked for; encodes entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

import orjson

from lens_rx.facts import Extra, Money
from lens_rx.facts.errors import BadRequest, Unavailable
from lens_rx.pricing import convert
from lens_rx.storage.codec import decode
from lens_rx.storage.records import Entry
from lens_rx.web.fact_wire import ALL_KINDS, DEFAULT_KINDS, KINDS, OBJECT_TYPE
from lens_rx.web.price_wire import PriceConverter


@dataclass(frozen=True, slots=True)
class View:
    """The currency and the kinds of fact of one client's stream."""

    currency: str = "EUR"
    kinds: frozenset[str] = DEFAULT_KINDS
    #: Subscribers of views with equal names share encoded bytes.
    name: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.currency} {' '.join(sorted(self.kinds))}")

    def encode(self, entry: Entry) -> bytes:
        """Return the entry as one JSON object, `b""` if the view leaves its kind out."""
        fact = decode(entry.payload)
        kind = KINDS[type(fact)]
        if kind.description not in self.kinds:
            return b""
        day = entry.observed_at.astimezone(UTC)
        prices = PriceConverter(self.currency, day.date())
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


def make_view(events: str, currency: str) -> View:
    """Return the view of a query; `events` is empty, `all`, or kinds separated by commas."""
    return _make_view(events, currency, datetime.now(UTC).date())


@lru_cache(maxsize=256)
def _make_view(events: str, currency: str, today: date) -> View:
    if convert(Money(Decimal(1), "EUR"), currency, today) is None:
        raise BadRequest("currency must be an ISO 4217 code with a published rate, such as EUR.")
    if events in ("", "default"):
        return View(currency)
    kinds = ALL_KINDS if events == "all" else frozenset(word.strip() for word in events.split(","))
    if unknown := kinds - ALL_KINDS:
        raise BadRequest(
            f"events does not know {', '.join(sorted(unknown))}; known: all, {', '.join(sorted(ALL_KINDS))}."
        )
    return View(currency, kinds)


def transport_error(error: Unavailable) -> bytes:
    """Return the message that ends an interrupted stream; it is no stored fact and has no `seq`."""
    data = {"stage": "transport", "outcome": "error", "message": str(error)}
    return orjson.dumps({"data": data, "data_type": OBJECT_TYPE, "data_description": "error"})
