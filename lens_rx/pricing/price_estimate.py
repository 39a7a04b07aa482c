"""The estimate of a thing's worth: the price at which it sells, from offers of which some are outliers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lens_rx.facts import Comparable, Condition, Estimate, EstimateBasis, Money, Offer
from lens_rx.pricing.assessment import Assessment, with_each
from lens_rx.pricing.condition_factors import CONDITION_FACTORS
from lens_rx.pricing.exchange_rates import rates_date
from lens_rx.pricing.grid_fit import fit
from lens_rx.pricing.market_fit import MIN_OFFERS, fit_market
from lens_rx.pricing.posterior import Posterior, Prior
from lens_rx.pricing.price_evidence import Target, comparables, in_currency, rounded, weigh
from lens_rx.pricing.seen_condition import Beliefs, shifts_from, typical_condition, weigh_seen_condition

#: An estimate within this share of the truth counts as right; certainty is the probability of that.
TOLERANCE = 0.2
_MAX_CERTAINTY = 0.99
#: Of the offers so many have to agree. Two that do are right as often as they say, one alone hardly ever is.
_MIN_AGREEING = 2
#: Without a market the estimate is never said to be more likely right than wrong.
_MAX_RETAIL_CERTAINTY = 0.5
#: Standard deviation (logarithm) of the worth around its usual share of the retail price.
_RETAIL_LOG_SD = 0.45


def is_near(estimate: Decimal | float, price: Decimal | float) -> bool:
    """Return whether an estimate counts as right for what was paid: the event whose probability is its certainty."""
    return abs(float(estimate) / float(price) - 1) <= TOLERANCE


def estimate_price(
    offers: Sequence[Offer],
    retail: Money | None = None,
    currency: str = "EUR",
    condition: Condition | None = None,
    on: date | None = None,
    *,
    seen_on_photo: bool = False,
    assessments: Sequence[Assessment] = (),
) -> Estimate | None:
    """Return what a thing is worth in `currency`, from `offers` in order of relevance; None without evidence.

    The worth is the price at which it sells second-hand in `condition` (used and sound where that is
    not known); asking prices lie above it. `low` to `high` holds it in four of five cases, `certainty`
    is the chance that `price` is within 20 % of it. Below three usable offers, and where no two of them agree, the basis is
    `retail`, the price new. `on` is the day whose exchange rates count, the last known day where it is None.
    With `seen_on_photo` the condition is a model's word, which is held against the conditions of the offers.
    `assessments` are what is known of each offer beside its price.
    """
    assessed = zip(offers, with_each(len(offers), assessments), strict=True)
    counted = [offer for offer, it in assessed if not it.exclusion]
    stated = condition if condition and condition is not Condition.UNKNOWN else Condition.USED
    beliefs: Beliefs = weigh_seen_condition(stated, counted) if seen_on_photo else {stated: 1.0}
    target_condition = typical_condition(beliefs)
    shifts, doubts = shifts_from(target_condition, beliefs), _doubts(stated, target_condition)
    target = Target(currency, target_condition, on or date.max)
    weighed = weigh(offers, target, assessments)
    observations = [it.observation for it in weighed if it.observation]
    if len(observations) >= MIN_OFFERS:
        posterior = fit_market(observations, target_condition)
        evidence = comparables(weighed, posterior, target)
        if sum(it.weight > 0 for it in evidence) >= _MIN_AGREEING:
            found = _estimate(posterior.mixed(shifts), evidence, _basis(evidence), currency, doubts)
            return _with_terms(found, target, beliefs)
    retail_price = in_currency(retail, target) if retail else None
    if retail_price is None:
        return None
    posterior = fit(observations, retail_prior(retail_price, target_condition))
    evidence = comparables(weighed, posterior, target)
    found = _estimate(posterior.mixed(shifts), evidence, EstimateBasis.RETAIL, currency, doubts)
    return _with_terms(found, target, beliefs, retail_price)


def retail_prior(retail: Decimal, condition: Condition) -> Prior:
    """Return the prior of the worth in a condition, given the price new."""
    return Prior(math.log(float(retail) * CONDITION_FACTORS[condition].retail_share), _RETAIL_LOG_SD)


def _with_terms(
    estimate: Estimate, target: Target, beliefs: Beliefs, retail: Decimal | None = None
) -> Estimate:
    """Return the estimate with what it was computed from beside the offers."""
    chances = tuple(beliefs.items()) if len(beliefs) > 1 else ()
    return replace(
        estimate,
        condition=target.condition,
        condition_chances=chances,
        retail=retail,
        rates_on=rates_date(target.on),
    )


def _doubts(seen: Condition, typical: Condition) -> tuple[str, ...]:
    """Return the doubt about a condition that the offers make unlikely."""
    if seen is typical:
        return ()
    words = (it.replace("_", " ") for it in (seen, typical))
    return (
        "The photo looks {}, but the offers make {} likelier; give the condition if you know it.".format(
            *words
        ),
    )


def _basis(evidence: Sequence[Comparable]) -> EstimateBasis:
    sold = {it.offer.sold for it in evidence if it.weight}
    if len(sold) == 2:
        return EstimateBasis.MIXED
    return EstimateBasis.SOLD if True in sold else EstimateBasis.ASKING


def _estimate(
    posterior: Posterior,
    evidence: tuple[Comparable, ...],
    basis: EstimateBasis,
    currency: str,
    doubts: tuple[str, ...],
) -> Estimate:
    quantiles = posterior.quantiles(0.1, 0.5, 0.9)
    _, worth, _ = quantiles
    certainty = posterior.between(worth - math.log1p(TOLERANCE), worth - math.log1p(-TOLERANCE))
    sales = posterior.single_sale or posterior
    sale_low, sale_high = (rounded(math.exp(it), currency) for it in sales.quantiles(0.1, 0.9))
    low, price, high = (rounded(math.exp(it), currency) for it in quantiles)
    return Estimate(
        price=price,
        low=low,
        high=high,
        certainty=round(
            min(certainty, _MAX_RETAIL_CERTAINTY if basis is EstimateBasis.RETAIL else _MAX_CERTAINTY), 3
        ),
        currency=currency,
        basis=basis,
        comparables=sum(it.weight > 0 for it in evidence),
        evidence=evidence,
        doubts=doubts,
        sale_low=sale_low,
        sale_high=sale_high,
    )
