"""Facts as entries: each under an id that is unique in its generation."""

from __future__ import annotations

from datetime import UTC, datetime

from lens_rx.facts import Extra, Fact, Failed, MarketplaceOffers, Progress
from lens_rx.storage.codec import encode, stored_name
from lens_rx.storage.records import NewEntry


def new_entry(fact: Fact, at: datetime | None = None) -> NewEntry:
    """Return the entry of a fact that was read `at`, by default when it says itself, else now."""
    read_at: datetime | None = at or getattr(fact, "observed_at", None)
    return NewEntry(fact_id(fact), read_at or datetime.now(UTC), encode(fact))


def fact_id(fact: Fact) -> str:
    """Return the id of a fact in its generation: a stage that runs again does not append it twice."""
    match fact:
        case Progress(stage, "started"):
            return f"{stage}/started"
        case Progress(stage):
            return f"{stage}/ended"
        case Failed(stage):
            return f"{stage}/failed"
        case MarketplaceOffers(marketplace):
            return f"offers.{marketplace}"
        case Extra(kind):
            return f"extra.{kind}"
        case _:
            return stored_name(fact)
