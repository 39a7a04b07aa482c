"""Reads dates of sales, in the languages of the marketplaces."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType

from babel.dates import get_month_names

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "cs", "fi", "hu", "ro", "ru")
_EAST_ASIAN = re.compile(r"(20\d\d)\s*[年년/.-]\s*(\d{1,2})\s*[月월/.-]\s*(\d{1,2})")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](20\d\d)\b")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:\.|er|st|nd|rd|th)?[\s-]+(?:de\s+)?([^\W\d_]{3,})\.?,?[\s-]+(?:de\s+)?(20\d\d)"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(20\d\d)")


@cache
def _months() -> MappingProxyType[str, int]:
    """Map the first letters of every month's name, in every language, to its number."""
    names: dict[str, int] = {}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return MappingProxyType(names)


def _month(name: str) -> int | None:
    name = name.casefold()
    months = _months()
    return months.get(name) or months.get(name[:4]) or months.get(name[:3])


def read_day(text: str) -> datetime | None:
    """Return the day (midnight UTC) that a text names with its year, None where it names none."""
    text = text[:120]
    if found := _EAST_ASIAN.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.search(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _DAY_MONTH.search(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.search(text):
        return _day(int(found[3]), _month(found[1]), int(found[2]))
    return None


def _day(year: int, month: int | None, day: int) -> datetime | None:
    if month is None:
        return None
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
