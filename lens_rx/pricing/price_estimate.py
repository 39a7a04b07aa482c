"""What a thing is worth: the price at which it sells, from offers of it and of strangers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from lens_rx.facts import Comparable, Condition, Estimate, EstimateBasis, Money, Offer
from lens_rx.pricing.condition_factors import GRADES
from lens_rx.pricing.posterior import Posterior, Prior, fit
from lens_rx.pricing.price_evidence import Target, comparables, in_currency, rounded, weigh

#: Fewer usable offers than this are no market.
ENOUGH = 3
#: Within this share of the truth an estimate counts as right; certainty is the chance of it.
CLOSE = 0.2
_NEVER_SURER = 0.99
#: Without a market the chance is a guess, and is never told to be better than even.
_RETAIL_NEVER_SURER = 0.5
#: How far the worth of a thing strays from its share of the price new, as a logarithm.
_RETAIL_DOUBT = 0.45


def estimate_price(
    offers: Sequence[Offer],
    retail: Money | None = None,
    currency: str = "EUR",
    condition: Condition | None = None,
    on: date | None = None,
) -> Estimate | None:
    """Return what a thing is worth in `currency`, from `offers` in order of relevance; None without evidence.

    The worth is the price at which it sells second-hand in `condition` (used and sound where that is
    not known); asking prices lie above it. `low` to `high` holds it in four of five cases, `certainty`
    is the chance that `price` is within 20 % of it. Below three usable offers the basis is `retail`,
    the price new. `on` is the day whose exchange rates count, the last known day where it is None.
    """
    wanted = condition if condition and condition is not Condition.UNKNOWN else Condition.USED
    aim = Target(currency, wanted, on or date.max)
    weighed = weigh(offers, aim)
    seen = [one.seen for one in weighed if one.seen]
    if len(seen) >= ENOUGH:
        posterior = fit(seen)
        evidence = comparables(weighed, posterior)
        return _estimate(posterior, evidence, _basis(evidence), currency)
    new = in_currency(retail, aim) if retail else None
    if new is None:
        return None
    posterior = fit(seen, Prior(math.log(float(new) * GRADES[wanted].of_new), _RETAIL_DOUBT))
    return _estimate(posterior, comparables(weighed, posterior), EstimateBasis.RETAIL, currency)


def _basis(evidence: Sequence[Comparable]) -> EstimateBasis:
    sold = {one.offer.sold for one in evidence if one.weight}
    if len(sold) == 2:
        return EstimateBasis.MIXED
    return EstimateBasis.SOLD if True in sold else EstimateBasis.ASKING


def _estimate(
    posterior: Posterior, evidence: tuple[Comparable, ...], basis: EstimateBasis, currency: str
) -> Estimate:
    worth = posterior.quantile(0.5)
    close = posterior.between(worth - math.log1p(CLOSE), worth - math.log1p(-CLOSE))
    low, price, high = (rounded(math.exp(posterior.quantile(share)), currency) for share in (0.1, 0.5, 0.9))
    return Estimate(
        price=price,
        low=low,
        high=high,
        certainty=round(
            min(close, _RETAIL_NEVER_SURER if basis is EstimateBasis.RETAIL else _NEVER_SURER), 3
        ),
        currency=currency,
        basis=basis,
        comparables=sum(one.weight > 0 for one in evidence),
        evidence=evidence,
    )
