"""Phrases around an offer, in the languages of the marketplaces: shipping, bids, sale, no matches."""

from __future__ import annotations

import re
from decimal import Decimal

from lens_rx.parsing.marketplaces.card_amounts import find_money, write_codes
from lens_rx.parsing.prices import PriceHint, parse_price
from lens_rx.parsing.terms import TermPattern, load_alternation, load_pattern

_PACKAGE = "lens_rx.parsing.marketplaces"
_LISTS = "offer_phrases"


def _around(section: str, before: str = "", after: str = "") -> TermPattern:
    """Return the pattern of a list with what stands before and after its entries."""
    return TermPattern(lambda: f"{before}{load_alternation(_PACKAGE, _LISTS, section)}{after}")


_DELIVERY = load_pattern(_PACKAGE, _LISTS, "delivery")
_RETURNS = _around("returns", r"\w*", r"\w*")
_CLAUSES = re.compile(r"[;·•|]|,\s")
_FREE = load_pattern(_PACKAGE, _LISTS, "free")
_BIDS = _around("bid_unit", r"(\d[\d.,\s]*)\s*")
_BEST_OFFER = load_pattern(_PACKAGE, _LISTS, "best_offer")
_SOLD = _around("sold", after=r"(?!\w)")
_ENDED = load_pattern(_PACKAGE, _LISTS, "ended")
_FEWER_WORDS = load_pattern(_PACKAGE, _LISTS, "fewer_words")
_NO_MATCH = load_pattern(_PACKAGE, _LISTS, "no_match")
_ABROAD = load_pattern(_PACKAGE, _LISTS, "abroad")
_SOLD_LABEL = load_pattern(_PACKAGE, _LISTS, "sold_label")
_NEGOTIABLE = _around("negotiable", r"(?:^|[\s(])", r"\W*$")
_WANTED = _around("wanted", after=r"(?!\w)")
_BUSINESS = load_pattern(_PACKAGE, _LISTS, "business")
_EXCHANGE = load_pattern(_PACKAGE, _LISTS, "exchange")
_LONGEST_BADGE = 60
_NEW_TAB = _around("new_tab", r"\s*", r"[^|]*$")
_NEW_LISTING = _around("new_listing", "^", r"\s*")


def shipping(text: str, hint: PriceHint) -> Decimal | None:
    """Return the cost of delivery in a text: 0 where it is free, None where there is none."""
    costs = (_delivery(clause.strip(), hint) for clause in _CLAUSES.split(text[:200]))
    return next((cost for cost in costs if cost is not None), None)


def _delivery(clause: str, hint: PriceHint) -> Decimal | None:
    if not ("+" in clause or _DELIVERY.occurs_in(clause)):
        return None
    text = _RETURNS.sub("", clause)
    if not (text.startswith("+") or _DELIVERY.occurs_in(text)):
        return None
    if _FREE.occurs_in(text):
        return Decimal(0)
    money = find_money(text)
    return next(iter(parse_price(write_codes(money), hint).amounts), None) if money else None


def bids(text: str) -> int | None:
    """Return the number of bids where a text counts them and says no more, else None."""
    found = _BIDS.fullmatch(text[:60].strip(" ·•"))
    return int(re.sub(r"\D", "", found[1])[:9]) if found else None


def is_best_offer(text: str) -> bool:
    """Tell whether a text says that the seller takes, or took, an offer."""
    return len(text) < 60 and _BEST_OFFER.occurs_in(text)


def is_sold(text: str) -> bool:
    """Tell whether a text begins by saying that the thing was sold ("26 sold" counts pieces: no)."""
    return _SOLD.matches_start(text.strip())


def is_ended(text: str) -> bool:
    """Tell whether a text begins by saying that a listing ended, sold or not."""
    return _ENDED.matches_start(text.strip())


def is_fewer_words(text: str) -> bool:
    """Tell whether a text heads what matches only a part of the search."""
    return len(text) < 160 and _FEWER_WORDS.occurs_in(text)


def is_no_match(text: str) -> bool:
    """Tell whether a text says that nothing matched the search."""
    return len(text) < 240 and _NO_MATCH.occurs_in(text)


def is_wanted(text: str) -> bool:
    """Tell whether a title or a badge is one of an advert that seeks a thing instead of offering it."""
    return _WANTED.matches_start(text.strip())


def is_negotiable(text: str) -> bool:
    """Tell whether a text says that the seller may lower the price."""
    return len(text) < _LONGEST_BADGE and _NEGOTIABLE.occurs_in(text)


def is_exchange(text: str) -> bool:
    """Tell whether a text is nothing but the word that the seller wants to swap."""
    return _EXCHANGE.matches_whole(text.strip())


def is_business_badge(text: str) -> bool:
    """Tell whether a text is nothing but the badge of a seller who trades."""
    return _BUSINESS.matches_whole(text.strip())


def is_sold_label(text: str) -> bool:
    """Tell whether a badge or a spoken label says that the thing was sold."""
    return _SOLD_LABEL.occurs_in(text)


def is_abroad(text: str) -> bool:
    """Tell whether a heading is one of offers in other countries."""
    return _ABROAD.occurs_in(text)


def is_new_tab_hint(text: str) -> bool:
    """Tell whether a text is nothing but the hint that a link opens a new tab."""
    return _NEW_TAB.matches_start(text)


def without_badges(title: str) -> str:
    """Return a title without the badge of a new listing before it and the hint of a new tab behind it."""
    return _NEW_TAB.sub("", _NEW_LISTING.sub("", title)).strip()
