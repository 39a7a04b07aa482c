"""Second-hand listings around a thing's true price, with the traps of real marketplaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from lens_rx.facts import Condition, Money


class Market(StrEnum):
    """Whose eBay lists a thing: sets language, currency and the words for wear."""

    GERMANY = "de"
    AMERICA = "us"
    BRITAIN = "gb"
    FRANCE = "fr"
    SPAIN = "es"
    ITALY = "it"
    NETHERLANDS = "nl"
    POLAND = "pl"


class Trap(StrEnum):
    """Why a listing is no comparable; `NONE` is an honest one."""

    NONE = ""
    BUNDLE = "bundle"
    REPLICA = "replica"
    ACCESSORY = "accessory"
    OTHER_MODEL = "other model"
    OTHER_KIND = "other kind"
    PLACEHOLDER = "placeholder"
    OUTLIER = "outlier"


@dataclass(frozen=True, slots=True)
class Listing:
    """One card on a marketplace.

    `marketplace` is `ebay`, `mercari`, `carousell` or `vinted`. `language` (ISO 639-1) is that of title,
    wear and price format. `price_high` and `shipping` are in the price's currency; `shipping` None:
    not said, 0: free. `bids` None: not an auction. `sold_days_ago` None: still for sale.
    """

    id: str
    marketplace: str
    language: str
    title: str
    price: Money
    price_high: Decimal | None = None
    condition: Condition = Condition.USED
    condition_text: str = ""
    sold_days_ago: int | None = None
    shipping: Decimal | None = None
    bids: int | None = None
    best_offer: bool = False
    trap: Trap = Trap.NONE
    thing_id: str = ""


class Listed(Protocol):
    """What a listing needs to know of a thing."""

    @property
    def id(self) -> str: ...
    @property
    def producer(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def used(self) -> Decimal: ...
    @property
    def market(self) -> Market: ...
    @property
    def condition(self) -> Condition: ...
    @property
    def comparables(self) -> int: ...


def listings_for(thing: Listed, others: Sequence[Listed]) -> tuple[Listing, ...]:
    """Return the cards that a search for the thing shows, in the order of the page."""
    rival = next(other for other in others if other.id != thing.id)
    name = f"{thing.producer} {thing.model}"
    cards = [
        Listing(
            f"1{i:011d}",
            "ebay",
            "de",
            f"{name} {thing.colour}",
            Money(thing.used + i, "EUR"),
            condition_text="Gebraucht",
            thing_id=thing.id,
            sold_days_ago=None if i % 2 else 5 + i,
        )
        for i in range(thing.comparables)
    ]
    cards.append(
        Listing(
            "2",
            "ebay",
            "de",
            f"{rival.producer} {rival.model}",
            Money(rival.used, "EUR"),
            condition_text="Gebraucht",
            trap=Trap.OTHER_MODEL,
            thing_id=rival.id,
        )
    )
    return tuple(cards)
