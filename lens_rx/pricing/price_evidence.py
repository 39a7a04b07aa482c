"""Offers as evidence: converted to one currency and condition, with their uncertainty, or a reason to leave them out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from lens_rx.facts import Comparable, Condition, Money, Offer, PriceTerms
from lens_rx.pricing.condition_factors import CONDITION_FACTORS, condition_factor, log_shift, shift_log_sd
from lens_rx.pricing.exchange_rates import convert, exchange_rate, minor_unit
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.posterior import Posterior

#: Offers used at most, in order of relevance; more only take time.
MAX_OFFERS = 120
#: Offers with a lower probability of being the thing itself are left out.
_MIN_INLIER_PROBABILITY = 0.1
_MIN_KEPT = 3
#: Standard deviation (logarithm) added to a sold price for each year of its age.
_LOG_SD_PER_YEAR = 0.08
#: The usual spread of a thing's prices (logarithm); an offer's own uncertainty is weighed against it.
_USUAL_SPREAD = 0.18


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be estimated: the worth in a currency and condition, at the exchange rates of a day."""

    currency: str
    condition: Condition
    on: date


@dataclass(frozen=True, slots=True)
class WeighedOffer:
    """An offer with its amount in the target currency and condition.

    `observation` is None where the offer is no evidence; `reason` then says why.
    """

    offer: Offer
    amount: Decimal
    observation: Observation | None = None
    reason: str = ""
    converted: Decimal = Decimal(0)

    def terms(self, target: Target) -> PriceTerms | None:
        """Return how the price came into the estimate, None where it did not."""
        it, rate = self.observation, exchange_rate(self.offer.currency, target.currency, target.on)
        if it is None or rate is None:
            return None
        factor = condition_factor(self.offer.condition, target.condition)
        return PriceTerms(
            self.converted, rate, factor, it.log_sd, it.own_log_sd, it.asked, it.outlier_odds, it.age
        )


def rounded(amount: float | Decimal, currency: str) -> Decimal:
    """Return an amount to the currency's minor unit."""
    return Decimal(amount).quantize(minor_unit(currency), ROUND_HALF_EVEN)


def in_currency(money: Money, target: Target) -> Decimal | None:
    """Return a positive amount in the target currency, None where there is no rate or nothing to convert."""
    if not money.amount.is_finite() or money.amount <= 0:
        return None
    converted = convert(money, target.currency, target.on)
    return converted.amount if converted and converted.amount > 0 else None


def weigh(offers: Sequence[Offer], target: Target) -> list[WeighedOffer]:
    """Return every offer as evidence, or with the reason why it is not, in the order given."""
    newest = max((_utc(offer.sold_at) for offer in offers if offer.sold_at), default=None)
    last = max(len(offers) - 1, 1)
    return [
        _weigh(offer, target, newest, place=at / last, beyond=at >= MAX_OFFERS)
        for at, offer in enumerate(offers)
    ]


def _weigh(
    offer: Offer, target: Target, newest: datetime | None, *, place: float, beyond: bool
) -> WeighedOffer:
    if not offer.price.is_finite() or offer.price <= 0:
        return WeighedOffer(offer, Decimal(0), reason="no price")
    amount = in_currency(Money(_mid_price(offer), offer.currency), target)
    if amount is None:
        return WeighedOffer(
            offer, Decimal(0), reason=f"no exchange rate from {offer.currency or 'an unknown currency'}"
        )
    shift = log_shift(offer.condition, target.condition)
    converted = rounded(amount * Decimal(math.exp(shift)) if shift else amount, target.currency)
    if not converted:
        return WeighedOffer(offer, converted, reason="no price")
    exclusion = "beyond the most relevant offers" if beyond else _exclusion(offer, target)
    if exclusion:
        return WeighedOffer(offer, converted, reason=exclusion)
    age = _age_years(offer, newest)
    unknown_sd = CONDITION_FACTORS[Condition.UNKNOWN].log_sd if offer.condition is Condition.UNKNOWN else 0.0
    own_log_sd = math.hypot(_LOG_SD_PER_YEAR * age, _range_log_sd(offer), unknown_sd)
    log_sd = math.hypot(
        shift_log_sd(offer.condition, target.condition), _LOG_SD_PER_YEAR * age, _range_log_sd(offer)
    )
    # results further down the list are outliers more often
    outlier_odds = 0.7 + 0.6 * place
    observation = Observation(
        math.log(amount) + shift,
        log_sd,
        asked=not offer.sold or offer.price_is_upper_bound,
        outlier_odds=outlier_odds,
        age=age,
        condition=offer.condition,
        own_log_sd=own_log_sd,
    )
    return WeighedOffer(offer, converted, observation, _explanation(offer, target), amount)


def _exclusion(offer: Offer, target: Target) -> str:
    """Return why an offer with a price is no evidence, "" where it is."""
    if offer.condition is Condition.FOR_PARTS and target.condition is not Condition.FOR_PARTS:
        return "defective, for parts"
    if offer.bids is not None and not offer.sold:
        return "an auction that still runs: the bid is not the price"
    return ""


def _explanation(offer: Offer, target: Target) -> str:
    how = "sold" if offer.sold else "asked, so it sells for less as a rule"
    if offer.price_is_upper_bound:
        how = "sold at an accepted offer, so for less than this"
    if offer.condition in (target.condition, Condition.UNKNOWN):
        return how
    return f"{how}; {offer.condition.replace('_', ' ')}, brought to {target.condition.replace('_', ' ')}"


def _mid_price(offer: Offer) -> Decimal:
    high = offer.price_high
    if high is None or not high.is_finite() or high <= offer.price:
        return offer.price
    return (offer.price * high).sqrt()


def _range_log_sd(offer: Offer) -> float:
    return 0.5 * math.log(_mid_price(offer) / offer.price)


def _age_years(offer: Offer, newest: datetime | None) -> float:
    """Return how many years before the newest sale this weighed_offer was; 0 where the day is not known."""
    return (newest - _utc(offer.sold_at)).days / 365 if offer.sold_at and newest else 0.0


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def comparables(
    weighed: Sequence[WeighedOffer], posterior: Posterior, target: Target
) -> tuple[Comparable, ...]:
    """Return every offer with the weight that it had in the estimate, and the reason in plain words."""
    probabilities = iter(posterior.inlier_probabilities)
    ranked = sorted(posterior.inlier_probabilities, reverse=True)
    least = (
        min(_MIN_INLIER_PROBABILITY, ranked[min(_MIN_KEPT, len(ranked)) - 1])
        if ranked
        else _MIN_INLIER_PROBABILITY
    )
    worth = math.exp(posterior.quantile(0.5))
    return tuple(
        replace(
            _comparable(weighed_offer, next(probabilities), worth, least),
            terms=weighed_offer.terms(target),
        )
        if weighed_offer.observation
        else Comparable(weighed_offer.offer, weighed_offer.amount, 0.0, weighed_offer.reason)
        for weighed_offer in weighed
    )


def exclusion_reasons(weighed: Sequence[WeighedOffer], posterior: Posterior | None) -> tuple[str, ...]:
    """Return why each offer is no price of the thing, "" where it is one; without `posterior` none is an outlier."""
    probabilities = iter(posterior.inlier_probabilities if posterior else ())
    worth = math.exp(posterior.quantile(0.5)) if posterior else 0.0
    return tuple(
        it.reason
        if it.observation is None
        else _outlier_reason(it, worth)
        if next(probabilities, 1.0) < _MIN_INLIER_PROBABILITY
        else ""
        for it in weighed
    )


def _outlier_reason(weighed_offer: WeighedOffer, worth: float) -> str:
    if weighed_offer.amount > worth:
        return "far above the others: a bundle or another model"
    return "far below the others: an accessory, a part or a replica"


def _comparable(weighed_offer: WeighedOffer, probability: float, worth: float, least: float) -> Comparable:
    outlier_reason = _outlier_reason(weighed_offer, worth)
    if probability < least:
        return Comparable(weighed_offer.offer, weighed_offer.amount, 0.0, outlier_reason)
    log_sd = weighed_offer.observation.log_sd if weighed_offer.observation else 0.0
    weight = probability / (1 + (log_sd / _USUAL_SPREAD) ** 2)
    return Comparable(
        weighed_offer.offer,
        weighed_offer.amount,
        weight,
        weighed_offer.reason if probability >= _MIN_INLIER_PROBABILITY else outlier_reason,
    )
