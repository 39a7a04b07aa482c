"""How each offer is to be taken: what the user said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lens_rx.facts import Item, Offer, Offers, Rejected, comparable_id
from lens_rx.pricing import check_offers
from lens_rx.pricing.assessment import Assessment

DISMISSED_REASON = "You left it out."
_RESTORED = Assessment(is_certain=True, note="you brought it back")


@dataclass(frozen=True, slots=True)
class AssessedOffers:
    """The offers that may count, each with its assessment, and those that stay rejected."""

    offers: tuple[Offer, ...]
    assessments: tuple[Assessment, ...]
    rejected: tuple[Rejected, ...]


def assess_offers(found: Offers, item: Item) -> AssessedOffers:
    """Return the offers of a thing, with those that the user brought back behind the others.

    What was left out stays out, also where it was brought back before.
    """
    back = _brought_back(found, item)
    offers = (*found.offers, *(it.offer for it in back))
    return AssessedOffers(
        offers,
        tuple(_assess(offer, item) for offer in offers),
        tuple(it for it in found.rejected if it not in back),
    )


def mark_offers(found: Offers, item: Item) -> Offers:
    """Return the offers, each with the reason why it is no price of the thing, "" where it is one.

    The result is the same, whatever marks `found` had before.
    """
    assessed = assess_offers(found, item)
    on = found.observed_at.date() if found.observed_at else None
    return replace(
        found,
        exclusions=check_offers(assessed.offers, on, assessed.assessments),
        restored=assessed.offers[len(found.offers) :],
    )


def _brought_back(found: Offers, item: Item) -> list[Rejected]:
    """Return the rejected offers that the user brought back; of a listing that is there twice, the first."""
    wanted = item.restored - item.dismissed - {comparable_id(offer) for offer in found.offers}
    first = {comparable_id(it.offer): it for it in reversed(found.rejected)} if wanted else {}
    return [it for it in found.rejected if it is first.get(comparable_id(it.offer))] if wanted else []


def _assess(offer: Offer, item: Item) -> Assessment:
    name = comparable_id(offer)
    if name in item.dismissed:
        return Assessment(exclusion=DISMISSED_REASON)
    return _RESTORED if name in item.restored else Assessment()
