"""What a sale costs: the fees of marketplaces by country and kind of seller, and the rates of value added tax."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

HUNDRED = Decimal(100)
ANY_COUNTRY, ANY_SELLER = "*", "any"
#: Of several marketplaces that are not named, the one whose fees are reckoned with.
PREFERRED_MARKETPLACES = ("ebay", "mercadolibre", "mercari", "vinted")


@dataclass(frozen=True, slots=True)
class Fee:
    """The fees of one marketplace in one country for one kind of seller; amounts in `currency`, percent of the price.

    `percent` up to `above`, `percent_above` of what is beyond; `fixed` an order, but `fixed_small` up to a price
    of `small_to`. `since` is the day from which it holds. `categories`, in small letters, are those that it is for; none:
    all. `is_own`: of a company's rules, not of the table.
    """

    marketplace: str
    country: str
    seller: str
    currency: str
    percent: Decimal
    since: date
    source: str = ""
    above: Decimal | None = None
    percent_above: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    fixed_small: Decimal | None = None
    small_to: Decimal = Decimal(0)
    payment_percent: Decimal = Decimal(0)
    payment_fixed: Decimal = Decimal(0)
    categories: frozenset[str] = frozenset()
    is_own: bool = False

    def percent_only(self) -> Fee:
        """Return the fee without the parts that are amounts, which need a rate in another currency."""
        none = Decimal(0)
        return replace(self, above=None, fixed=none, fixed_small=None, small_to=none, payment_fixed=none)

    def commission(self, price: Decimal) -> Decimal:
        """Return what the marketplace takes of a price in the fee's currency, not rounded."""
        within = price if self.above is None else min(price, self.above)
        small = self.fixed_small is not None and price <= self.small_to
        fixed = (self.fixed_small or Decimal(0)) if small else self.fixed
        return (within * self.percent + (price - within) * self.percent_above) / HUNDRED + fixed

    def payment(self, price: Decimal) -> Decimal:
        """Return what the payment of a price costs the seller, not rounded."""
        if not self.payment_percent and not self.payment_fixed:
            return Decimal(0)
        return price * self.payment_percent / HUNDRED + self.payment_fixed


#: Names of a fee's fields in a file; those with a default may be left out.
FEE_TEXTS = ("marketplace", "country", "seller", "currency", "source")
FEE_AMOUNTS = "percent above percent_above fixed fixed_small small_to payment_percent payment_fixed".split()


def parse_fee(table: Mapping[str, Any], *, is_own: bool = False) -> Fee:
    """Return the fee of a `[[fee]]` table whose keys and types are checked; names in any case of letters."""
    texts = {name: str(table[name]) for name in FEE_TEXTS if name in table}
    amounts = {name: Decimal(str(table[name])) for name in FEE_AMOUNTS if name in table}
    defaults = {"country": ANY_COUNTRY, "seller": ANY_SELLER, "source": ""}
    fee = Fee(**{**defaults, **texts, **amounts}, since=table["since"], is_own=is_own)  # type: ignore[arg-type]  # by name
    return replace(
        fee,
        marketplace=fee.marketplace.casefold().strip(),
        country=fee.country.upper(),
        currency=fee.currency.upper(),
        categories=fold_words(table.get("category", [])),
    )


def as_list(words: str | Iterable[str]) -> list[str]:
    """Return the words of a key that takes one word or several."""
    return [words] if isinstance(words, str) else list(words)


def fold_words(words: str | Iterable[str]) -> frozenset[str]:
    """Return one word or several as they are compared: in small letters."""
    return frozenset(it.casefold().strip() for it in as_list(words))


def load_table(name: str) -> dict[str, Any]:
    """Return a TOML file of this package; fractions are `Decimal`."""
    return tomllib.loads((files("lens_rx.pricing.decision") / name).read_text("utf-8"), parse_float=Decimal)


@lru_cache(maxsize=1)
def fee_table() -> tuple[Fee, ...]:
    """Return the fees that come with the package."""
    document = load_table("marketplace_fees.toml")
    words = document["categories"]
    return tuple(
        parse_fee(table | {"category": [word for name in table.get("category", []) for word in words[name]]})
        for table in document["fee"]
    )


@lru_cache(maxsize=1)
def vat_rates() -> Mapping[str, Decimal]:
    """Return the standard rate in percent of each country that has a margin scheme for second-hand goods."""
    return MappingProxyType(
        {country: Decimal(str(rate)) for country, rate in load_table("vat_rates.toml")["standard"].items()}
    )


def known_marketplaces(fees: Iterable[Fee]) -> tuple[str, ...]:
    """Return the names of the marketplaces in a table, sorted."""
    return tuple(sorted({fee.marketplace for fee in fees}))


@lru_cache(maxsize=1)
def _sells_in() -> Mapping[str, frozenset[str]]:
    table = load_table("marketplace_fees.toml")["sells_in"]
    return MappingProxyType({name: frozenset(countries.split()) for name, countries in table.items()})


def sells_in(marketplace: str, country: str) -> bool:
    """Return whether a marketplace sells in a country; of one that the table does not bound it is taken for granted."""
    known = _sells_in().get(marketplace)
    return known is None or country in known


def marketplace_names(own_fees: Iterable[Fee] = ()) -> tuple[str, ...]:
    """Return the marketplaces that rules may name, sorted: those with fees, and those that are only searched."""
    return tuple(sorted({*known_marketplaces((*fee_table(), *own_fees)), *_sells_in()}))


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells on which day, of what kind ("business", "private"), in which country, and what category of things."""

    country: str
    kind: str
    on: date
    category: str = ""

    def pays(self, fee: Fee) -> bool:
        """Return whether a fee of its marketplace holds for this seller."""
        return (
            fee.country in (self.country, ANY_COUNTRY)
            and fee.seller in (self.kind, ANY_SELLER)
            and fee.since <= self.on
            and (not fee.categories or not fee.categories.isdisjoint(self._names()))
        )

    def _names(self) -> list[str]:
        """Return the category and what it is more generally: a "lounge chair" is a "chair", a "camera bag" no "camera"."""
        words = self.category.casefold().split()
        return [" ".join(words[at:]) for at in range(len(words))]


def find_fee(fees: Sequence[Fee], marketplace: str, seller: Seller) -> Fee | None:
    """Return the fee that a seller pays, None where none is known; of equal lines the first.

    One of a company's own goes before all of the table, one of the category before one of all, a line of the country
    before one of all countries, one of the kind of seller before one of any, and the newest that holds already before older
    ones.
    """
    matching = [fee for fee in fees if fee.marketplace == marketplace and seller.pays(fee)]
    return max(
        matching,
        key=lambda fee: (
            fee.is_own,
            bool(fee.categories),
            fee.country == seller.country,
            fee.seller == seller.kind,
            fee.since,
        ),
        default=None,
    )


def marketplaces_of(fees: Sequence[Fee], seller: Seller) -> tuple[str, ...]:
    """Return the marketplaces that sell in the seller's country and whose fees for it are known, sorted."""
    return tuple(
        name
        for name in known_marketplaces(fees)
        if (fee := find_fee(fees, name, seller))
        and (fee.country == seller.country or sells_in(name, seller.country))
    )


def default_marketplace(fees: Sequence[Fee], seller: Seller) -> str:
    """Return the marketplace whose fees are reckoned with where none is named, "" where none is known there."""
    known = marketplaces_of(fees, seller)
    return next((name for name in (*PREFERRED_MARKETPLACES, *known) if name in known), "")
