"""Second-hand listings, and the properties of a thing that they are generated from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from lens_rx.facts import Condition, Money


class Market(StrEnum):
    """The country whose eBay lists a thing; determines language and currency."""

    GERMANY = "de"
    AMERICA = "us"
    BRITAIN = "gb"
    FRANCE = "fr"
    SPAIN = "es"
    ITALY = "it"
    NETHERLANDS = "nl"
    POLAND = "pl"


class Trap(StrEnum):
    """Why a listing is no comparable; `NONE` for a comparable."""

    NONE = ""
    BUNDLE = "bundle"
    REPLICA = "replica"
    ACCESSORY = "accessory"
    OTHER_MODEL = "other model"
    OTHER_KIND = "other kind"
    OUTLIER = "outlier"


@dataclass(frozen=True, slots=True)
class Listing:
    """One card on a marketplace.

    `marketplace` is `ebay`, `mercari`, `carousell` or `vinted`. `language` (ISO 639-1) is that of title
    and wear. `price_high` and `shipping` are in the price's currency; `shipping` None: not said, 0: free.
    `bids` None: not an auction. `sold_days_ago` None: still for sale.
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


class ListingSource(Protocol):
    """The properties of a thing that listings are generated from; `used` is in EUR, for `condition`."""

    @property
    def id(self) -> str:
        """Identifier, in the form of a URL slug."""

    @property
    def producer(self) -> str:
        """Brand."""

    @property
    def model(self) -> str:
        """Model."""

    @property
    def kind(self) -> str:
        """Category, such as `jacket`."""

    @property
    def colour(self) -> str:
        """Colour."""

    @property
    def used(self) -> Decimal:
        """True second-hand price."""

    @property
    def market(self) -> Market:
        """Country of most listings."""

    @property
    def condition(self) -> Condition:
        """Condition that its photo shows."""

    @property
    def comparables(self) -> int:
        """Approximate number of comparable listings."""
