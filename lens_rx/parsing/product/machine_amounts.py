"""Amounts and currencies as machines write them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import get_currency_precision, list_currencies

from lens_rx.parsing.prices import PriceHint, PriceReading, parse_price

_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_CODES = frozenset(list_currencies()) | {"RUR"}
_RENAMED = {"RUR": "RUB", "NTD": "TWD", "RMB": "CNY", "HRK": "HRK", "YTL": "TRY", "TL": "TRY"}
#: No thing costs more; longer digits are an id or a telephone number.
_MOST = Decimal(10) ** 11


def currency_code(text: str) -> str:
    """Return the ISO 4217 code that `text` is, or names by its sign; empty where it is none."""
    code = text.strip().upper()
    code = _RENAMED.get(code, code)
    if code in _CODES:
        return code
    return parse_price(f"1 {text.strip()}").currency or "" if 0 < len(code) <= 6 else ""


def machine_amount(value: object, currency: str, hint: PriceHint) -> Decimal | None:
    """Return the amount of a structured price; None where it is none or not above zero.

    A dot is the decimal one, unless three digits after it make more places than the currency has.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not text or len(text) > 60:
        return None
    if _PLAIN.fullmatch(text) and not _grouped(text, currency):
        return _positive(Decimal(text))
    reading = parse_cached(text, PriceHint(hint.language, hint.host, currency or hint.currency))
    return _positive(reading.amounts[0]) if reading.amounts else None


@lru_cache(maxsize=4096)
def parse_cached(text: str, hint: PriceHint) -> PriceReading:
    """Read a price text by the page's language, host and currency."""
    return parse_price(text, hint)


def _grouped(text: str, currency: str) -> bool:
    """Return whether the dot in `1.234` groups thousands: the currency has fewer than three decimals."""
    places = len(text.partition(".")[2])
    whole = text.partition(".")[0].lstrip("-")
    if places != 3 or len(whole) > 3 or whole == "0" or not currency:
        return False
    return get_currency_precision(currency) < 2


def _positive(amount: Decimal) -> Decimal | None:
    try:
        return amount.quantize(Decimal("0.001")).normalize() + 0 if 0 < amount < _MOST else None
    except InvalidOperation:
        return None
