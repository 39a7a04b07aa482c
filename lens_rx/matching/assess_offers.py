"""How each offer is to be taken: what the user said of it, and whether it is of the size and variant that was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lens_rx.facts import Condition, Identity, Item, Offer, Offers, Rejected, comparable_id
from lens_rx.matching.other_variants import is_of_variant
from lens_rx.matching.wanted_traits import NOTHING_WANTED, OTHER_THING, Fit, WantedTraits
from lens_rx.pricing import check_offers, outlier_reasons
from lens_rx.pricing.assessment import Assessment
from lens_rx.pricing.market_fit import MIN_OFFERS

DISMISSED_REASON = "You left it out."
_RESTORED = Assessment(is_certain=True, note="you brought it back")


@dataclass(frozen=True, slots=True)
class AssessedOffers:
    """The offers that may count, each with its assessment, and those that stay rejected.

    `fits` are those of the offers to what is `wanted`, empty where nothing is.
    """

    offers: tuple[Offer, ...]
    assessments: tuple[Assessment, ...]
    rejected: tuple[Rejected, ...]
    wanted: WantedTraits = NOTHING_WANTED
    fits: tuple[Fit, ...] = ()

    def doubt(self, weights: Sequence[float]) -> str:
        """Return what to say, for the user, where few of the offers with a weight, but not all, state what is wanted."""
        counted = [fit for fit, weight in zip(self.fits, weights, strict=False) if weight]
        stated = sum(fit.is_stated for fit in counted)
        if stated >= min(MIN_OFFERS, len(counted)):
            return ""
        number = f"Only {stated}" if stated else "None"
        others = "; others count as well, for less" if any(fit.others for fit in counted) else ""
        return (
            f"{number} of {len(counted)} offers {'state' if stated > 1 else 'states'} {self.wanted}{others}."
        )


def assess_offers(found: Offers, item: Item, identity: Identity | None) -> AssessedOffers:
    """Return the offers of a thing, and behind them rejected ones that count: brought back, or of the given variant.

    What was left out stays out, also where it was brought back before; a price that is far off among all offers stays
    out though the user left others out. Where hardly any is of the given capacity or generation, the others count as
    well, for less.
    """
    return _assess(found, item, identity, _outliers(found, item, identity) if item.dismissed else {})


def _assess(
    found: Offers, item: Item, identity: Identity | None, outliers: Mapping[str, str]
) -> AssessedOffers:
    """Return the offers with their assessments; `outliers` are reasons to leave some out, by their ids."""
    options = item.options
    wanted = WantedTraits.of(options, identity) if options.size or options.variant else NOTHING_WANTED
    back = _readmitted(found, item, identity, wanted)
    offers = (*found.offers, *(it.offer for it in back))
    rejected = tuple(it for it in found.rejected if it not in back)
    given = [_by_user(offer, item) or _by_price(offer, outliers) for offer in offers]
    if not wanted:
        return AssessedOffers(offers, tuple(it or Assessment() for it in given), rejected)
    fits = tuple(
        Fit() if it and it.is_certain else wanted.fit(offer) for offer, it in zip(offers, given, strict=True)
    )
    usable = [fit for offer, it, fit in zip(offers, given, fits, strict=True) if _is_usable(offer, it)]
    others_go = sum(not fit.is_other_thing for fit in usable) >= MIN_OFFERS
    assessments = tuple(it or _by_fit(fit, others_go=others_go) for it, fit in zip(given, fits, strict=True))
    return AssessedOffers(offers, assessments, rejected, wanted, fits)


def mark_offers(found: Offers, item: Item, identity: Identity | None) -> Offers:
    """Return the offers, each with the reason why it is no price of the thing, "" where it is one.

    The result is the same, whatever marks `found` had before.
    """
    assessed = assess_offers(found, item, identity)
    condition = item.options.condition
    return replace(
        found,
        exclusions=check_offers(assessed.offers, _day(found), assessed.assessments, condition),
        restored=assessed.offers[len(found.offers) :],
    )


def _outliers(found: Offers, item: Item, identity: Identity | None) -> dict[str, str]:
    """Return why prices are far off among all offers, those that the user left out included, by the offers' ids."""
    whole = replace(item, dismissed=frozenset(), restored=item.restored - item.dismissed)
    assessed = _assess(found, whole, identity, {})
    reasons = outlier_reasons(assessed.offers, _day(found), assessed.assessments, item.options.condition)
    return {
        comparable_id(offer): reason for offer, reason in zip(assessed.offers, reasons, strict=True) if reason
    }


def _day(found: Offers) -> date | None:
    return found.observed_at.date() if found.observed_at else None


def _readmitted(found: Offers, item: Item, identity: Identity | None, wanted: WantedTraits) -> list[Rejected]:
    """Return the rejected offers that count; of a listing that is there twice, the first."""
    back = item.restored - item.dismissed
    by_variant = bool(item.options.variant) and identity is not None
    if not back and not by_variant:
        return []
    seen = {comparable_id(offer) for offer in found.offers}
    readmitted = []
    for it in found.rejected:
        name = comparable_id(it.offer)
        if name not in seen and (
            name in back or (identity and by_variant and is_of_variant(it, identity, wanted))
        ):
            seen.add(name)
            readmitted.append(it)
    return readmitted


def _by_user(offer: Offer, item: Item) -> Assessment | None:
    name = comparable_id(offer)
    if name in item.dismissed:
        return Assessment(exclusion=DISMISSED_REASON)
    return _RESTORED if name in item.restored else None


def _by_price(offer: Offer, outliers: Mapping[str, str]) -> Assessment | None:
    reason = outliers.get(comparable_id(offer)) if outliers else None
    return Assessment(exclusion=reason) if reason else None


def _by_fit(fit: Fit, *, others_go: bool) -> Assessment:
    if fit.is_other_thing and others_go:
        return Assessment(exclusion=f"{fit.difference}.")
    log_sd = max(fit.log_sd, OTHER_THING) if fit.is_other_thing else fit.log_sd
    return Assessment(log_sd=log_sd, note=fit.note, group=fit.note, group_log_sd=fit.group_log_sd)


def _is_usable(offer: Offer, given: Assessment | None) -> bool:
    """Return whether an offer can be evidence, whatever it is of."""
    if given is not None:
        return given.is_certain
    is_running = offer.bids is not None and not offer.sold
    return (
        offer.price.is_finite()
        and offer.price > 0
        and offer.condition is not Condition.FOR_PARTS
        and not is_running
    )
