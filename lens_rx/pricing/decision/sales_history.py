"""One's own history of purchases and sales against the rules: error, calibration and profit. Pure."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from lens_rx.facts import DecisionBasis, Estimate, EstimateBasis
from lens_rx.pricing.decision.decide import SaleMarket, Terms, decide_in, sale_market
from lens_rx.pricing.decision.sale_range import ADDED_SPREAD, SDS_TO_END, sale_range
from lens_rx.pricing.decision.verdict import Action
from lens_rx.pricing.price_estimate import is_near

#: Earlier sales from which is learnt what an asking price brings; before them it is taken as it is.
MIN_EARLIER = 5


@dataclass(frozen=True, slots=True)
class PastSale:
    """One thing that was bought and sold. `estimate`, `low`, `high` and `certainty` are those of the time, if known."""

    bought: Decimal
    sold: Decimal
    asked: Decimal | None = None
    when: date | None = None
    estimate: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    certainty: float | None = None
    brand: str = ""
    category: str = ""
    marketplace: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Purchases:
    """Some purchases together: how many, what was paid for them, and what was left in the end."""

    number: int
    paid: Decimal
    profit: Decimal


@dataclass(frozen=True, slots=True)
class WithoutFee:
    """How many sales were reckoned without a fee, since none is known of the marketplace ("": none) in the country."""

    marketplace: str
    country: str
    sales: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """What a history says; shares are 0 to 1. None where nothing in it tells.

    `median_error` is that of the estimate, `bias` how far its middle lies above (positive) or below the sales.
    `inside` is the share of sales in the range that is to hold four of five. `said` is the mean certainty, `was`
    the share within 20 %, of the sales that have a certainty. `bought` and `left` are what the rules would have done.
    """

    sales: int
    priced: int
    median_error: float | None
    bias: float | None
    within: float | None
    inside: float | None
    said: float | None
    was: float | None
    actual: Purchases
    bought: Purchases
    left: Purchases
    brings: float | None
    without_fee: tuple[WithoutFee, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """A sale, the estimate that was known before it, its profit, and whether the rules would have bought."""

    sale: PastSale
    basis: DecisionBasis | None
    profit: Decimal
    buys: bool
    market: SaleMarket | None = None

    @property
    def log_error(self) -> float | None:
        """Return the logarithm of the estimate by the sale."""
        return math.log(self.basis.estimate.price / self.sale.sold) if self.basis else None


def backtest(sales: Sequence[PastSale], terms: Terms, currency: str, on: date) -> Backtest:
    """Return what the rules of `terms` would have made of sales, all in one currency, with the fees of the day `on`.

    Where a sale has no estimate of its own, its asking price by what earlier sales brought of theirs takes the place;
    later sales are not looked at.
    """
    ordered = sorted(sales, key=lambda it: it.when or date.min)
    ratios: list[float] = []
    judged = []
    for sale in ordered:
        judged.append(_judge(sale, _basis(sale, ratios, currency), terms, currency, on))
        if sale.asked:
            ratios.append(math.log(sale.sold / sale.asked))
    return _report(judged, math.exp(statistics.median(ratios)) if len(ratios) >= MIN_EARLIER else None)


def _basis(sale: PastSale, ratios: Sequence[float], currency: str) -> DecisionBasis | None:
    """Return the estimate that was known before a sale."""
    spread = ADDED_SPREAD
    if sale.estimate is not None:
        price = float(sale.estimate)
    elif sale.asked is not None:
        learnt = len(ratios) >= MIN_EARLIER
        price = float(sale.asked) * (math.exp(statistics.median(ratios)) if learnt else 1.0)
        spread = max(statistics.pstdev(ratios), 0.02) if learnt else spread
    else:
        return None
    low, high = (Decimal(repr(price * math.exp(sign * SDS_TO_END * spread))) for sign in (-1, 1))
    estimate = Estimate(
        Decimal(repr(price)),
        sale.low or low,
        sale.high or high,
        1.0 if sale.certainty is None else sale.certainty,
        currency,
        EstimateBasis.SOLD,
        len(ratios),
        sale_low=sale.low or low,
        sale_high=sale.high or high,
    )
    return DecisionBasis(estimate, (), sale.brand, sale.category, sale.country)


def _judge(sale: PastSale, basis: DecisionBasis | None, terms: Terms, currency: str, on: date) -> _Judged:
    named = replace(
        terms,
        cost=sale.bought,
        marketplace=sale.marketplace or terms.marketplace,
        country=sale.country or terms.country,
    )
    known = basis or _as_sold(sale, currency)
    prices = sale_range(known, currency, on)
    if prices is None:
        return _Judged(sale, None, sale.sold - sale.bought, buys=False)
    market = sale_market(known, named, prices, on)
    net = market.costs.net(sale.sold, sale.bought)
    action = decide_in(market, known, named, prices).verdict.action
    return _Judged(
        sale, basis, net.net - sale.bought, buys=basis is not None and action is Action.BUY, market=market
    )


def _as_sold(sale: PastSale, currency: str) -> DecisionBasis:
    """Return a basis for the fees of a sale of which no estimate is known."""
    estimate = Estimate(sale.sold, sale.sold, sale.sold, 1.0, currency, EstimateBasis.SOLD, 0)
    return DecisionBasis(estimate, (), sale.brand, sale.category, sale.country)


def _report(judged: Sequence[_Judged], brings: float | None) -> Backtest:
    errors = [error for it in judged if (error := it.log_error) is not None]
    priced = [it for it in judged if it.basis is not None]
    certain = [it for it in priced if it.sale.certainty is not None]
    return Backtest(
        sales=len(judged),
        priced=len(priced),
        median_error=math.expm1(statistics.median(map(abs, errors))) if errors else None,
        bias=math.expm1(statistics.median(errors)) if errors else None,
        within=_share([_is_near(it) for it in priced]),
        inside=_share(
            [it.basis.estimate.low <= it.sale.sold <= it.basis.estimate.high for it in priced if it.basis]
        ),
        said=statistics.fmean(it.sale.certainty or 0.0 for it in certain) if certain else None,
        was=_share([_is_near(it) for it in certain]),
        actual=_sum(judged),
        bought=_sum([it for it in priced if it.buys]),
        left=_sum([it for it in priced if not it.buys]),
        brings=brings,
        without_fee=_without_fee(judged),
    )


def _without_fee(judged: Sequence[_Judged]) -> tuple[WithoutFee, ...]:
    markets = [it.market for it in judged if it.market and it.market.costs.fee is None]
    counts = Counter((market.marketplace, market.country) for market in markets)
    return tuple(WithoutFee(*place, number) for place, number in counts.most_common())


def _is_near(it: _Judged) -> bool:
    return it.basis is not None and is_near(it.basis.estimate.price, it.sale.sold)


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _sum(judged: Sequence[_Judged]) -> Purchases:
    paid, profit = (
        sum(amounts, Decimal(0))
        for amounts in ([it.sale.bought for it in judged], [it.profit for it in judged])
    )
    return Purchases(len(judged), paid, profit)
