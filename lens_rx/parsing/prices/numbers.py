"""Reads a number with any thousands and decimal separators."""

from __future__ import annotations

import re
from decimal import Decimal

#: As numbers stand in a folded text: groups parted by one space, by `.`, `,` or an apostrophe, decimals last.
NUMBER = r"""
    (?:
        (?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?!\d)(?:[.,]\d{1,3}(?!\d))?
      | \d+(?:[.,'·]\d+)*(?:[.,][ ]\d\d(?=\s*(?:[€$£¥]|[^\W\d_]{2,3}\.?\s*$|$)))?
      | (?<!\d)[.,]\d+(?:[.,]\d+)*
    )
    (?:[.,:]-{1,2}(?!\d))?
"""
_SEPARATOR = re.compile(r"[.,·]")
#: Longer than any price; the rest of arithmetic stays exact below it.
_LONGEST = 24


def _decimals(number: str, minor_digits: int, language: str) -> int:
    """Return how many digits at the end of `number` (digits and separators) are decimals."""
    found = list(_SEPARATOR.finditer(number))
    if not found:
        return 0
    last = found[-1]
    head, tail = last.start(), len(number) - last.end()
    if last[0] in {mark[0] for mark in found[:-1]}:
        return 0 if tail == 3 else tail
    if len(found) > 1 or tail != 3 or head > 3 or number[:head] in ("", "0"):
        return tail
    return tail if minor_digits == 3 and _writes_mills(number, last[0], language) else 0


def _writes_mills(number: str, mark: str, language: str) -> bool:
    """Tell whether three digits behind `mark` are thousandths, in a currency that has them.

    "45,000" is in doubt: it is 45 thousand but where the language writes decimals behind a comma.
    """
    spoken = language.lower()
    writes_comma = spoken[:2] in _COMMA_LANGUAGES or spoken in _COMMA_REGIONS
    return mark != "," or number[-3:] != "000" or writes_comma


#: Languages that write decimals behind a comma. Source: CLDR.
_COMMA_LANGUAGES = frozenset(
    "af az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk ky lt lv mk nb nl nn no pl pt ro ru sk sl sq sr sv tr uk uz vi".split()
)
#: Regions that do so though their language does not.
_COMMA_REGIONS = frozenset(("en-za", "en-at", "en-be", "en-de", "en-fi", "en-nl", "en-se", "en-si", "en-dk"))


def read_number(raw: str, minor_digits: int = 2, language: str = "") -> Decimal | None:
    """Return the value of a number as it matched `NUMBER`; None for a string of digits beyond all prices.

    Three digits behind a lone separator are a group of thousands, unless the currency has three minor
    digits. Sources: CLDR number patterns, and Indian grouping ("1,29,999").
    """
    number = raw.rstrip(".,:-").replace(" ", "").replace("'", "")
    if len(number) > _LONGEST:
        return None
    decimals = _decimals(number, minor_digits, language)
    return Decimal(_SEPARATOR.sub("", number)).scaleb(-decimals)
