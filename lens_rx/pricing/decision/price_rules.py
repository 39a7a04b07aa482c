"""A company's rules for buying and pricing, as values: the defaults, and rules by brand, category, price band and market."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal

from lens_rx.pricing.decision.fee_table import Fee, fee_table
from lens_rx.pricing.decision.sale_costs import TaxScheme


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one purchase; None: not said. Amounts are in the currency of the rules.

    margin: percent of the price it sells at; min_profit: an amount; the larger of both counts.
    floor: the lowest price it is worth to sell at; ceiling: the most that is ever paid for one thing.
    rounding: list prices are multiples of it; ending: and end so (0.99).
    days_to_sell: the list price to take sells within these days more likely than not.
    negotiate: percent by which a seller may be talked down; beyond it the thing is left.
    buy: False: such things are not taken.
    """

    margin: Decimal | None = None
    min_profit: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    rounding: Decimal | None = None
    ending: Decimal | None = None
    days_to_sell: Decimal | None = None
    negotiate: Decimal | None = None
    shipping: Decimal | None = None
    refurbishing: Decimal | None = None
    vat_percent: Decimal | None = None
    tax: TaxScheme | None = None
    seller: str | None = None
    marketplace: str | None = None
    country: str | None = None
    buy: bool | None = None

    def merged(self, other: Policy) -> Policy:
        """Return this policy with what `other` says in its place."""
        said = {it.name: getattr(other, it.name) for it in fields(other)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


#: What holds where nobody says anything.
BUILT_IN = Policy(
    margin=Decimal(30), min_profit=Decimal(0), negotiate=Decimal(30), seller="business", buy=True
)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A policy and the things it is for: any of its brands, any of its categories, a band of typical prices, a market."""

    policy: Policy
    brands: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    sold_on: frozenset[str] = frozenset()
    sold_in: frozenset[str] = frozenset()

    def applies(self, subject: RuleSubject) -> bool:
        """Return whether the rule is for a thing."""
        return (
            (not self.brands or subject.brand.casefold().strip() in self.brands)
            and (not self.categories or subject.category.casefold().strip() in self.categories)
            and (self.price_from is None or subject.price >= self.price_from)
            and (self.price_to is None or subject.price < self.price_to)
            and (not self.sold_on or subject.marketplace in self.sold_on)
            and (not self.sold_in or subject.country in self.sold_in)
        )


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """What rules look at: a thing and where it is to be sold; `price` in the currency of the rules."""

    brand: str
    category: str
    price: Decimal
    marketplace: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class PriceRules:
    """All rules, in order: of several that apply to a thing, what the last one says holds. `fees` of its own go first."""

    currency: str = "EUR"
    defaults: Policy = BUILT_IN
    rules: tuple[PriceRule, ...] = ()
    own_fees: tuple[Fee, ...] = ()

    @property
    def fees(self) -> tuple[Fee, ...]:
        """All fees; one of the rules goes before those of the table, for all sellers unless it names one."""
        return (*self.own_fees, *fee_table())

    def policy(self, subject: RuleSubject) -> Policy:
        """Return what holds for a thing."""
        policy = self.defaults
        for rule in self.rules:
            if rule.applies(subject):
                policy = policy.merged(rule.policy)
        return policy
