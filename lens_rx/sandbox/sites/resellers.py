"""Resellers of several brands: their names, prices and page titles."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lens_rx.facts import Money
from lens_rx.pricing import convert
from lens_rx.sandbox.catalogue import Thing
from lens_rx.sandbox.endpoints import SANDBOX_SUFFIX

#: The day of the exchange rates for resellers' prices.
RATES_DAY = date(2025, 6, 30)
CLOTHES = ("jacket", "coat", "parka", "sweater", "pullover", "shirt", "trousers", "jeans", "dress", "vest")
SHOES = ("shoe", "shoes", "boot", "boots", "sneaker", "sneakers", "sandals")
SIZE_WORDS = {"en": "size", "de": "Gr.", "fr": "taille", "es": "talla", "it": "taglia"}
TITLES = {
    "en": (
        "{name} {colour} {size} | Free shipping",
        "Buy {name} online – {shop}",
        "{name} {size} - 30 day returns | {shop}",
    ),
    "de": (
        "{name} {size} | Kostenloser Versand",
        "{name} günstig kaufen – {shop}",
        "{name} online bestellen {size} | {shop}",
    ),
    "fr": (
        "{name} {size} | Livraison gratuite",
        "{name} pas cher – {shop}",
        "Acheter {name} {size} en ligne | {shop}",
    ),
    "es": ("{name} {size} | Envío gratis", "Comprar {name} al mejor precio – {shop}"),
    "it": ("{name} {size} | Spedizione gratuita", "{name} in offerta – {shop}"),
}


@dataclass(frozen=True, slots=True)
class Reseller:
    """A shop of several brands; `factor` is its price relative to the producer's."""

    label: str
    name: str
    language: str
    currency: str
    factor: Decimal

    @property
    def host(self) -> str:
        """Its host name."""
        return self.label + SANDBOX_SUFFIX

    def link(self, thing: Thing) -> str:
        """Return the address of its page of the thing."""
        return f"http://{self.host}/item/{thing.id}"

    def price(self, thing: Thing) -> Money:
        """Return its price: near the producer's price, never equal to it."""
        base = thing.retail or Money(thing.used * 2, "EUR")
        local = convert(base, self.currency, RATES_DAY)
        assert local is not None, f"no rate for {base.currency}"
        return Money((local.amount * self.factor).quantize(Decimal(1)) - Decimal("0.05"), self.currency)

    def title(self, thing: Thing) -> str:
        """Return its page's title in its language, with size and advertising text."""
        rng = random.Random(f"{self.label}:{thing.id}")
        size = f"{SIZE_WORDS[self.language]} {random_size(thing, rng)}" if random_size(thing, rng) else ""
        name = f"{thing.producer} {thing.model}"
        title = rng.choice(TITLES[self.language])
        filled = title.format(name=name, colour=thing.colour, size=size, shop=self.name)
        return " ".join(filled.split())


RESELLERS = (
    Reseller("gearcellar", "Gear Cellar", "en", "GBP", Decimal("0.91")),
    Reseller("zonenhaus", "Zonenhaus", "de", "EUR", Decimal("0.88")),
    Reseller("prixdoux", "Prix Doux", "fr", "EUR", Decimal("0.94")),
    Reseller("plazanueva", "Plaza Nueva", "es", "EUR", Decimal("1.07")),
    Reseller("bottegaviva", "Bottega Viva", "it", "EUR", Decimal("0.97")),
    Reseller("shelfandcrate", "Shelf & Crate", "en", "USD", Decimal("0.86")),
)


def random_size(thing: Thing, rng: random.Random) -> str:
    """Return a random size of the thing, "" where it has none."""
    if thing.kind in CLOTHES:
        return rng.choice(("S", "M", "L", "XL"))
    return str(rng.randint(37, 46)) if thing.kind in SHOES else ""


def resellers_for(thing: Thing) -> tuple[Reseller, ...]:
    """Return the two to four resellers of the thing, the same ones each time."""
    rng = random.Random(f"resellers:{thing.id}")
    return tuple(rng.sample(RESELLERS, rng.randint(2, 4)))


def reseller_for_host(host: str) -> Reseller | None:
    """Return the reseller of that host name, or None."""
    return next((reseller for reseller in RESELLERS if reseller.host == host), None)
