"""Reads one number, whatever its separators."""

from __future__ import annotations

import re
from decimal import Decimal

#: As numbers stand in a folded text: groups parted by one space, by `.`, `,` or an apostrophe, decimals last.
NUMBER = r"""
    (?:
        (?<![\d.,])\d{1,3}(?:[ ]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?
      | \d+(?:[.,'·]\d+)*(?:[.,][ ]\d\d(?=\s*(?:[€$£¥]|[^\W\d_]{2,3}\.?\s*$|$)))?
      | (?<!\d)[.,]\d+(?:[.,]\d+)*
    )
    (?:[.,:]-{1,2}(?!\d))?
"""
_SEPARATOR = re.compile(r"[.,·]")
#: Longer than any price; the rest of arithmetic stays exact below it.
_LONGEST = 24


def _decimals(number: str, minor_digits: int) -> int:
    """Return how many digits at the end of `number` (digits and separators) are decimals."""
    found = list(_SEPARATOR.finditer(number))
    if not found:
        return 0
    last = found[-1]
    tail = len(number) - last.end()
    if last[0] in {mark[0] for mark in found[:-1]}:
        return 0 if tail == 3 else tail
    if len(found) > 1:
        return tail
    head = last.start()
    if tail != 3 or head > 3 or number[:head] in ("", "0") or (minor_digits == 3 and number[-3:] != "000"):
        return tail
    return 0


def read_number(raw: str, minor_digits: int = 2) -> Decimal | None:
    """Return the value of a number as it matched `NUMBER`; None for a string of digits beyond all prices.

    Three digits behind a lone separator are a group of thousands, unless the currency has three minor
    digits. Sources: CLDR number patterns, and Indian grouping ("1,29,999").
    """
    number = raw.rstrip(".,:-").replace(" ", "").replace("'", "")
    if len(number) > _LONGEST:
        return None
    decimals = _decimals(number, minor_digits)
    digits = _SEPARATOR.sub("", number)
    return Decimal(digits).scaleb(-decimals)
