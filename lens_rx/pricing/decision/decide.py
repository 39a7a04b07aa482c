"""The decision of one reader: what to ask, what is left of it, what to pay at most, and whether to buy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from lens_rx.facts import DecisionBasis, Money
from lens_rx.pricing.decision.fee_table import (
    HUNDRED,
    Fee,
    Seller,
    default_marketplace,
    find_fee,
    marketplaces_of,
    sells_in,
    vat_rates,
)
from lens_rx.pricing.decision.list_prices import ListPrice, dearest_list_price, list_prices, recommended
from lens_rx.pricing.decision.price_rules import Policy, PriceRules, RuleSubject
from lens_rx.pricing.decision.sale_costs import SaleCosts, TaxScheme, payable, with_fee
from lens_rx.pricing.decision.sale_range import SaleRange, sale_range
from lens_rx.pricing.decision.verdict import Verdict, judge_cost, limit_of
from lens_rx.pricing.exchange_rates import convert
from lens_rx.pricing.locale_currency import countries_of_currency
from lens_rx.pricing.price_evidence import rounded

#: Of a thing that may be another than it seems, the share of the price that is counted on then.
WORTH_IF_MISTAKEN = Decimal("0.5")
#: Of an estimate that is more likely off than not, the notes say so.
LEAST_CERTAINTY = 0.5


@dataclass(frozen=True, slots=True)
class Terms:
    """What one reader reckons with; None and "": what the rules say. Amounts in the view's currency, `margin` in percent."""

    cost: Decimal | None = None
    margin: Decimal | None = None
    min_profit: Decimal | None = None
    marketplace: str = ""
    country: str = ""
    rules: PriceRules = field(default_factory=PriceRules)

    @property
    def name(self) -> str:
        """Text that differs wherever decisions may; the rules are the same for all readers of a service."""
        return repr((self.cost, self.margin, self.min_profit, self.marketplace, self.country))


#: Of a reader who says nothing, at a service without rules.
DEFAULT_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision in one currency. `pay_at_most` may be 0: then no price pays. `plan_price` is what it is reckoned from.

    `fees` and `tax` say in words what was taken off; `notes` what else has to be known. `marketplaces` are those that may
    be named in the country.
    """

    currency: str
    country: str
    marketplace: str
    list_prices: tuple[ListPrice, ...]
    list_at: str
    plan_price: Decimal
    pay_at_most: Decimal
    margin: Decimal
    min_profit: Decimal
    verdict: Verdict
    fees: str
    tax: str
    cost: Decimal | None = None
    notes: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaleMarket:
    """Where it is to be sold, what holds there, and what a sale costs; `marketplaces` are those with known fees."""

    country: str
    marketplace: str
    policy: Policy
    costs: SaleCosts
    notes: tuple[str, ...]
    marketplaces: tuple[str, ...] = ()


def decide(basis: DecisionBasis, terms: Terms, currency: str, on: date) -> Decision | None:
    """Return the decision in a currency at the rates of a day, None where the estimate cannot be converted to it."""
    prices = sale_range(basis, currency, on)
    if prices is None:
        return None
    return decide_in(sale_market(basis, terms, prices, on), basis, terms, prices)


def decide_in(market: SaleMarket, basis: DecisionBasis, terms: Terms, prices: SaleRange) -> Decision:
    """Return the decision in a market, in the currency of the range of single sales."""
    currency, policy = prices.currency, market.policy
    margin = terms.margin if terms.margin is not None else policy.margin or Decimal(0)
    least = terms.min_profit if terms.min_profit is not None else policy.min_profit or Decimal(0)
    least = payable(least, currency)
    cost = None if terms.cost is None else payable(terms.cost, currency)
    plan = rounded(prices.low * _share_counted_on(prices), currency)
    most = market.costs.most_to_pay(plan, max(plan * margin / HUNDRED, least))
    limit = limit_of(policy, plan, most, dearest_list_price(prices, policy), currency)
    asked = list_prices(basis, prices, policy, market.costs, limit.pay if cost is None else cost)
    return Decision(
        currency=currency,
        country=market.country,
        marketplace=market.marketplace,
        list_prices=asked.prices,
        list_at=recommended(asked, policy),
        plan_price=plan,
        pay_at_most=limit.pay,
        margin=margin,
        min_profit=least,
        verdict=judge_cost(cost, limit, policy, market.costs),
        fees=_fees_text(market),
        tax=_tax_text(market.costs),
        cost=terms.cost,
        notes=(*_certainty_notes(basis), *prices.notes, *market.notes, *filter(None, (asked.note,))),
        marketplaces=market.marketplaces,
    )


def _certainty_notes(basis: DecisionBasis) -> tuple[str, ...]:
    certainty = basis.estimate.certainty
    if certainty >= LEAST_CERTAINTY:
        return ()
    doubt = f" {basis.estimate.doubts[0]}" if basis.estimate.doubts else ""
    return (
        f"The estimate is not sure (certainty {certainty:.0%}): look at the evidence before you pay.{doubt}",
    )


def _share_counted_on(prices: SaleRange) -> Decimal:
    """Return the share of the low price to plan with: what may be another thing is counted at half."""
    certainty = Decimal(str(round(prices.identity_certainty, 4)))
    return certainty + (1 - certainty) * WORTH_IF_MISTAKEN


def sale_market(basis: DecisionBasis, terms: Terms, prices: SaleRange, on: date) -> SaleMarket:
    """Return where a reader sells a thing, the policy that holds for it, and the costs of its sale."""
    rules, fees, notes = terms.rules, terms.rules.fees, []
    country = terms.country or rules.defaults.country or basis.country
    if not country:
        country = next(iter(countries_of_currency(prices.currency)), "")
        notes.append(f"No country was named: reckoned for {country or 'no country'}, by the currency.")
    price = convert(Money(prices.typical, prices.currency), rules.currency, on)
    subject = RuleSubject(
        basis.producer, basis.category, price.amount if price else prices.typical, terms.marketplace, country
    )
    policy = rules.policy(subject)
    seller = Seller(country, policy.seller or "business", on, basis.category)
    marketplace = terms.marketplace or policy.marketplace
    marketplace = marketplace or default_marketplace(fees, seller)
    if marketplace != subject.marketplace:  # rules of a marketplace apply where it is the default, too
        policy = rules.policy(replace(subject, marketplace=marketplace))
    policy = _in_currency(policy, rules.currency, prices.currency, on)
    fee = find_fee(fees, marketplace, seller)
    costs = with_fee(_costs(policy, country, prices.currency), fee, on)
    notes += _fee_notes(marketplace, country, fee, costs)
    known = marketplaces_of(fees, seller)
    return SaleMarket(country, marketplace, policy, costs, tuple(notes), known)


def _fee_notes(marketplace: str, country: str, fee: Fee | None, costs: SaleCosts) -> list[str]:
    if not marketplace:
        where = country or "no country"
        return [f"No marketplace with known fees sells in {where}: no fee is taken off."]
    if fee is None:
        return []
    notes = [] if sells_in(marketplace, country) else [f"{marketplace} is not known to sell in {country}."]
    if fee != costs.fee:
        missing = f"There is no exchange rate from {fee.currency} to {costs.currency}"
        notes.append(
            f"{missing}: of the fees of {marketplace} only the percentage is taken off, no fixed amount."
        )
    return notes


def _in_currency(policy: Policy, source: str, target: str, on: date) -> Policy:
    """Return the policy with its amounts in the view's currency, without a form of list prices that is another one's."""
    amounts: dict[str, Any] = {}
    for name in ("min_profit", "floor", "ceiling", "shipping", "refurbishing"):
        amount = getattr(policy, name)
        if amount is not None:
            converted = convert(Money(amount, source), target, on)
            amounts[name] = payable(converted.amount if converted else amount, target)
    if source != target:
        amounts |= {"rounding": None, "ending": None}
    return replace(policy, **amounts)


def _costs(policy: Policy, country: str, currency: str) -> SaleCosts:
    known = vat_rates().get(country)
    percent = policy.vat_percent if policy.vat_percent is not None else known or Decimal(0)
    usual = TaxScheme.MARGIN if known and policy.seller == "business" else TaxScheme.NONE
    scheme = policy.tax or usual
    return SaleCosts(
        currency,
        shipping=policy.shipping or Decimal(0),
        refurbishing=policy.refurbishing or Decimal(0),
        scheme=scheme if percent else TaxScheme.NONE,
        vat_percent=percent,
    )


def _fees_text(market: SaleMarket) -> str:
    fee = market.costs.fee
    where = market.marketplace or "the marketplace"
    if fee is None:
        return f"no fees of {where} in {market.country or 'this country'} are known: none are taken off"
    rates = f"{fee.percent.normalize():f} %" + (" for this category" if fee.categories else "")
    if fee.above is not None:
        rates += f" ({fee.percent_above.normalize():f} % above {fee.above:f} {fee.currency})"
    if fee.fixed:
        rates += f" + {fee.fixed} {fee.currency}"
    if fee.payment_percent or fee.payment_fixed:
        rates += f", payment {fee.payment_percent.normalize():f} % + {fee.payment_fixed} {fee.currency}"
    return f"{where} {market.country}, {market.policy.seller}: {rates}, since {fee.since.isoformat()}"


def _tax_text(costs: SaleCosts) -> str:
    if costs.scheme is TaxScheme.NONE:
        return "none"
    scheme = "margin scheme" if costs.scheme is TaxScheme.MARGIN else "on the whole price"
    return f"{scheme}, {costs.vat_percent.normalize():f} %"
