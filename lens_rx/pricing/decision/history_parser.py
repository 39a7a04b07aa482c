"""The text of a history of sales (CSV) to `PastSale`s: commas, semicolons or tabs, decimal points or commas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from lens_rx.pricing.decision.fee_table import load_table
from lens_rx.pricing.decision.sales_history import PastSale

REQUIRED = ("bought", "sold")
AMOUNTS = ("bought", "asked", "sold", "estimate", "low", "high")
_DELIMITERS = ";\t,"
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class HistoryError(ValueError):
    """A file that is no history; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class History:
    """The sales of a file, and for each line that was left out its number and why."""

    sales: tuple[PastSale, ...]
    left_out: tuple[tuple[int, str], ...]


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, str]:
    """Return the column of each heading."""
    table = load_table("history_columns.toml")
    return {heading: column for column, headings in table.items() for heading in headings}


def parse_history(text: str) -> History:
    """Return the sales of a CSV with a line of headings; raise `HistoryError` where columns are missing."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines:
        raise HistoryError("The file is empty.")
    delimiter = max(_DELIMITERS, key=lines[0].count)
    names = [
        _columns().get(heading.strip().casefold(), "")
        for heading in next(csv.reader(lines[:1], delimiter=delimiter))
    ]
    missing = [column for column in REQUIRED if column not in names]
    if missing:
        raise HistoryError(f"There is no column {' and no column '.join(missing)} in the first line.")
    sales: list[PastSale] = []
    left_out: list[tuple[int, str]] = []
    comma = _has_decimal_commas(lines, delimiter)
    for number, cells in _rows(lines, delimiter):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        try:
            sales.append(_sale(row, comma=comma))
        except ValueError as error:
            left_out.append((number, str(error)))
    return History(tuple(sales), tuple(left_out))


def _rows(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    next(reader)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _has_decimal_commas(lines: list[str], delimiter: str) -> bool:
    """Return whether amounts have decimal commas: some end in a comma and one or two digits, none in a point and such."""
    cells = [cell.strip() for line in lines[1:] for cell in line.replace('"', "").split(delimiter)]
    commas = sum(bool(re.search(r"\d,\d{1,2}\D*$", cell)) for cell in cells)
    points = sum(bool(re.search(r"\d\.\d{1,2}\D*$", cell)) for cell in cells)
    return delimiter != "," and commas > points


def _sale(row: Mapping[str, str], *, comma: bool) -> PastSale:
    amounts = {name: _amount(name, row[name], comma=comma) for name in AMOUNTS if row.get(name)}
    for name in REQUIRED:
        if not amounts.get(name) and not (name == "bought" and amounts.get(name) == 0):
            raise ValueError(f"no amount in {name}")
    values: dict[str, Any] = {name: value or None for name, value in amounts.items() if name not in REQUIRED}
    return PastSale(
        amounts["bought"],
        amounts["sold"],
        **values,
        when=_day(row["when"]) if row.get("when") else None,
        certainty=_share(row["certainty"], comma=comma) if row.get("certainty") else None,
        brand=row.get("brand", ""),
        category=row.get("category", ""),
        marketplace=row.get("marketplace", "").lower(),
        country=row.get("country", "").upper(),
    )


def _amount(name: str, text: str, *, comma: bool) -> Decimal:
    digits = re.sub(r"[^\d.,-]", "", text)
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    try:
        amount = Decimal(digits)
    except InvalidOperation:
        raise ValueError(f"no amount in {name}: {text[:40]}") from None
    if amount < 0:
        raise ValueError(f"a negative amount in {name}: {text[:40]}")
    return amount


def _share(text: str, *, comma: bool) -> float:
    value = float(_amount("certainty", text, comma=comma))
    share = value / 100 if "%" in text or value > 1 else value
    if share > 1:
        raise ValueError(f"no share in certainty: {text[:40]}")
    return share


def _day(text: str) -> date:
    if german := _GERMAN_DAY.fullmatch(text):
        text = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}"
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"no day in when: {text[:40]} (write 2026-11-20 or 20.11.2026)") from None
