"""Amounts of a table, some of which only the rest of it makes clear: whether 1.200 is 1200 or 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from lens_rx.parsing.prices.amounts import Amount, amounts
from lens_rx.parsing.prices.normalize import normalize
from lens_rx.parsing.prices.phrases import find_phrases
from lens_rx.parsing.prices.tokens import Token, TokenKind, tokenize

#: A group of thousands, or three decimals.
_IN_DOUBT = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_THOUSANDTHS = 3
_NEGATIVE_MARKS = frozenset("-(")


class AmountError(ValueError):
    """A text that is no amount, or more than one; the message says which."""


@dataclass(frozen=True, slots=True)
class CellAmount:
    """The amount in a cell, and its digits with the signs as they are written.

    `in_doubt`: the sign in `digits` parts thousands, as in `value`, or decimals.
    """

    value: Decimal
    digits: str
    is_percent: bool
    in_doubt: bool

    @property
    def as_decimals(self) -> Decimal:
        """Return the amount whose sign parts decimals."""
        return self.value.scaleb(-_THOUSANDTHS)


@lru_cache(maxsize=4096)
def read_amount(text: str) -> CellAmount:
    """Return the one amount in a text; raise `AmountError`."""
    tokens = tokenize(normalize(text))
    found = amounts(tokens, find_phrases(tokens))
    if len(found) != 1:
        raise AmountError("more than one amount" if found else "no amount")
    (at,) = (at for at, token in enumerate(tokens) if token.kind is TokenKind.NUMBER)
    if _is_negative(tokens, at, found[0]):
        raise AmountError("a negative amount")
    digits = tokens[at].text.rstrip(".,:-")
    in_doubt = (
        _IN_DOUBT.fullmatch(digits) is not None and found[0].value == found[0].value.to_integral_value()
    )
    return CellAmount(found[0].value, digits, found[0].percent, in_doubt)


def _is_negative(tokens: list[Token], at: int, amount: Amount) -> bool:
    before = {tokens[it].text for it in (at - 1, amount.first - 1) if it >= 0}
    behind = {token.text for token in tokens[at + 1 : amount.last + 1]}
    return not before.isdisjoint(_NEGATIVE_MARKS) or "-" in behind


@dataclass(frozen=True, slots=True)
class DecimalSigns:
    """What the clear amounts of a table show: the signs before decimals with the most digits behind them, and of groups."""

    decimals: dict[str, int]
    groups: frozenset[str]

    def is_group(self, sign: str) -> bool | None:
        """Return whether a sign before three digits parts thousands, None where that cannot be told."""
        other = "," if sign == "." else "."
        if sign not in self.decimals and (sign in self.groups or other in self.decimals):
            return True
        is_decimal = self.decimals.get(sign, 0) >= _THOUSANDTHS and other not in self.decimals
        return False if is_decimal and sign not in self.groups else None


def decimal_signs(cells: Iterable[CellAmount]) -> DecimalSigns:
    """Return what amounts show of the table's notation."""
    decimals: dict[str, int] = {}
    groups: set[str] = set()
    for cell in cells:
        signs = re.sub(r"[^.,]", "", cell.digits)
        if not signs or cell.in_doubt:
            continue
        if len(set(signs)) < len(signs):  # the same sign twice
            groups.add(signs[0])
        if signs.count(signs[-1]) == 1:
            groups |= set(signs[:-1])
            places = len(cell.digits) - cell.digits.rindex(signs[-1]) - 1
            decimals[signs[-1]] = max(places, decimals.get(signs[-1], 0))
    return DecimalSigns(decimals, frozenset(groups))
