"""Which offers are no price of the thing, judged by the offers alone: before there is an estimate, and without one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from lens_rx.facts import Condition, Money, Offer
from lens_rx.pricing.assessment import Assessment
from lens_rx.pricing.market_fit import MIN_OFFERS, fit_market
from lens_rx.pricing.posterior import Posterior
from lens_rx.pricing.price_evidence import Target, WeighedOffer, exclusion_reasons, in_currency, weigh

#: All offers are compared in one currency; which one it is does not matter.
_CURRENCY = "EUR"


def check_offers(
    offers: Sequence[Offer],
    on: date | None = None,
    assessments: Sequence[Assessment] = (),
    condition: Condition | None = None,
) -> tuple[str, ...]:
    """Return why each offer is no price of the thing, "" where it is one, in the order given.

    Of fewer than three usable offers none is an outlier. `on` is the day whose exchange rates count; `assessments`
    are what is known of each offer beside its price. `condition` is that of the thing; where it is not given, most
    offers tell whether it is defective. Takes some milliseconds.
    """
    return exclusion_reasons(*_compared(offers, on, assessments, condition))


def outlier_reasons(
    offers: Sequence[Offer],
    on: date | None = None,
    assessments: Sequence[Assessment] = (),
    condition: Condition | None = None,
) -> tuple[str, ...]:
    """Return why the price of each offer is one of another thing, "" where it may be of this one, or was not compared."""
    weighed, posterior = _compared(offers, on, assessments, condition)
    reasons = exclusion_reasons(weighed, posterior)
    return tuple(reason if it.observation else "" for it, reason in zip(weighed, reasons, strict=True))


def _compared(
    offers: Sequence[Offer], on: date | None, assessments: Sequence[Assessment], condition: Condition | None
) -> tuple[list[WeighedOffer], Posterior | None]:
    """Return the offers in one currency, and the market that they make, None of fewer than three usable ones."""
    defective = sum(offer.condition is Condition.FOR_PARTS for offer in offers)
    usual = Condition.FOR_PARTS if 2 * defective > len(offers) else Condition.USED
    target = Target(_CURRENCY, condition or usual, on or date.max)
    weighed = weigh(offers, target, assessments)
    observations = [it.observation for it in weighed if it.observation]
    enough = len(observations) >= MIN_OFFERS
    return weighed, fit_market(observations, target.condition, with_sale=False) if enough else None


def is_market(offers: Iterable[Offer], currency: str, on: date) -> bool:
    """Return whether so many of the offers, none of which is excluded, are sound that an estimate rests on them alone.

    A few microseconds: it looks at no more offers than it needs.
    """
    target = Target(currency, Condition.USED, on)
    sound = (it for it in offers if it.condition is not Condition.FOR_PARTS)
    usable = (it for it in sound if in_currency(Money(it.price, it.currency), target))
    return len(list(islice(usable, MIN_OFFERS))) == MIN_OFFERS
