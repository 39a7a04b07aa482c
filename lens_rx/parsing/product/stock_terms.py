"""Recognise texts about availability in many languages."""

from __future__ import annotations

import re
from functools import lru_cache

from lens_rx.parsing.terms import TermPattern, load_pattern

_PACKAGE = "lens_rx.parsing.product"
#: Texts that mean "sold out": with few other words, and only as a whole.
_SOLD_OUT = load_pattern(_PACKAGE, "availability", "sold out")
_SOLD_ALONE = load_pattern(_PACKAGE, "availability", "sold")
#: Texts of a button that sends word when the thing is there again; one about the price is none.
_NOTIFY_ME = load_pattern(_PACKAGE, "buttons", "notify me")
_PRICE = load_pattern(_PACKAGE, "availability", "price")
_IN_STOCK = load_pattern(_PACKAGE, "availability", "in stock")
#: Words without meaning for availability.
_FILLER = load_pattern(_PACKAGE, "availability", "filler")
#: Words for other things that may be available: sizes, stores, services.
_ELSEWHERE = load_pattern(_PACKAGE, "availability", "elsewhere")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
#: Longest text about availability, in characters.
_MOST = 300


@lru_cache(maxsize=4096)
def sold_out(text: str) -> bool:
    """Return whether a text, or a sentence of it, means "sold out" and little else."""
    if _SOLD_ALONE.matches_whole(text.strip(" .!*•:-–")):
        return True
    if not _SOLD_OUT.occurs_in(text):
        return False
    return any(_states(one, _SOLD_OUT) for one in dict.fromkeys((text, *_SENTENCE_END.split(text))))


@lru_cache(maxsize=4096)
def offers_notification(text: str) -> bool:
    """Return whether a text offers a notification for when the product is available again."""
    found = _NOTIFY_ME.search(text) if _NOTIFY_ME.occurs_in(text) else None
    return found is not None and _PRICE.search(text) is None and len(found[0]) >= 0.5 * len(text)


@lru_cache(maxsize=4096)
def in_stock(text: str) -> bool:
    """Return whether a text means "in stock" and little else."""
    if not _IN_STOCK.occurs_in(text) or sold_out(text) or offers_notification(text):
        return False
    return _states(text, _IN_STOCK)


def _states(text: str, pattern: TermPattern) -> bool:
    """Return whether a text matches, mentions no size, store or service, and has as many matching as other characters."""
    found = pattern.search(text) if len(text) <= _MOST else None
    if found is None or _ELSEWHERE.search(text[: found.start()] + " " + text[found.end() :]):
        return False
    rest = _FILLER.sub("", pattern.sub("", text))
    return len(rest) <= len(found[0])
