"""Offers as evidence: converted to one currency and condition, with their uncertainty, or a reason to leave them out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from lens_rx.facts import Comparable, Condition, Money, Offer, PriceTerms
from lens_rx.pricing.assessment import Assessment, with_each
from lens_rx.pricing.condition_factors import CONDITION_FACTORS, condition_factor, log_shift, shift_log_sd
from lens_rx.pricing.exchange_rates import convert, exchange_rate, minor_unit
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.posterior import Posterior

#: Offers used at most, in order of relevance; more only take time.
MAX_OFFERS = 120
#: Offers with a lower probability of being the thing itself are left out.
_MIN_INLIER_PROBABILITY = 0.1
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
        sds, group = (it.log_sd, it.own_log_sd), (it.group, it.group_log_sd)
        return PriceTerms(self.converted, rate, factor, *sds, it.asked, it.outlier_odds, it.age, *group)


def rounded(amount: float | Decimal, currency: str) -> Decimal:
    """Return an amount to the currency's minor unit."""
    return Decimal(amount).quantize(minor_unit(currency), ROUND_HALF_EVEN)


def in_currency(money: Money, target: Target) -> Decimal | None:
    """Return a positive amount in the target currency, None where there is no rate or nothing to convert."""
    if not money.amount.is_finite() or money.amount <= 0:
        return None
    converted = convert(money, target.currency, target.on)
    return converted.amount if converted and converted.amount > 0 else None


def weigh(
    offers: Sequence[Offer], target: Target, assessments: Sequence[Assessment] = ()
) -> list[WeighedOffer]:
    """Return every offer as evidence, or with the reason why it is not, in the order given."""
    assessed = with_each(len(offers), assessments)
    counted = [offer for offer, it in zip(offers, assessed, strict=True) if not it.exclusion]
    newest = max((_utc(offer.sold_at) for offer in counted if offer.sold_at), default=None)
    last = max(len(offers) - 1, 1)
    return [
        _weigh(_Listed(offer, it, at / last, at >= MAX_OFFERS), target, newest)
        for at, (offer, it) in enumerate(zip(offers, assessed, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Listed:
    """An offer, what is known of it, and where it is in the list, from 0 to 1."""

    offer: Offer
    assessment: Assessment
    place: float
    is_beyond: bool

    def exclusion(self, target: Target) -> str:
        """Return why an offer with a price is no evidence, "" where it is."""
        if self.assessment.exclusion or self.assessment.is_certain:
            return self.assessment.exclusion
        return "beyond the most relevant offers" if self.is_beyond else _exclusion(self.offer, target)

    def outlier_odds(self) -> float:
        """Return the factor on the odds of an outlier: results further down the list are outliers more often."""
        return 0.0 if self.assessment.is_certain else 0.7 + 0.6 * self.place


def _weigh(listed: _Listed, target: Target, newest: datetime | None) -> WeighedOffer:
    offer, said = listed.offer, listed.assessment
    if not offer.price.is_finite() or offer.price <= 0:
        return WeighedOffer(offer, Decimal(0), reason=said.exclusion or "no price")
    amount = in_currency(Money(_mid_price(offer), offer.currency), target)
    if amount is None:
        reason = f"no exchange rate from {offer.currency or 'an unknown currency'}"
        return WeighedOffer(offer, Decimal(0), reason=said.exclusion or reason)
    shift = log_shift(offer.condition, target.condition)
    converted = rounded(amount * Decimal(math.exp(shift)) if shift else amount, target.currency)
    exclusion = listed.exclusion(target) or ("" if converted else "no price")
    if exclusion:
        return WeighedOffer(offer, converted, reason=exclusion)
    age = _age_years(offer, newest)
    unknown_sd = CONDITION_FACTORS[Condition.UNKNOWN].log_sd if offer.condition is Condition.UNKNOWN else 0.0
    unshared = _LOG_SD_PER_YEAR * age, _range_log_sd(offer), said.log_sd
    observation = Observation(
        math.log(amount) + shift,
        math.hypot(shift_log_sd(offer.condition, target.condition), *unshared),
        asked=not offer.sold or offer.price_is_upper_bound,
        outlier_odds=listed.outlier_odds(),
        age=age,
        condition=offer.condition,
        own_log_sd=math.hypot(*unshared, unknown_sd),
        group=said.group,
        group_log_sd=said.group_log_sd,
    )
    explanation = "; ".join(filter(None, (said.note, _explanation(offer, target))))
    return WeighedOffer(offer, converted, observation, explanation, amount)


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
    worth = math.exp(posterior.quantile(0.5))
    return tuple(
        _comparable(weighed_offer, next(probabilities), worth, target)
        if weighed_offer.observation
        else Comparable(weighed_offer.offer, weighed_offer.amount, 0.0, weighed_offer.reason)
        for weighed_offer in weighed
    )


def unused_comparables(
    offers: Sequence[Offer], target: Target, assessments: Sequence[Assessment]
) -> tuple[Comparable, ...]:
    """Return every offer without weight, and why, where there are too few to say what a thing is worth."""
    return tuple(
        Comparable(it.offer, it.amount, 0.0, it.reason if it.observation is None else "too few offers")
        for it in weigh(offers, target, assessments)
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


def _comparable(weighed_offer: WeighedOffer, probability: float, worth: float, target: Target) -> Comparable:
    """Return an offer with its weight, none where it is probably another thing."""
    sd = weighed_offer.observation.log_sd if weighed_offer.observation else 0.0
    is_inlier = probability >= _MIN_INLIER_PROBABILITY
    weight = probability / (1 + (sd / _USUAL_SPREAD) ** 2) if is_inlier else 0.0
    reason = weighed_offer.reason if is_inlier else _outlier_reason(weighed_offer, worth)
    terms = weighed_offer.terms(target)
    return Comparable(weighed_offer.offer, weighed_offer.amount, weight, reason, terms)
