"""Matches that are second-hand offers: they carry a price, on a site of used things."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.facts import Condition, Match, Offer
from lens_rx.parsing.html.urls import public_host_of
from lens_rx.parsing.marketplaces.condition import grade
from lens_rx.parsing.terms import load_lists, load_pattern

_HOSTS = load_lists("lens_rx.matching", "hosts")
#: Sites of second-hand things, by the label that their hosts in all countries share.
_SECOND_HAND_SITES = frozenset(_HOSTS["second-hand"])
#: Sites on which new things stand beside used ones.
_MIXED_SITES = frozenset(_HOSTS["mixed"])
_USED_TERMS = load_pattern("lens_rx.matching", "used")


def offers_from_matches(matches: Sequence[Match]) -> tuple[Offer, ...]:
    """Return the matches with a price that are second-hand by their host or their own words.

    Those out of stock, and those that may be sold new, are left out.
    """
    return tuple(offer for match in matches if (offer := _offer(match)))


def _offer(match: Match) -> Offer | None:
    if match.offer is not None:
        return None if match.offer.condition is Condition.NEW else match.offer
    site = _site(match.link)
    says_used = _USED_TERMS.search(f"{match.title} {match.source}") is not None
    if match.price is None or match.in_stock is False or not (site or says_used):
        return None
    condition = grade(match.title) if says_used else Condition.UNKNOWN
    if condition is Condition.UNKNOWN and site not in _MIXED_SITES:
        condition = Condition.USED
    return Offer(
        id=match.id or match.link,
        title=match.title,
        link=match.link,
        price=match.price.amount,
        currency=match.price.currency,
        condition=condition,
        image=match.thumbnail if match.thumbnail.startswith("http") else "",
        marketplace=site or _host(match.link),
    )


def _host(link: str) -> str:
    return public_host_of(link).removeprefix("www.")


def _site(link: str) -> str:
    """Return the label by which a link's host is a second-hand site, "" where it is not."""
    labels = _host(link).split(".")[:-1]
    return next((label for label in labels if label in _SECOND_HAND_SITES or label in _MIXED_SITES), "")
