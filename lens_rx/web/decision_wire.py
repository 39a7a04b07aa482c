"""Encode a decision as wire data: flat scalars, amounts as JSON numbers in the view's currency."""

from __future__ import annotations

from typing import Any

from lens_rx.facts import DecisionBasis
from lens_rx.pricing.decision import Decision, decide
from lens_rx.pricing.decision.list_prices import HORIZONS, ListPrice
from lens_rx.web.price_wire import PriceConverter

NO_RATE = "There is no exchange rate to this currency, so nothing can be said."


def decision_data(basis: DecisionBasis, prices: PriceConverter) -> dict[str, Any]:
    """Return the data of `price-decision`; what is not known is left out."""
    decision = decide(basis, prices.terms, prices.currency, prices.day)
    return _fields(decision) if decision else {"currency": prices.currency, "why": NO_RATE}


def _fields(decision: Decision) -> dict[str, Any]:
    verdict = decision.verdict
    fields: dict[str, Any] = {
        "why": verdict.why,
        "pay_at_most": float(decision.pay_at_most),
        "plan_price": float(decision.plan_price),
        "list_at": decision.list_at,
        "currency": decision.currency,
        "country": decision.country,
        "marketplace": decision.marketplace,
        "marketplaces": " ".join(decision.marketplaces),
        "margin": float(decision.margin),
        "min_profit": float(decision.min_profit),
        "fees": decision.fees,
        "tax": decision.tax,
        "notes": " ".join(decision.notes),
    }
    if decision.cost is not None:
        fields |= {"cost": float(decision.cost), "verdict": str(verdict.action)}
    if verdict.negotiate_to is not None:
        fields["negotiate_to"] = float(verdict.negotiate_to)
    for it in decision.list_prices:
        fields |= _list_price_fields(it)
    return fields


def _list_price_fields(it: ListPrice) -> dict[str, Any]:
    chances = {
        f"{it.name}_chance_{days}": round(chance, 3)
        for days, chance in zip(HORIZONS, it.chances, strict=False)
    }
    return {f"{it.name}_price": float(it.price), f"{it.name}_net": float(it.net.net)} | chances
