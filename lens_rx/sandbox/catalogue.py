"""The catalogue: every thing of the sandbox with its true retail and second-hand price.

Things are read from `catalogue.json`; their listings are generated, the same ones in every process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from lens_rx.facts import Condition, Money
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX
from lens_rx.sandbox.listings import Listing, Market
from lens_rx.sandbox.sellers import generate_listings

#: Part of the version, so that runs over an older generation of the data are never replayed.
FORMAT = "1"


class ShopForm(StrEnum):
    """How a brand's shop embeds product data."""

    JSON_LD = "json_ld"
    MICRODATA = "microdata"
    BARE = "bare"  # visible text alone
    SPLIT = "split"  # visible text alone, the price in several elements
    VARIANTS = "variants"  # a group of variants; the address and an option name the one
    FAMILY = "family"  # found is a page of several models, each "from" its price
    RESULTS = "results"  # found is a page of the shop's own search
    SOLD_OUT = "sold_out"  # with its price, and out of stock
    NET_AND_GROSS = "net_and_gross"  # visible text alone, the price without tax beside the one with it


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the catalogue.

    `kind` is its category ("jacket"); `look` names its drawing. `condition` is what its photo shows,
    and `used` is what it typically sells for in that condition, in EUR. `shop` is None where its
    producer has no page of it; `retail` is None where that page shows no price.
    """

    id: str
    producer: str
    model: str
    kind: str
    colour: str
    material: str
    specs: Mapping[str, str]
    description: str
    original_name: str
    used: Decimal
    retail: Money | None = None
    shop: ShopForm | None = ShopForm.JSON_LD
    market: Market = Market.GERMANY
    condition: Condition = Condition.GOOD
    look: Mapping[str, str] = field(default_factory=dict)
    comparables: int = 18
    listings: tuple[Listing, ...] = ()

    @property
    def host(self) -> str:
        """The host name of its producer's shop: `norrvik.sandbox.test`."""
        return "".join(filter(str.isalnum, self.producer.lower())) + SANDBOX_SUFFIX

    @property
    def url(self) -> str:
        """The address in its producer's shop at which searches find it."""
        if self.shop is ShopForm.FAMILY:
            return f"http://{self.host}/families/{self.id}"
        if self.shop is ShopForm.RESULTS:
            return f"http://{self.host}/search/{self.id}"
        return self.product_url

    @property
    def product_url(self) -> str:
        """The address of its own page in its producer's shop."""
        option = f"?option={self.model.split()[-1]}" if self.shop is ShopForm.VARIANTS else ""
        return f"http://{self.host}/products/{self.id}{option}"

    @property
    def missing_kinds(self) -> tuple[str, ...]:
        """The kinds of fact that cannot be found for it."""
        no_page = ("producer-url", "retail-price-details") if self.shop is None else ()
        no_offers = ("second-hand-offers",) if not self.listings else ()
        priceless = self.comparables < 3 and (self.shop is None or self.retail is None)
        return no_page + no_offers + (("estimated-price",) if priceless else ())


@dataclass(
    frozen=True, slots=True, eq=False
)  # equal only to itself, so that what is made of it can be cached
class Catalogue:
    """All things, in order; the first twelve yield all five facts. `version` is a hash of the content."""

    things: tuple[Thing, ...]
    version: str

    def __iter__(self) -> Iterator[Thing]:
        return iter(self.things)

    def __getitem__(self, thing_id: str) -> Thing:
        """Return the thing of that id; raise `KeyError` where there is none."""
        found = next((thing for thing in self.things if thing.id == thing_id), None)
        if found is None:
            raise KeyError(thing_id)
        return found


@cache
def catalogue() -> Catalogue:
    """Return the catalogue, which is loaded once in a process."""
    rows = json.loads(files("lens_rx.sandbox").joinpath("catalogue.json").read_text("utf-8"))
    bare = tuple(_parse_thing(row) for row in rows)
    things = tuple(replace(thing, listings=generate_listings(thing)) for thing in bare)
    return Catalogue(things, hashlib.sha256((FORMAT + repr(things)).encode()).hexdigest()[:12])


def _parse_thing(row: dict[str, Any]) -> Thing:
    """Return a row of the file as a thing without listings."""
    retail = row.pop("retail", None)
    shop = row.pop("shop", "json_ld")
    return Thing(
        id=f"{row['producer']} {row['model']}".lower().replace(" ", "-"),
        retail=Money(Decimal(retail[0]), retail[1]) if retail else None,
        shop=ShopForm(shop) if shop else None,
        used=Decimal(row.pop("used")),
        market=Market(row.pop("market", "de")),
        condition=Condition(row.pop("condition", "good")),
        **row,
    )
