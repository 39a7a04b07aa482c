"""The text of a history of sales (CSV) to `PastSale`s: commas, semicolons or tabs, decimal points or commas."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lens_rx.parsing.history.decimal_signs import AmountError, DecimalSigns, decimal_signs, read_amount
from lens_rx.parsing.history.market_names import marketplace_named
from lens_rx.pricing.country_names import country_named
from lens_rx.pricing.decision.sales_history import PastSale

REQUIRED = ("bought", "sold")
AMOUNTS = ("bought", "asked", "sold", "estimate", "low", "high")
_DELIMITERS = ";\t,"
#: What spreadsheets write as a line of its own before the headings.
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

Row = dict[str, str]


class HistoryError(ValueError):
    """A file that is no history; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class History:
    """The sales of a file, for each line that was left out its number and why, and names that mean what they do not say.

    `read_as` has the name of a country or marketplace as it is written, and the one that it was read as.
    """

    sales: tuple[PastSale, ...]
    left_out: tuple[tuple[int, str], ...]
    read_as: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def _headings() -> Mapping[str, tuple[str, str]]:
    """Return the column and the language of each heading."""
    text = (files("lens_rx.parsing.history") / "history_columns.toml").read_text("utf-8")
    return {
        heading: (column, language)
        for language, columns in tomllib.loads(text).items()
        for column, headings in columns.items()
        for heading in headings
    }


def parse_history(text: str) -> History:
    """Return the sales of a CSV with a line of headings; raise `HistoryError` where columns are missing."""
    table = _Table(text)
    rows = list(table.rows())
    amounts = _Amounts([row for _, row, _ in rows], table.writes_comma)
    sales: list[PastSale] = []
    left_out: list[tuple[int, str]] = []
    for number, row, problem in rows:
        try:
            if problem:
                raise ValueError(problem)
            sales.append(_sale(row, amounts))
        except ValueError as error:
            left_out.append((number, str(error)))
    return History(tuple(sales), tuple(left_out), _read_as(row for _, row, _ in rows))


class _Table:
    """The lines of a CSV under their columns; `writes_comma`: headings and separator are those of who writes 12,50."""

    def __init__(self, text: str) -> None:
        lines = text.removeprefix("\ufeff").splitlines()
        said = _SEPARATOR_LINE.fullmatch(lines[0].strip(" ")) if lines else None
        self._skipped = 1 if said else 0
        self._lines = lines[self._skipped :]
        if not self._lines:
            raise HistoryError("The file is empty.")
        self._delimiter = said[1] if said else max(_DELIMITERS, key=self._lines[0].count)
        (cells,) = csv.reader(self._lines[:1], delimiter=self._delimiter)
        known = [_headings().get(heading.strip().casefold(), ("", "")) for heading in cells]
        self._names = [column for column, _ in known]
        if missing := [column for column in REQUIRED if column not in self._names]:
            raise HistoryError(f"There is no column {' and no column '.join(missing)} in the first line.")
        self.writes_comma = self._delimiter == ";" or "german" in {language for _, language in known}

    def rows(self) -> Iterator[tuple[int, Row, str]]:
        """Yield the number of each line that is not empty, its cells by column, and what is wrong with their number."""
        reader = csv.reader(self._lines, delimiter=self._delimiter)
        next(reader)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = {name: cell.strip() for name, cell in zip(self._names, cells, strict=False) if name}
            beyond = any(cell.strip() for cell in cells[len(self._names) :])
            problem = f"{len(cells)} values for {len(self._names)} columns" if beyond else ""
            yield reader.line_num + self._skipped, row, problem


class _Amounts:
    """Reads the amounts of a table in the notation that its columns, all of it together, or its headings show."""

    def __init__(self, rows: Sequence[Row], writes_comma: bool) -> None:
        texts = {name: {row[name] for row in rows if row.get(name)} for name in AMOUNTS}
        self._columns = {name: _signs(column) for name, column in texts.items()}
        self._all = _signs(set().union(*texts.values()))
        self._usual_group = "." if writes_comma else ","

    def read(self, name: str, text: str) -> Decimal:
        """Return the amount in a cell of a column; raise `ValueError` with the column and what is wrong."""
        try:
            cell = read_amount(text)
        except AmountError as error:
            raise ValueError(f"{error} in {name}: {text[:40]}") from None
        if cell.is_percent:
            raise ValueError(f"no amount in {name}: {text[:40]}")
        if not cell.in_doubt:
            return cell.value
        is_group = self._is_group(name, "," if "," in cell.digits else ".")
        if is_group is None:
            raise ValueError(
                f"{cell.digits} in {name} may be {cell.value:f} or {cell.as_decimals.normalize():f}"
            )
        return cell.value if is_group else cell.as_decimals

    def _is_group(self, name: str, sign: str) -> bool | None:
        for signs in (self._columns[name], self._all):
            if (is_group := signs.is_group(sign)) is not None:
                return is_group
        return True if sign == self._usual_group and not self._all.decimals else None


def _signs(texts: Iterable[str]) -> DecimalSigns:
    cells = []
    for text in texts:
        with suppress(AmountError):
            cells.append(read_amount(text))
    return decimal_signs(cells)


def _sale(row: Row, read: _Amounts) -> PastSale:
    amounts = {name: read.read(name, row[name]) for name in AMOUNTS if row.get(name)}
    for name in REQUIRED:
        if not amounts.get(name) and not (name == "bought" and amounts.get(name) == 0):
            raise ValueError(f"no amount in {name}")
    values: dict[str, Any] = {name: value or None for name, value in amounts.items() if name not in REQUIRED}
    return PastSale(
        amounts["bought"],
        amounts["sold"],
        **values,
        when=_day(row["when"]) if row.get("when") else None,
        certainty=_share(row["certainty"]) if row.get("certainty") else None,
        brand=row.get("brand", ""),
        category=row.get("category", ""),
        marketplace=_PLACES["marketplace"](row.get("marketplace", "")),
        country=_PLACES["country"](row.get("country", "")),
    )


#: What a cell means that names a place; what is unknown stays as it is written.
_PLACES: Mapping[str, Callable[[str], str]] = {
    "marketplace": marketplace_named,
    "country": lambda text: country_named(text) or text.upper(),
}


def _read_as(rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    named = dict.fromkeys((name, row[name]) for row in rows for name in _PLACES if row.get(name))
    meant = ((text, _PLACES[name](text)) for name, text in named)
    return tuple((text, name) for text, name in meant if text.casefold() != name.casefold())


def _share(text: str) -> float:
    try:
        cell = read_amount(text)
    except AmountError as error:
        raise ValueError(f"{error} in certainty: {text[:40]}") from None
    value = float(cell.as_decimals if cell.in_doubt else cell.value)
    share = value / 100 if cell.is_percent or value > 1 else value
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
