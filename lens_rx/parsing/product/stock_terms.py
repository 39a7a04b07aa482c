"""Whether a text says that a thing can be had, or cannot, in the languages of the markets."""

from __future__ import annotations

import re
from functools import lru_cache

from lens_rx.parsing.terms import load_pattern

_PACKAGE = "lens_rx.parsing.product"
#: Texts that say the thing cannot be had now: with little else, and only where nothing else is said.
_SOLD_OUT = load_pattern(_PACKAGE, "availability", "sold out")
_SOLD_ALONE = load_pattern(_PACKAGE, "availability", "sold")
#: Texts of a button that sends word when the thing is there again; one about the price is none.
_NOTIFY_ME = load_pattern(_PACKAGE, "buttons", "notify me")
_PRICE = load_pattern(_PACKAGE, "availability", "price")
_IN_STOCK = load_pattern(_PACKAGE, "availability", "in stock")
#: Words that change nothing in what a text says of the thing.
_FILLER = load_pattern(_PACKAGE, "availability", "filler")
#: Words of what else may be had or not than the thing itself.
_ELSEWHERE = load_pattern(_PACKAGE, "availability", "elsewhere")
#: Characters of a text that says this and little else.
_MOST = 300


@lru_cache(maxsize=4096)
def sold_out(text: str) -> bool:
    """Tell whether a text says of the thing, and of little else, that it cannot be had."""
    return _SOLD_ALONE.fullmatch(text.strip(" .!*•:-–")) is not None or _says(text, _SOLD_OUT)


@lru_cache(maxsize=4096)
def tells_when_back(text: str) -> bool:
    """Tell whether a text offers to send word when the thing is there again."""
    found = _NOTIFY_ME.search(text)
    return found is not None and _PRICE.search(text) is None and len(found[0]) >= 0.5 * len(text)


@lru_cache(maxsize=4096)
def in_stock(text: str) -> bool:
    """Tell whether a text says of the thing, and of little else, that it can be had."""
    return not sold_out(text) and not tells_when_back(text) and _says(text, _IN_STOCK)


def _says(text: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether a text says this and nothing of size, shop or shipping; half of what is no filler at least."""
    found = pattern.search(text) if len(text) <= _MOST else None
    if found is None or _ELSEWHERE.search(text[: found.start()] + " " + text[found.end() :]):
        return False
    rest = _FILLER.sub("", pattern.sub("", text))
    return len(rest) <= len(found[0])
