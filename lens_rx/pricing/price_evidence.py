"""Offers as evidence: in one currency and condition, with their doubts, or with the reason why they are none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from babel.numbers import get_currency_precision

from lens_rx.facts import Comparable, Condition, Money, Offer
from lens_rx.pricing import convert
from lens_rx.pricing.condition_factors import doubt, shift
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.posterior import Posterior

#: More offers than this, in order of relevance, add nothing but time.
MOST = 120
#: An offer that is less likely the thing itself is left out.
_BELONGS = 0.1
_KEPT_AT_LEAST = 3
#: How far one sold price strays from the others within a year, as a logarithm.
_STRAY_A_YEAR = 0.08
#: The spread of a thing's prices against which an offer's own doubts are weighed.
_USUAL_SPREAD = 0.18


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked: the worth in which currency and condition, at the exchange rates of which day."""

    currency: str
    condition: Condition
    on: date


@dataclass(frozen=True, slots=True)
class Weighed:
    """An offer with its amount as asked for; `seen` is None and `reason` says why where it is no evidence."""

    offer: Offer
    amount: Decimal
    seen: Observation | None = None
    reason: str = ""


def rounded(amount: float | Decimal, currency: str) -> Decimal:
    """Return an amount to the currency's minor unit."""
    unit = Decimal(1).scaleb(-get_currency_precision(currency))
    return Decimal(amount).quantize(unit, ROUND_HALF_EVEN)


def in_currency(money: Money, aim: Target) -> Decimal | None:
    """Return a positive amount in the aim's currency, None where there is no rate or nothing to convert."""
    if not money.amount.is_finite() or money.amount <= 0:
        return None
    converted = convert(money, aim.currency, aim.on)
    return converted.amount if converted and converted.amount > 0 else None


def weigh(offers: Sequence[Offer], aim: Target) -> list[Weighed]:
    """Return every offer as evidence, or with the reason why it is none, in the order given."""
    newest = max((_utc(offer.sold_at) for offer in offers if offer.sold_at), default=None)
    last = max(len(offers) - 1, 1)
    return [_weigh(offer, aim, newest, place=at / last, beyond=at >= MOST) for at, offer in enumerate(offers)]


def _weigh(offer: Offer, aim: Target, newest: datetime | None, *, place: float, beyond: bool) -> Weighed:
    if not offer.price.is_finite() or offer.price <= 0:
        return Weighed(offer, Decimal(0), reason="no price")
    amount = in_currency(Money(_middle(offer), offer.currency), aim)
    if amount is None:
        return Weighed(
            offer, Decimal(0), reason=f"no exchange rate from {offer.currency or 'an unknown currency'}"
        )
    step = shift(offer.condition, aim.condition)
    brought = rounded(amount * Decimal(math.exp(step)) if step else amount, aim.currency)
    if not brought:
        return Weighed(offer, brought, reason="no price")
    unfit = "beyond the most relevant offers" if beyond else _unfit(offer, aim)
    if unfit:
        return Weighed(offer, brought, reason=unfit)
    age = _age(offer, newest)
    own = math.hypot(doubt(offer.condition, aim.condition), _STRAY_A_YEAR * age, _range_doubt(offer))
    # relevance: what stands further down is a stranger more often
    suspicion = 0.7 + 0.6 * place
    seen = Observation(math.log(amount) + step, own, asked=not offer.sold, suspicion=suspicion, age=age)
    return Weighed(offer, brought, seen, _told(offer, aim))


def _unfit(offer: Offer, aim: Target) -> str:
    """Return why an offer with a price is no evidence, an empty text where it is."""
    if offer.condition is Condition.FOR_PARTS and aim.condition is not Condition.FOR_PARTS:
        return "defective, for parts"
    if offer.bids is not None and not offer.sold:
        return "an auction that still runs: the bid is not the price"
    return ""


def _told(offer: Offer, aim: Target) -> str:
    how = "sold" if offer.sold else "asked, so it sells for less as a rule"
    if offer.condition in (aim.condition, Condition.UNKNOWN):
        return how
    return f"{how}; {offer.condition.replace('_', ' ')}, brought to {aim.condition.replace('_', ' ')}"


def _middle(offer: Offer) -> Decimal:
    high = offer.price_high
    if high is None or not high.is_finite() or high <= offer.price:
        return offer.price
    return (offer.price * high).sqrt()


def _range_doubt(offer: Offer) -> float:
    return 0.5 * math.log(_middle(offer) / offer.price)


def _age(offer: Offer, newest: datetime | None) -> float:
    """Return how many years before the newest sale this one was; 0 where the day is not told."""
    return (newest - _utc(offer.sold_at)).days / 365 if offer.sold_at and newest else 0.0


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def comparables(weighed: Sequence[Weighed], posterior: Posterior) -> tuple[Comparable, ...]:
    """Return every offer as the estimate took it: its weight, and in plain words why."""
    belongs = iter(posterior.belongs)
    likely = sorted(posterior.belongs, reverse=True)
    least = min(_BELONGS, likely[min(_KEPT_AT_LEAST, len(likely)) - 1]) if likely else _BELONGS
    worth = math.exp(posterior.quantile(0.5))
    return tuple(
        _comparable(one, next(belongs), worth, least)
        if one.seen
        else Comparable(one.offer, one.amount, 0.0, one.reason)
        for one in weighed
    )


def _comparable(one: Weighed, belongs: float, worth: float, least: float) -> Comparable:
    stray = (
        "far above the others: a bundle or another model"
        if one.amount > worth
        else ("far below the others: an accessory, a part or a replica")
    )
    if belongs < least:
        return Comparable(one.offer, one.amount, 0.0, stray)
    own = one.seen.doubt if one.seen else 0.0
    weight = belongs / (1 + (own / _USUAL_SPREAD) ** 2)
    return Comparable(one.offer, one.amount, weight, one.reason if belongs >= _BELONGS else stray)
