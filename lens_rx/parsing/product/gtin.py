"""Numbers by which things are known: GTINs with their check digit."""

from __future__ import annotations

import re

_LENGTHS = (8, 12, 13, 14)
_NOT_DIGITS = re.compile(r"[\s-]")


def gtin(text: str) -> str:
    """Return the GTIN that `text` is (8, 12, 13 or 14 digits, or an ISBN-10), empty unless its check digit is right."""
    digits = _NOT_DIGITS.sub("", text)
    if len(digits) == 10:
        return _from_isbn10(digits)
    if len(digits) not in _LENGTHS or not digits.isascii() or not digits.isdigit():
        return ""
    return digits if len(set(digits)) > 2 and _check(digits[:-1]) == int(digits[-1]) else ""


def _check(digits: str) -> int:
    return (
        -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))) % 10
    )


def _from_isbn10(text: str) -> str:
    body, last = text[:9], text[9].upper()
    if not (body.isascii() and body.isdigit() and (last.isdigit() or last == "X")):
        return ""
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(body)) + (
        10 if last == "X" else int(last)
    )
    return f"978{body}{_check(f'978{body}')}" if total % 11 == 0 else ""
