"""Facts as existing clients read them: flat scalars, JSON numbers in the view's currency.

A price that is not known, or has no rate, is left out; a text that is not known is "".
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
ONE, MANY = "dict[str, str]", "list[dict[str, str]]"


@dataclass(frozen=True, slots=True)
class PriceConverter:
    """Writes amounts in one currency, by the rates of the day on which they were read."""

    currency: str
    day: date

    def amount(self, amount: Decimal | None, currency: str | None) -> dict[str, float]:
        """Return `{"price": …}` in the view's currency, `{}` where it is not known."""
        if amount is None or not currency:
            return {}
        money = convert(Money(amount, currency), self.currency, self.day)
        return {"price": float(money.amount)} if money else {}

    def number(self, amount: Decimal, currency: str) -> float | None:
        """Return one amount in the view's currency, None where there is no rate."""
        return self.amount(amount, currency).get("price")


def _identity(fact: Identity, _: PriceConverter) -> Data:
    return {"producer": fact.producer, "model": fact.model, "decided_by": str(fact.decider)}


def _page(fact: ProducerPage, _: PriceConverter) -> Data:
    return {"link": fact.link, "title": fact.title}


def _retail(fact: Retail, tell: PriceConverter) -> Data:
    product = fact.product
    return {
        "producer_url": fact.producer_url,
        **tell.amount(product.price, product.currency),
        "original_name": product.name,
        "description": product.description,
        "material": product.material,
        "specs": "; ".join(f"{name}: {value}" for name, value in product.specs.items()),
        "currency": tell.currency,
        "availability": product.availability or "",
        "read_from": product.sources.get("price", ""),
    }


def wear(offer: Offer) -> str:
    """Return the condition in words: the grade where there is one, else what the seller wrote."""
    return offer.condition_text if offer.condition is Condition.UNKNOWN else offer.condition.replace("_", " ")


def _offer(offer: Offer, tell: PriceConverter) -> dict[str, Any]:
    return {
        **tell.amount(offer.price, offer.currency),
        "link": offer.link,
        "title": offer.title,
        "wear": wear(offer),
        "currency": tell.currency,
        "marketplace": offer.marketplace,
        "basis": str(offer.basis),
    }


def _offers(fact: Offers, tell: PriceConverter) -> Data:
    return [_offer(offer, tell) for offer in fact.offers]


def _partial(fact: MarketplaceOffers, tell: PriceConverter) -> Data:
    return [_offer(offer, tell) for offer in fact.offers]


def _estimate(fact: Estimate, tell: PriceConverter) -> Data:
    numbers = {"price": fact.price, "min_range": fact.low, "max_range": fact.high}
    told = {name: tell.number(amount, fact.currency) for name, amount in numbers.items()}
    return {
        **{name: number for name, number in told.items() if number is not None},
        "certainty": round(fact.certainty, 3),
        "currency": tell.currency,
        "basis": str(fact.basis),
        "comparables": fact.comparables,
    }


def _failed(fact: Failed, _: PriceConverter) -> Data:
    return {"stage": str(fact.stage), "outcome": str(fact.outcome), "message": fact.message}


def _match(match: Match, tell: PriceConverter) -> dict[str, Any]:
    price = tell.amount(match.price.amount, match.price.currency) if match.price else {}
    return {
        "title": match.title,
        "link": match.link,
        "source": match.source,
        "thumbnail": match.thumbnail,
        "exact": match.exact,
        **price,
    }


def _matches(fact: Matches, tell: PriceConverter) -> Data:
    return [_match(match, tell) for match in fact.matches]


def _caption(fact: Caption, _: PriceConverter) -> Data:
    return {
        "category": fact.category,
        "colour": fact.colour,
        "material": fact.material,
        "visible_text": fact.visible_text,
        "condition": str(fact.condition),
        "sentence": fact.sentence,
    }


def _evidence(offer: Offer, tell: PriceConverter, weight: float, reason: str) -> dict[str, Any]:
    return {
        **_offer(offer, tell),
        "kept": weight > 0,
        "weight": round(weight, 4),
        "reason": reason,
        "amount_read": float(offer.price),
        "currency_read": offer.currency,
        "image": offer.image,
    }


def _price_evidence(fact: PriceEvidence, tell: PriceConverter) -> Data:
    def weighed(it: Comparable) -> dict[str, Any]:
        return _evidence(it.offer, tell, it.weight, it.reason)

    rejected = [_evidence(it.offer, tell, 0.0, it.reason) for it in fact.rejected]
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
    }


@dataclass(frozen=True, slots=True)
class FactKind:
    """How one kind of fact goes over the wire; `told` says whether old clients get it as well."""

    description: str
    data_type: str
    data: Callable[[Any, PriceConverter], Data]
    told: bool = False


KINDS: dict[type[Fact], FactKind] = {
    Identity: FactKind("model-producer", ONE, _identity, told=True),
    ProducerPage: FactKind("producer-url", ONE, _page, told=True),
    Retail: FactKind("retail-price-details", ONE, _retail, told=True),
    Offers: FactKind("second-hand-offers", MANY, _offers, told=True),
    Estimate: FactKind("estimated-price", ONE, _estimate, told=True),
    Failed: FactKind("error", ONE, _failed, told=True),
    Matches: FactKind("visual-matches", MANY, _matches),
    Caption: FactKind("image-description", ONE, _caption),
    MarketplaceOffers: FactKind("offers-partial", MANY, _partial),
    PriceEvidence: FactKind("price-evidence", MANY, _price_evidence),
    Extra: FactKind("extra", MANY, _extra),
    Progress: FactKind("progress", ONE, _progress),
    Complete: FactKind("complete", ONE, _complete),
}
DEFAULT = frozenset(kind.description for kind in KINDS.values() if kind.told)
EVERY = frozenset(kind.description for kind in KINDS.values())
