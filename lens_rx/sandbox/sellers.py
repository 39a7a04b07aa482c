"""Generate a thing's second-hand listings: comparables around its true price, and non-comparables.

The random generator is seeded by the thing's id, so every process generates the same listings. A price is `used`
(the true price in the photo's condition) times the condition's factor and a log-normal spread; asking prices are
10 to 25 % higher.
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
from lens_rx.sandbox.listings import Listing, ListingSource, Market, Trap
from lens_rx.sandbox.seller_phrases import SELLER_PHRASES, SellerPhrases

#: Price by condition, relative to `good`.
CONDITION_FACTORS: Final[Mapping[Condition, float]] = {
    Condition.NEW: 1.3,
    Condition.LIKE_NEW: 1.15,
    Condition.VERY_GOOD: 1.07,
    Condition.GOOD: 1.0,
    Condition.USED: 1.0,
    Condition.ACCEPTABLE: 0.7,
    Condition.FOR_PARTS: 0.3,
}
#: Relative frequency of each condition, in that order.
CONDITION_WEIGHTS: Final = (4, 14, 20, 30, 17, 13, 2)
#: Converts at the latest rates of the installed data.
LATEST_RATES: Final = date.max
MARKET_LOCALES: Final[Mapping[Market, tuple[str, str]]] = {
    Market.GERMANY: ("de", "EUR"),
    Market.AMERICA: ("en", "USD"),
    Market.BRITAIN: ("en", "GBP"),
    Market.FRANCE: ("fr", "EUR"),
    Market.SPAIN: ("es", "EUR"),
    Market.ITALY: ("it", "EUR"),
    Market.NETHERLANDS: ("nl", "EUR"),
    Market.POLAND: ("pl", "PLN"),
}
#: Language and currency of marketplaces that do not follow the thing's market.
MARKETPLACE_LOCALES: Final = {"mercari": ("ja", "JPY"), "carousell": ("en", "SGD")}


def generate_listings(thing: ListingSource) -> tuple[Listing, ...]:
    """Return the listings that a search for the thing shows, in order; none where it has no comparables."""
    if thing.comparables == 0:
        return ()
    seller = _ListingGenerator(thing, Random(thing.id))
    cards = [*seller.comparables(), *seller.non_comparables()]
    seller.rng.shuffle(cards)
    return tuple(cards)


@dataclass(frozen=True, slots=True)
class _ListingGenerator:
    """Generates the listings of one thing."""

    thing: ListingSource
    rng: Random

    def comparables(self) -> Iterator[Listing]:
        """Yield listings of the thing itself: for sale and sold, with fixed prices, auctions and price ranges."""
        rare = self.thing.comparables < 3
        spread = 0 if rare else self.rng.randint(-4, 8)
        for number in range(self.thing.comparables + spread):
            condition = (
                self.rng.choices(list(CONDITION_FACTORS), CONDITION_WEIGHTS)[0]
                if number > 1
                else self.thing.condition
            )
            yield self._comparable(condition, "ebay" if rare or number < 9 else self._pick_marketplace())

    def non_comparables(self) -> Iterator[Listing]:
        """Yield listings that a search shows beside the thing; for a rare thing only obvious non-comparables."""
        phrases = SELLER_PHRASES[MARKET_LOCALES[self.thing.market][0]]
        rare = self.thing.comparables < 3
        for trap, titles, low, high, at_most in (
            (Trap.REPLICA, phrases.replicas, 0.08, 0.3, 2),
            (Trap.ACCESSORY, phrases.accessories, 0.05, 0.25, 3),
            (Trap.BUNDLE, phrases.bundles, 2.0, 5.0, 3),
            (Trap.OTHER_MODEL, phrases.variants, 0.5, 2.0, 3),
            (Trap.OTHER_KIND, phrases.other_kinds, 0.05, 0.2, 1),
        )[: 2 if rare else None]:
            for title in self.rng.sample(titles, self.rng.randint(1, min(at_most, len(titles)))):
                yield self._non_comparable(trap, title, self.rng.uniform(low, high))
        if not rare and self.rng.random() < 0.6:
            yield replace(self._comparable(Condition.GOOD, "ebay", 100), trap=Trap.OUTLIER)

    def _pick_marketplace(self) -> str:
        return self.rng.choices(("ebay", "vinted", "mercari", "carousell"), (62, 14, 13, 11))[0]

    def _comparable(self, condition: Condition, marketplace: str, times: float = 1) -> Listing:
        """Return one listing of the thing itself, at `times` its price."""
        language, _ = self._locale(marketplace)
        sold = self.rng.randint(1, 85) if self.rng.random() < 0.42 else None
        bids = self.rng.randint(1, 28) if marketplace == "ebay" and self.rng.random() < 0.18 else None
        level = (
            times
            * CONDITION_FACTORS[condition]
            / CONDITION_FACTORS[self.thing.condition]
            * self.rng.lognormvariate(0, 0.1)
        )
        if sold is None:
            level *= self.rng.uniform(0.45, 0.95) if bids else self.rng.uniform(1.1, 1.25)
        listing = self._listing(marketplace, self._title(SELLER_PHRASES[language]), level, condition)
        ranged = sold is None and bids is None and self.rng.random() < 0.06
        high = listing.price.amount * Decimal("1.3") if ranged else None
        return replace(
            listing,
            sold_days_ago=sold,
            bids=bids,
            price_high=_round_price(high) if high else None,
            best_offer=bids is None and self.rng.random() < 0.25,
        )

    def _non_comparable(self, trap: Trap, title: str, level: float) -> Listing:
        """Return one listing that is no comparable, at `level` times the thing's price."""
        name = f"{self.thing.producer} {self.thing.model}"
        count = max(2, round(level * 0.9))
        filled = title.format(name=name, kind=self.thing.kind, count=count)
        condition = self.rng.choice((Condition.NEW, Condition.GOOD, Condition.USED))
        listing = self._listing("ebay", filled, level, condition)
        sold = self.rng.randint(1, 85) if self.rng.random() < 0.3 else None
        return replace(listing, sold_days_ago=sold, trap=trap)

    def _listing(self, marketplace: str, title: str, level: float, condition: Condition) -> Listing:
        language, currency = self._locale(marketplace)
        wear = SELLER_PHRASES[language].conditions[condition]
        price = _convert_rounded(currency, self.thing.used * Decimal(level))
        fee = _convert_rounded(currency, Decimal(self.rng.choice(("3.90", "5.90", "9.50"))))
        shipping = self.rng.choice((None, Decimal(0), fee.amount))
        number = f"{self.rng.randrange(10**11, 10**12)}"
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

    def _title(self, phrases: SellerPhrases) -> str:
        """Return the thing's name with a seller's additions."""
        colour = self.thing.colour if self.rng.random() < 0.5 else ""
        kind = self.thing.kind if self.rng.random() < 0.4 else ""
        parts = (self.thing.producer, self.thing.model, colour, kind, self.rng.choice(phrases.additions))
        return " ".join(filter(None, parts))

    def _locale(self, marketplace: str) -> tuple[str, str]:
        return MARKETPLACE_LOCALES.get(marketplace) or MARKET_LOCALES[self.thing.market]


def _convert_rounded(currency: str, euros: Decimal) -> Money:
    """Convert euros to a currency, rounded as sellers round."""
    local = convert(Money(euros, "EUR"), currency, LATEST_RATES)
    assert local is not None, f"no rate for {currency}"
    return Money(_round_price(local.amount), currency)


def _round_price(amount: Decimal) -> Decimal:
    """Round a price: to hundreds from 3,000, to units from 40, else to tenths."""
    if amount >= 3000:
        return amount.quantize(Decimal("1E+2")).quantize(Decimal(1))
    return (
        amount.quantize(Decimal(1))
        if amount >= 40
        else amount.quantize(Decimal("0.1")).quantize(Decimal("0.01"))
    )
