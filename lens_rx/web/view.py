"""A view of a run: which kinds of fact, in which currency; and how one entry is encoded for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import orjson

from lens_rx.facts import Extra, Money
from lens_rx.facts.errors import BadRequest, Unavailable
from lens_rx.pricing import convert
from lens_rx.storage.codec import decode
from lens_rx.storage.protocols import Entry
from lens_rx.web.fact_wire import DEFAULT, EVERY, KINDS, ONE, PriceConverter


@dataclass(frozen=True, slots=True)
class View:
    """What a client asked to see."""

    currency: str = "EUR"
    kinds: frozenset[str] = DEFAULT

    @property
    def name(self) -> str:
        """Name the encoding: clients of one view share its bytes."""
        return f"{self.currency} {' '.join(sorted(self.kinds))}"

    def encode(self, entry: Entry) -> bytes:
        """Return the entry as one JSON object, or nothing where this view leaves it out."""
        fact = decode(entry.payload)
        kind = KINDS[type(fact)]
        if kind.description not in self.kinds:
            return b""
        day = entry.observed_at.astimezone(UTC)
        envelope = {
            "data": kind.data(fact, PriceConverter(self.currency, day.date())),
            "data_type": kind.data_type,
            "data_description": fact.kind if isinstance(fact, Extra) else kind.description,
            "seq": entry.position.seq,
            "observed_at": day.isoformat(timespec="milliseconds"),
        }
        return orjson.dumps(envelope)


def make_view(events: str, currency: str) -> View:
    """Return the view that a query asks for: `events` is empty, `all`, or kinds between commas."""
    if convert(Money(Decimal(1), "EUR"), currency, datetime.now(UTC).date()) is None:
        raise BadRequest("currency must be an ISO 4217 code with a published rate, such as EUR.")
    if events in ("", "default"):
        return View(currency)
    kinds = EVERY if events == "all" else frozenset(word.strip() for word in events.split(","))
    if unknown := kinds - EVERY:
        raise BadRequest(
            f"events does not know {', '.join(sorted(unknown))}; known: all, {', '.join(sorted(EVERY))}."
        )
    return View(currency, kinds)


def transport_error(error: Unavailable) -> bytes:
    """Return the error of a stream that breaks off: no fact, so without a `seq`."""
    data = {"stage": "transport", "outcome": "error", "message": str(error)}
    return orjson.dumps({"data": data, "data_type": ONE, "data_description": "error"})
