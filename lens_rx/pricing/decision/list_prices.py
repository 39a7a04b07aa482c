"""Three list prices, fast, market and patient: each with its chances to sell and what is left of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from lens_rx.facts import DecisionBasis
from lens_rx.pricing.decision.price_rules import Policy
from lens_rx.pricing.decision.sale_costs import Net, SaleCosts, payable
from lens_rx.pricing.decision.sale_range import SaleRange
from lens_rx.pricing.decision.time_to_sell import Listing, SaleRate, sale_rate

#: The places of the list prices in the range of single sales: its quarters.
PLACES = (("fast", -0.6745), ("market", 0.0), ("patient", 0.6745))
#: Days for which chances are given.
HORIZONS = (14, 30)
EVEN_CHANCE = 0.5


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A price to list at; `chances` to sell within each of `HORIZONS`, empty where there is too little evidence."""

    name: str
    net: Net
    chances: tuple[float, ...] = ()

    @property
    def price(self) -> Decimal:
        """The list price."""
        return self.net.price


@dataclass(frozen=True, slots=True)
class ListPrices:
    """The list prices, lowest first, how fast such things sell, and why that is not known, "" where it is."""

    prices: tuple[ListPrice, ...]
    typical: Decimal
    rate: SaleRate | None = None
    note: str = ""

    def chance(self, price: Decimal, days: float) -> float | None:
        """Return the chance to sell at a price within `days`, None where it is not known."""
        return self.rate.chance(math.log(price / self.typical), days) if self.rate and price > 0 else None


def list_prices(
    basis: DecisionBasis, prices: SaleRange, policy: Policy, costs: SaleCosts, cost: Decimal
) -> ListPrices:
    """Return the three list prices; the tax in their net is that of a thing bought for `cost`."""
    found = sale_rate(_listings(basis))
    rate, note = (None, found) if isinstance(found, str) else (found, "")
    result = ListPrices((), prices.typical, rate, note)
    ended = ((name, _list_price(prices, sds, policy)) for name, sds in PLACES)
    made = tuple(
        ListPrice(
            name,
            costs.net(price, cost),
            tuple(it for days in HORIZONS if (it := result.chance(price, days)) is not None),
        )
        for name, price in ended
    )
    return replace(result, prices=made)


def dearest_list_price(prices: SaleRange, policy: Policy) -> Decimal:
    """Return the highest of the list prices."""
    return _list_price(prices, PLACES[-1][1], policy)


def _list_price(prices: SaleRange, sds: float, policy: Policy) -> Decimal:
    return payable(with_ending(prices.at(sds), policy), prices.currency)


def recommended(asked: ListPrices, policy: Policy) -> str:
    """Return the name of the price to list at: the dearest that sells within the rule's days more likely than not.

    `market` where no days are wished or how fast it sells is not known; `fast` where none sells so soon.
    """
    if policy.days_to_sell is None or asked.rate is None:
        return "market"
    days = float(policy.days_to_sell)
    soon = [it.name for it in asked.prices if (asked.chance(it.price, days) or 0.0) >= EVEN_CHANCE]
    return soon[-1] if soon else "fast"


def with_ending(price: Decimal, policy: Policy) -> Decimal:
    """Return the nearest price of the rule's form, above 0: a multiple of `rounding` that ends in `ending`."""
    if policy.rounding is None and policy.ending is None:
        return price
    step, ending = policy.rounding or Decimal(1), policy.ending or Decimal(0)
    number = ((price - ending) / step).quantize(Decimal(1), ROUND_HALF_UP)
    least = 0 if ending else 1
    return max(number, Decimal(least)) * step + ending


def _listings(basis: DecisionBasis) -> list[Listing]:
    now, typical = basis.offers_read_at, basis.estimate.price
    if now is None:
        return []
    # a marketplace that shows no sales would add stock without its sales, and so make all look slow
    shows_sales = {it.marketplace for it in basis.listings if it.sold_at is not None}
    return [
        Listing(
            math.log(it.amount / typical),
            sold_days=_days(now, it.sold_at),
            listed_days=_days(now, it.listed_at),
        )
        for it in basis.listings
        if it.amount > 0 and it.sold == (it.sold_at is not None) and it.marketplace in shows_sales
    ]


def _days(now: datetime, then: datetime | None) -> float | None:
    if then is None:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=now.tzinfo)
    return max((now - then).total_seconds() / 86_400, 0.0)
