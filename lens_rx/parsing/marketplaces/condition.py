"""The condition of a second-hand thing, from the seller's words in any language or from eBay's id."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

from lens_rx.facts import Condition
from lens_rx.parsing.terms import LazyPattern, load_alternation, load_lists

#: eBay's condition ids, developer.ebay.com "Item condition ID and name values".
_EBAY_IDS = MappingProxyType(
    {
        1000: Condition.NEW,
        1500: Condition.LIKE_NEW,  # new, the box opened or gone
        1750: Condition.LIKE_NEW,  # new with defects
        2000: Condition.REFURBISHED,
        2010: Condition.REFURBISHED,
        2020: Condition.REFURBISHED,
        2030: Condition.REFURBISHED,
        2500: Condition.REFURBISHED,
        2750: Condition.LIKE_NEW,
        2990: Condition.VERY_GOOD,  # pre-owned, excellent
        3000: Condition.USED,
        3010: Condition.ACCEPTABLE,  # pre-owned, fair
        4000: Condition.VERY_GOOD,
        5000: Condition.GOOD,
        6000: Condition.ACCEPTABLE,
        7000: Condition.FOR_PARTS,
    }
)

_PACKAGE = "lens_rx.parsing.marketplaces"


def _list_pattern(section: str) -> LazyPattern:
    return LazyPattern(lambda: re.compile(load_alternation(_PACKAGE, "condition", section)))


#: The first grade with a match decides: what contains another's words stands before it in the file.
_PATTERNS = tuple(
    (Condition[section.upper()], _list_pattern(section))
    for section in load_lists(_PACKAGE, "condition")
    if section != "denied_new"
)
_DENIED_NEW = _list_pattern("denied_new")
_BY_NAME = MappingProxyType({str(condition): condition for condition in Condition})


def grade(text: str, condition_id: int | None = None) -> Condition:
    """Return the condition that a seller's words, or eBay's condition id, name; `unknown` for neither.

    The id wins, save where it only says used and the words say more ("Pre-owned - Good").
    """
    by_id = _EBAY_IDS.get(condition_id or 0)
    if by_id is not None and by_id is not Condition.USED:
        return by_id
    named = _of_words(unicodedata.normalize("NFKC", text[:300]).casefold().strip())
    return by_id if by_id and named is Condition.UNKNOWN else named


@lru_cache(maxsize=4096)
def _of_words(text: str) -> Condition:
    if text in _BY_NAME:
        return _BY_NAME[text]
    if _DENIED_NEW.search(text):
        return Condition.USED
    return next((condition for condition, words in _PATTERNS if words.search(text)), Condition.UNKNOWN)
