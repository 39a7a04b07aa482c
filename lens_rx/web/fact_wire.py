"""Encode facts as wire data: flat scalars, prices as JSON numbers in the view's currency.

An unknown price, or one without a conversion rate, is left out; an unknown text is "".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lens_rx.facts import (
    Caption,
    Comparable,
    Complete,
    Condition,
    Estimate,
    Extra,
    Fact,
    Failed,
    Identity,
    MarketplaceOffers,
    Match,
    Matches,
    Money,
    Offer,
    Offers,
    PriceEvidence,
    ProducerPage,
    Progress,
    Retail,
)
from lens_rx.pricing import convert

Data = dict[str, Any] | list[dict[str, Any]]
OBJECT_TYPE, LIST_TYPE = "dict[str, str]", "list[dict[str, str]]"


@dataclass(frozen=True, slots=True)
class PriceConverter:
    """Convert amounts to one currency, at the rates of the day on which they were read."""

    currency: str
    day: date

    def price_field(self, amount: Decimal | None, currency: str | None) -> dict[str, float]:
        """Return `{"price": …}` in the view's currency, `{}` where the amount or its rate is unknown."""
        if amount is None or not currency:
            return {}
        money = convert(Money(amount, currency), self.currency, self.day)
        return {"price": float(money.amount)} if money else {}

    def convert_amount(self, amount: Decimal, currency: str) -> float | None:
        """Return an amount in the view's currency, None where there is no rate."""
        return self.price_field(amount, currency).get("price")


def _identity(fact: Identity, _: PriceConverter) -> Data:
    return {"producer": fact.producer, "model": fact.model, "decided_by": str(fact.decider)}


def _identity_details(fact: Identity, _: PriceConverter) -> dict[str, Any]:
    answered_by = {"answered_by": fact.answered_by} if fact.answered_by else {}
    return answered_by | ({"sources": fact.sources} if fact.sources else {})


def _producer_page(fact: ProducerPage, _: PriceConverter) -> Data:
    return {"link": fact.link, "title": fact.title}


def _producer_page_details(fact: ProducerPage, _: PriceConverter) -> dict[str, Any]:
    return {"sure": "no", "doubt": fact.doubt} if fact.doubt else {}


def _retail(fact: Retail, prices: PriceConverter) -> Data:
    product = fact.product
    return {
        "producer_url": fact.producer_url,
        **prices.price_field(product.price, product.currency),
        "original_name": product.name,
        "description": product.description,
        "material": product.material,
        "specs": "; ".join(f"{name}: {value}" for name, value in product.specs.items()),
        "currency": prices.currency,
        "availability": product.availability or "",
        "read_from": product.sources.get("price", ""),
    }


def wear_text(offer: Offer) -> str:
    """Return an offer's condition in words: its grade if known, else the seller's text."""
    return offer.condition_text if offer.condition is Condition.UNKNOWN else offer.condition.replace("_", " ")


def _offer_row(offer: Offer, prices: PriceConverter) -> dict[str, Any]:
    return {
        **prices.price_field(offer.price, offer.currency),
        "link": offer.link,
        "title": offer.title,
        "wear": wear_text(offer),
        "currency": prices.currency,
        "marketplace": offer.marketplace,
        "basis": str(offer.basis),
    }


def _offers(fact: Offers, prices: PriceConverter) -> Data:
    if not fact.exclusions:
        return [_offer_row(offer, prices) for offer in fact.offers]
    return [
        _offer_row(offer, prices) | {"kept": int(not reason), "reason": reason}
        for offer, reason in zip(fact.offers, fact.exclusions, strict=True)
    ]


def _marketplace_offers(fact: MarketplaceOffers, prices: PriceConverter) -> Data:
    return [_offer_row(offer, prices) for offer in fact.offers]


def _estimate(fact: Estimate, prices: PriceConverter) -> Data:
    amounts = {"price": fact.price, "min_range": fact.low, "max_range": fact.high}
    converted = {name: prices.convert_amount(amount, fact.currency) for name, amount in amounts.items()}
    return {
        **{name: number for name, number in converted.items() if number is not None},
        "certainty": round(fact.certainty, 3),
        "currency": prices.currency,
        "basis": str(fact.basis),
        "comparables": fact.comparables,
    }


def _estimate_details(fact: Estimate, prices: PriceConverter) -> dict[str, Any]:
    """Return what is stored only since release 0.1.0; what is not known is left out."""
    sales = {"sale_min": fact.sale_low, "sale_max": fact.sale_high}
    details = {
        **{name: prices.convert_amount(it, fact.currency) for name, it in sales.items() if it is not None},
        "identity_certainty": fact.identity_certainty,
        "price_certainty": fact.price_certainty,
        "doubts": " ".join(fact.doubts) or None,
    }
    return {name: value for name, value in details.items() if value is not None}


def _failed(fact: Failed, _: PriceConverter) -> Data:
    return {"stage": str(fact.stage), "outcome": str(fact.outcome), "message": fact.message}


def _match_row(match: Match, prices: PriceConverter) -> dict[str, Any]:
    price = prices.price_field(match.price.amount, match.price.currency) if match.price else {}
    return {
        "title": match.title,
        "link": match.link,
        "source": match.source,
        "thumbnail": match.thumbnail,
        "exact": match.exact,
        **price,
        **({"found_by": match.found_by} if match.found_by else {}),
        **({"kind": str(match.kind)} if match.kind else {}),
    }


def _matches(fact: Matches, prices: PriceConverter) -> Data:
    return [_match_row(match, prices) for match in fact.matches]


def _caption(fact: Caption, _: PriceConverter) -> Data:
    return {
        "category": fact.category,
        "colour": fact.colour,
        "material": fact.material,
        "visible_text": fact.visible_text,
        "condition": str(fact.condition),
        "sentence": fact.sentence,
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


def _price_evidence(fact: PriceEvidence, prices: PriceConverter) -> Data:
    def weighed(it: Comparable) -> dict[str, Any]:
        return _evidence_row(it.offer, prices, it.weight, it.reason)

    rejected = [_evidence_row(it.offer, prices, 0.0, it.reason) for it in fact.rejected]
    return [weighed(it) for it in fact.comparables] + rejected


def _extra(fact: Extra, _: PriceConverter) -> Data:
    return list(fact.rows)


def _progress(fact: Progress, _: PriceConverter) -> Data:
    return {"stage": str(fact.stage), "state": fact.state, "seconds": fact.seconds}


def _complete(fact: Complete, _: PriceConverter) -> Data:
    return {
        "outcome": str(fact.outcome),
        "seconds": fact.seconds,
        "tokens": fact.tokens,
        "cost_usd": fact.cost_usd,
        **({"model": fact.model} if fact.model else {}),
    }


@dataclass(frozen=True, slots=True)
class FactKind:
    """How one kind of fact is encoded; `in_default` says whether a client that names no kinds gets it.

    `details` are fields that only clients get which ask for more than the default kinds.
    """

    description: str
    data_type: str
    to_data: Callable[[Any, PriceConverter], Data]
    in_default: bool = False
    details: Callable[[Any, PriceConverter], dict[str, Any]] = lambda *_: {}


KINDS: dict[type[Fact], FactKind] = {
    Identity: FactKind("model-producer", OBJECT_TYPE, _identity, True, _identity_details),
    ProducerPage: FactKind("producer-url", OBJECT_TYPE, _producer_page, True, _producer_page_details),
    Retail: FactKind("retail-price-details", OBJECT_TYPE, _retail, in_default=True),
    Offers: FactKind("second-hand-offers", LIST_TYPE, _offers, in_default=True),
    Estimate: FactKind("estimated-price", OBJECT_TYPE, _estimate, True, _estimate_details),
    Failed: FactKind("error", OBJECT_TYPE, _failed, in_default=True),
    Matches: FactKind("visual-matches", LIST_TYPE, _matches),
    Caption: FactKind("image-description", OBJECT_TYPE, _caption),
    MarketplaceOffers: FactKind("offers-partial", LIST_TYPE, _marketplace_offers),
    PriceEvidence: FactKind("price-evidence", LIST_TYPE, _price_evidence),
    Extra: FactKind("extra", LIST_TYPE, _extra),
    Progress: FactKind("progress", OBJECT_TYPE, _progress),
    Complete: FactKind("complete", OBJECT_TYPE, _complete),
}
DEFAULT_KINDS = frozenset(kind.description for kind in KINDS.values() if kind.in_default)
ALL_KINDS = frozenset(kind.description for kind in KINDS.values())
