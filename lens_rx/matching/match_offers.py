"""Look-alikes that are offers: a price, on a page where things change hands a second time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lens_rx.facts import Condition, Match, Offer
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.marketplaces.condition import grade

#: Hosts, by the label that their countries share, where private sellers or resellers of used things sell.
_SECOND_HAND_SITES = frozenset(
    """
    vinted mercari carousell depop poshmark grailed therealreal thredup vestiairecollective rebelle tradesy curtsy
    swap kidizen leboncoin kleinanzeigen ebay-kleinanzeigen willhaben wallapop milanuncios marktplaats 2dehands
    2ememain tori finn blocket dba tradera ricardo anibis tutti subito gumtree craigslist olx allegrolokalnie
    sprzedajemy sellpy momoxfashion ubup percentil micolet backmarket refurbed swappie rebuy asgoodasnew mpb keh
    reverb chrono24 chronext watchfinder catawiki pamono selency vinterior 1stdibs wornwear goofish xianyu
    fril jmty paypayfleamarket 2ndstreet fashionphile rebag luxclusif hardlyeverwornit cudoni yoox-vintage
    offerup letgo shpock bazos aukro skelbiu ss njuskalo bolha kupujemprodajem avito jofogas vatera lalafo
    """.split()
)
#: Hosts where the new stands beside the used, so that nothing is known of what does not say it.
_MIXED_SITES = frozenset({"ebay"})
_USED_TERMS = re.compile(
    r"\bpre[- ]?(?:owned|loved)\b|\bsecond[- ]?hand\b|\bused\b|\brefurbished\b|gebraucht|zweite hand|\bd.occasion\b"
    r"|seconde main|segunda mano|\busad[oa]s?\b|\busat[oaie]\b|seconda mano|tweedehands|\bgebruikt|używan|中古",
    re.IGNORECASE,
)


def offers_from_matches(matches: Sequence[Match]) -> tuple[Offer, ...]:
    """Return the look-alikes that carry a price and are second-hand by their host or their own words.

    What is out of stock is left out, and so is all that a shop may sell new.
    """
    return tuple(offer for match in matches if (offer := _offer(match)))


def _offer(match: Match) -> Offer | None:
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
    return host_of(link).removeprefix("www.")


def _site(link: str) -> str:
    """Return the label by which a link's host is known as second-hand, empty where it is not."""
    labels = _host(link).split(".")[:-1]
    return next((label for label in labels if label in _SECOND_HAND_SITES or label in _MIXED_SITES), "")
