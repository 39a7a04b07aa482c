"""What a second-hand listing is, and what its sellers must know of a thing."""

from __future__ import annotations

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


class Listed(Protocol):
    """What the generator needs to know of a thing; `used` is in EUR, in the photo's `condition`."""

    @property
    def id(self) -> str:
        """Its slug."""

    @property
    def producer(self) -> str:
        """Its brand."""

    @property
    def model(self) -> str:
        """Its model."""

    @property
    def kind(self) -> str:
        """Its category."""

    @property
    def colour(self) -> str:
        """Its colour."""

    @property
    def used(self) -> Decimal:
        """What it truly sells for."""

    @property
    def market(self) -> Market:
        """Where most of it is listed."""

    @property
    def condition(self) -> Condition:
        """What its photo shows."""

    @property
    def comparables(self) -> int:
        """About how many honest listings there are."""
