"""Encode offers, evidence and estimates as wire data: amounts in the view's currency, at the rates of their day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lens_rx.facts import (
    Basis,
    Comparable,
    Condition,
    Estimate,
    MarketplaceOffers,
    Money,
    Offer,
    Offers,
    PriceEvidence,
    comparable_id,
)
from lens_rx.pricing import convert
from lens_rx.pricing.decision import DEFAULT_TERMS, Terms

Data = dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PriceConverter:
    """Convert amounts to one currency, at the rates of the day on which they were read; the terms are its reader's."""

    currency: str
    day: date
    terms: Terms = DEFAULT_TERMS

    def price_field(self, amount: Decimal | None, currency: str | None) -> dict[str, float]:
        """Return `{"price": …}` in the view's currency, `{}` where the amount or its rate is unknown."""
        if amount is None or not currency:
            return {}
        money = convert(Money(amount, currency), self.currency, self.day)
        return {"price": float(money.amount)} if money else {}

    def convert_amount(self, amount: Decimal, currency: str) -> float | None:
        """Return an amount in the view's currency, None where there is no rate."""
        return self.price_field(amount, currency).get("price")


def wear_text(offer: Offer) -> str:
    """Return an offer's condition in words: its grade if known, else the seller's text."""
    return offer.condition_text if offer.condition is Condition.UNKNOWN else offer.condition.replace("_", " ")


def _offer_row(offer: Offer, prices: PriceConverter) -> dict[str, Any]:
    return {
        **prices.price_field(offer.price or None, offer.currency),
        "link": offer.link,
        "title": offer.title,
        "wear": wear_text(offer),
        "currency": prices.currency,
        "marketplace": offer.marketplace,
        "basis": str(offer.basis),
    }


def offers_data(fact: Offers, prices: PriceConverter) -> Data:
    """Return a row for each offer; whether it is a price of the thing, and why not, where that was checked."""
    if not fact.exclusions:
        return [_offer_row(offer, prices) for offer in fact.offers]
    return [
        _offer_row(offer, prices) | {"kept": int(not reason), "reason": reason}
        for offer, reason in zip((*fact.offers, *fact.restored), fact.exclusions, strict=True)
    ]


def marketplace_offers_data(fact: MarketplaceOffers, prices: PriceConverter) -> Data:
    """Return a row for each offer of one marketplace."""
    return [_offer_row(offer, prices) | _id(offer, fact.has_ids) for offer in fact.offers]


def estimate_data(fact: Estimate, prices: PriceConverter) -> Data:
    """Return the estimate as every client gets it."""
    amounts = {"price": fact.price, "min_range": fact.low, "max_range": fact.high}
    converted = {name: prices.convert_amount(amount, fact.currency) for name, amount in amounts.items()}
    return {
        **{name: number for name, number in converted.items() if number is not None},
        "certainty": round(fact.certainty, 3),
        "currency": prices.currency,
        "basis": str(fact.basis),
        "comparables": fact.comparables,
    }


def estimate_details(fact: Estimate, prices: PriceConverter) -> dict[str, Any]:
    """Return what is stored only since release 0.1.0; what is not known is left out."""
    sales = {"sale_min": fact.sale_low, "sale_max": fact.sale_high}
    details = {
        **{name: prices.convert_amount(it, fact.currency) for name, it in sales.items() if it is not None},
        "identity_certainty": fact.identity_certainty,
        "price_certainty": fact.price_certainty,
        "doubts": " ".join(fact.doubts) or None,
        **_basis_details(fact),
    }
    return {name: value for name, value in details.items() if value is not None}


def _basis_details(fact: Estimate) -> dict[str, Any]:
    """Return what it was computed from beside the offers."""
    chances = "; ".join(f"{condition} {chance!r}" for condition, chance in fact.condition_chances)
    return {
        "condition": str(fact.condition) if fact.condition else None,
        "condition_chances": chances or None,
        "computed_in": fact.currency if fact.condition else None,
        "retail_converted": float(fact.retail) if fact.retail is not None else None,
        "rates_on": fact.rates_on.isoformat() if fact.rates_on else None,
    }


def _evidence_row(offer: Offer, prices: PriceConverter, weight: float, reason: str) -> dict[str, Any]:
    return {
        **_offer_row(offer, prices),
        "kept": weight > 0,
        "weight": round(weight, 4),
        "reason": reason,
        "amount_read": float(offer.price),
        "currency_read": offer.currency,
        "image": offer.image,
    }


def _id(offer: Offer, has_ids: bool) -> dict[str, str]:
    return {"id": comparable_id(offer)} if has_ids else {}


def _terms(it: Comparable) -> dict[str, Any]:
    """Return how the price came into the estimate, in the estimate's own currency."""
    if it.terms is None:
        return {}
    high = it.offer.price_high
    return {
        "condition": str(it.offer.condition),
        **({"amount_high_read": float(high)} if high is not None and high > it.offer.price else {}),
        "rate": float(it.terms.rate),
        "amount_converted": float(it.terms.converted),
        "factor": it.terms.factor,
        "amount_adjusted": float(it.amount),
        "log_sd": it.terms.log_sd,
        "own_log_sd": it.terms.own_log_sd,
        "counts_as": str(Basis.ASKING if it.terms.is_asking else Basis.SOLD),
        "outlier_odds": it.terms.outlier_odds,
        "age_years": it.terms.age_years,
        **({"group": it.terms.group, "group_log_sd": it.terms.group_log_sd} if it.terms.group else {}),
    }


def price_evidence_data(fact: PriceEvidence, prices: PriceConverter) -> Data:
    """Return a row for each offer that was weighed, then for each that was rejected."""

    def weighed(it: Comparable) -> dict[str, Any]:
        return row(it.offer, it.weight, it.reason) | _terms(it)

    def row(offer: Offer, weight: float, reason: str) -> dict[str, Any]:
        return _evidence_row(offer, prices, weight, reason) | _id(offer, fact.has_ids)

    rejected = [row(it.offer, 0.0, it.reason) for it in fact.rejected]
    return [weighed(it) for it in fact.comparables] + rejected
