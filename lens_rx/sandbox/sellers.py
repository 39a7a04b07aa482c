"""Sellers: they write the second-hand listings of a thing around its true price, and the traps beside them.

Generated from the thing's name alone, so that every process sees the same ones. What a listing shows is
`used` (sold, in the photo's condition) times its own condition's factor, seller's mood and, where it is
still for sale, 10 to 25 % of hope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from lens_rx.facts import Condition, Money
from lens_rx.pricing import convert
from lens_rx.sandbox.listings import Listed, Listing, Market, Trap
from lens_rx.sandbox.seller_phrases import WORDS, SellersWords

#: Price by condition, against a good used one.
FACTORS: Final[Mapping[Condition, float]] = {
    Condition.NEW: 1.3,
    Condition.LIKE_NEW: 1.15,
    Condition.VERY_GOOD: 1.07,
    Condition.GOOD: 1.0,
    Condition.USED: 1.0,
    Condition.ACCEPTABLE: 0.7,
    Condition.FOR_PARTS: 0.3,
}
#: How often each condition is seen, in that order.
SHARES: Final = (4, 14, 20, 30, 17, 13, 2)
#: The newest rates that ship, so that what is generated follows nothing but them.
NEWEST: Final = date.max
PLACES: Final[Mapping[Market, tuple[str, str]]] = {
    Market.GERMANY: ("de", "EUR"),
    Market.AMERICA: ("en", "USD"),
    Market.BRITAIN: ("en", "GBP"),
    Market.FRANCE: ("fr", "EUR"),
    Market.SPAIN: ("es", "EUR"),
    Market.ITALY: ("it", "EUR"),
    Market.NETHERLANDS: ("nl", "EUR"),
    Market.POLAND: ("pl", "PLN"),
}
#: Language and currency on the other marketplaces; Vinted speaks as eBay does.
ELSEWHERE: Final = {"mercari": ("ja", "JPY"), "carousell": ("en", "SGD")}


def listings_for(thing: Listed) -> tuple[Listing, ...]:
    """Return the cards that searches for the thing show, in the order of the page; none for a rare thing."""
    if thing.comparables == 0:
        return ()
    seller = _Seller(thing, Random(thing.id))
    cards = [*seller.honest(), *seller.strangers()]
    seller.dice.shuffle(cards)
    return tuple(cards)


@dataclass(frozen=True, slots=True)
class _Seller:
    """Writes the listings of one thing."""

    thing: Listed
    dice: Random

    def honest(self) -> Iterator[Listing]:
        """Yield listings of the very thing: for sale and sold, fixed prices, auctions and ranges."""
        rare = self.thing.comparables < 3
        spread = 0 if rare else self.dice.randint(-4, 8)
        for number in range(self.thing.comparables + spread):
            condition = self.dice.choices(list(FACTORS), SHARES)[0] if number > 1 else self.thing.condition
            yield self._honest(condition, "ebay" if rare or number < 9 else self._anywhere())

    def strangers(self) -> Iterator[Listing]:
        """Yield what a search shows beside the thing; beside a rare one only what is plainly no comparable."""
        words = WORDS[PLACES[self.thing.market][0]]
        rare = self.thing.comparables < 3
        for trap, titles, low, high, at_most in (
            (Trap.REPLICA, words.replicas, 0.08, 0.3, 2),
            (Trap.ACCESSORY, words.accessories, 0.05, 0.25, 3),
            (Trap.BUNDLE, words.bundles, 2.0, 5.0, 3),
            (Trap.OTHER_MODEL, words.variants, 0.5, 2.0, 3),
            (Trap.OTHER_KIND, words.other_kinds, 0.05, 0.2, 1),
        )[: 2 if rare else None]:
            for title in self.dice.sample(titles, self.dice.randint(1, min(at_most, len(titles)))):
                yield self._stranger(trap, title, self.dice.uniform(low, high))
        if not rare and self.dice.random() < 0.6:
            yield replace(self._honest(Condition.GOOD, "ebay", 100), trap=Trap.OUTLIER)

    def _anywhere(self) -> str:
        return self.dice.choices(("ebay", "vinted", "mercari", "carousell"), (62, 14, 13, 11))[0]

    def _honest(self, condition: Condition, marketplace: str, times: float = 1) -> Listing:
        """Return one listing of the very thing, at `times` its price."""
        language, _ = self._place(marketplace)
        sold = self.dice.randint(1, 85) if self.dice.random() < 0.42 else None
        bids = self.dice.randint(1, 28) if marketplace == "ebay" and self.dice.random() < 0.18 else None
        level = times * FACTORS[condition] / FACTORS[self.thing.condition] * self.dice.lognormvariate(0, 0.1)
        if sold is None:
            level *= self.dice.uniform(0.45, 0.95) if bids else self.dice.uniform(1.1, 1.25)
        listing = self._listing(marketplace, self._title(WORDS[language]), level, condition)
        ranged = sold is None and bids is None and self.dice.random() < 0.06
        high = listing.price.amount * Decimal("1.3") if ranged else None
        return replace(
            listing,
            sold_days_ago=sold,
            bids=bids,
            price_high=_rounded(high) if high else None,
            best_offer=bids is None and self.dice.random() < 0.25,
        )

    def _stranger(self, trap: Trap, title: str, level: float) -> Listing:
        """Return one listing that is no comparable, at that share of the thing's price."""
        name = f"{self.thing.producer} {self.thing.model}"
        count = max(2, round(level * 0.9))
        filled = title.format(name=name, kind=self.thing.kind, count=count)
        condition = self.dice.choice((Condition.NEW, Condition.GOOD, Condition.USED))
        listing = self._listing("ebay", filled, level, condition)
        sold = self.dice.randint(1, 85) if self.dice.random() < 0.3 else None
        return replace(listing, sold_days_ago=sold, trap=trap)

    def _listing(self, marketplace: str, title: str, level: float, condition: Condition) -> Listing:
        language, currency = self._place(marketplace)
        wear = WORDS[language].wear[condition]
        price = _in(currency, self.thing.used * Decimal(level))
        fee = _in(currency, Decimal(self.dice.choice(("3.90", "5.90", "9.50"))))
        shipping = self.dice.choice((None, Decimal(0), fee.amount))
        number = f"{self.dice.randrange(10**11, 10**12)}"
        return Listing(
            id=number,
            marketplace=marketplace,
            language=language,
            title=title,
            price=price,
            condition=condition,
            condition_text=wear,
            shipping=shipping,
            thing_id=self.thing.id,
        )

    def _title(self, words: SellersWords) -> str:
        """Return the name with what sellers put around it."""
        colour = self.thing.colour if self.dice.random() < 0.5 else ""
        kind = self.thing.kind if self.dice.random() < 0.4 else ""
        parts = (self.thing.producer, self.thing.model, colour, kind, self.dice.choice(words.noise))
        return " ".join(filter(None, parts))

    def _place(self, marketplace: str) -> tuple[str, str]:
        return ELSEWHERE.get(marketplace) or PLACES[self.thing.market]


def _in(currency: str, euros: Decimal) -> Money:
    """Return euros in a currency, rounded as sellers round."""
    local = convert(Money(euros, "EUR"), currency, NEWEST)
    assert local is not None, f"no rate for {currency}"
    return Money(_rounded(local.amount), currency)


def _rounded(amount: Decimal) -> Decimal:
    """Return a price as sellers write it: whole above 40 units, tenths below, hundreds for yen."""
    if amount >= 3000:
        return amount.quantize(Decimal("1E+2")).quantize(Decimal(1))
    return (
        amount.quantize(Decimal(1))
        if amount >= 40
        else amount.quantize(Decimal("0.1")).quantize(Decimal("0.01"))
    )
