"""Finds the amounts of a text: each number with its currency, its scale, and whether it can be a price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import get_currency_precision

from lens_rx.money import words
from lens_rx.money.currencies import Candidates, candidates, is_weak
from lens_rx.money.lexicon import Sense, phrases
from lens_rx.money.numbers import read_number
from lens_rx.money.spelling import key
from lens_rx.money.tokens import Kind, Token
from lens_rx.money.words import Role

_SCALES = {word: power for power, text in words.SCALES.items() for word in phrases(text)}
_MEASURES = phrases(words.MEASURES)
_BETWEEN_SIGN_AND_NUMBER = frozenset(":=.*()")
_CENTS = frozenset({"¢", "cent", "cents", "centimes", "centimos", "ct", "cts"})


@dataclass(slots=True)
class Amount:
    """One number: its value, and the tokens `first:last` that it takes with sign and scale.

    `plain` where a bare number may be a price; `percent` where it is a percentage. `prefixed`
    tells on which side the currency stands.
    """

    value: Decimal
    first: int
    last: int
    codes: Candidates = ()
    prefixed: bool = False
    power: int = 0
    plain: bool = True
    percent: bool = False
    roles: set[Role] = field(default_factory=set)

    @property
    def marked(self) -> bool:
        """True where a currency stands beside the number."""
        return bool(self.codes)


@dataclass(frozen=True, slots=True)
class _Side:
    codes: Candidates
    edge: int
    power: int = 0


def _ahead(tokens: Sequence[Token], at: int, *, alone: bool) -> _Side | None:
    """Return the currency that stands before the number at `at`."""
    index = at - 1
    while index >= 0 and at - index < 4 and tokens[index].text in _BETWEEN_SIGN_AND_NUMBER:
        index -= 1
    if index < 0 or tokens[index].kind in (Kind.NUMBER, Kind.MARK):
        return None
    glued = index == at - 1 and tokens[at].glued
    codes = candidates(tokens[index].text, alone=alone or (glued and tokens[index].text in ("R", "P", "Q")))
    if not codes:
        return None
    further = (
        candidates(tokens[index - 1].text)
        if index and tokens[index - 1].kind in (Kind.WORD, Kind.SIGN)
        else ()
    )
    if len(codes) > 1 and len(further) == 1 and further[0] in codes:
        return _Side(further, index - 1)
    return _Side(codes, index)


def _scale(tokens: Sequence[Token], at: int) -> int:
    """Return the power of ten that the word at `at` multiplies by, 0 where it is none."""
    if at >= len(tokens) or tokens[at].kind is not Kind.WORD:
        return 0
    word = key(tokens[at].text)
    return _SCALES.get(word, 0) or (words.GLUED_SCALES.get(word, 0) if tokens[at].glued else 0)


def _behind(tokens: Sequence[Token], at: int, *, alone: bool) -> _Side | None:
    """Return the currency that stands at `at`, behind a number and its scale."""
    if at >= len(tokens) or tokens[at].kind in (Kind.NUMBER, Kind.MARK):
        return None
    if at + 1 < len(tokens) and tokens[at + 1].kind is Kind.WORD:
        both = candidates(f"{tokens[at].text} {tokens[at + 1].text}")
        if both:
            return _Side(both, at + 2)
    codes = candidates(tokens[at].text, behind=True, alone=alone)
    if not codes:
        return None
    further = (
        candidates(tokens[at + 1].text) if at + 1 < len(tokens) and tokens[at + 1].kind is Kind.WORD else ()
    )
    if len(codes) > 1 and len(further) == 1 and further[0] in codes:
        return _Side(further, at + 2)
    return _Side(codes, at + 1)


class _Reader:
    """Reads the numbers of one text."""

    def __init__(self, tokens: Sequence[Token], found: Sequence[Sense]) -> None:
        self.tokens = tokens
        self.alone = sum(token.kind is not Kind.MARK for token in tokens) == 2
        self.spots = [at for at, token in enumerate(tokens) if token.kind is Kind.NUMBER]
        self.not_prices = {sense.last for sense in found if sense.ahead is Role.NOT_PRICE}
        self.left = {at: _ahead(tokens, at, alone=self.alone) for at in self.spots}
        self.right = {at: self._right(at) for at in self.spots}
        self._drop_weak()
        self._share()

    def _right(self, at: int) -> _Side | None:
        power = _scale(self.tokens, at + 1)
        side = _behind(self.tokens, at + 1 + bool(power), alone=self.alone and not power)
        if side and power:
            return _Side(side.codes, side.edge, power)
        if side is None and power and _behind(self.tokens, at + 1, alone=self.alone) is None:
            bare = self.left[at] is not None or len(self.tokens) == 2 or self._text(at - 1) in ("-", "~")
            return _Side((), at + 2, power) if bare else None
        return side if not power else _behind(self.tokens, at + 1, alone=self.alone)

    def _drop_weak(self) -> None:
        """Take a word before a number for a word where a currency stands behind: "Nu 299 kr", "Fr. 399 kr"."""
        for at in self.spots:
            left, right = self.left[at], self.right[at]
            if (
                left
                and right
                and not set(left.codes) & set(right.codes)
                and is_weak(self.tokens[left.edge].text)
            ):
                self.left[at] = None

    def _share(self) -> None:
        """Give a sign between two numbers to one of them: the glued one, else by the text's habit."""
        between = [
            (one, two)
            for one, two in zip(self.spots, self.spots[1:], strict=False)
            if (right := self.right[one])
            and right.codes
            and (left := self.left[two])
            and left.edge < right.edge
        ]
        shared_left = {two for _, two in between}
        lone = [at for at in self.spots if self.left[at] and at not in shared_left]
        prefix = bool(lone) and lone[0] == next(
            (at for at in self.spots if self.left[at] or self.right[at]), -1
        )
        for one, two in between:
            glued_back, glued_on = self.tokens[one + 1].glued, self.tokens[two].glued
            to_second = prefix or one in self._sizes() if glued_back == glued_on else glued_on
            if to_second:
                self.right[one] = None
            else:
                self.left[two] = None

    def _sizes(self) -> set[int]:
        return {at for at in self.spots if at in self.not_prices or self._marks_before(at) in self.not_prices}

    def _marks_before(self, at: int) -> int:
        while at and self.tokens[at - 1].text in (":", ",", "#", ".", "-"):
            at -= 1
        return at

    def amount(self, at: int) -> Amount | None:
        """Return the amount of the number token at `at`; None where it is too long for one."""
        left, right = self.left[at], self.right[at]
        codes, prefixed = self._codes(left, right)
        minor = get_currency_precision(codes[0]) if codes and codes[0] != "-" else 2
        value = read_number(self.tokens[at].text, minor)
        if value is None:
            return None
        first = left.edge if left else at
        last = right.edge if right else at + 1
        amount = Amount(value, first, last, codes, prefixed, right.power if right else 0)
        amount.value = value.scaleb(amount.power)
        if right and key(self.tokens[last - 1].text) in _CENTS:
            amount.value = value.scaleb(-2)
        amount.percent = self._text(last) in ("%", "percent", "prozent", "pct")
        amount.plain = not amount.percent and (amount.marked or self._may_be_price(at, last))
        return amount

    @staticmethod
    def _codes(left: _Side | None, right: _Side | None) -> tuple[Candidates, bool]:
        one, two = (left.codes if left else ()), (right.codes if right else ())
        if len(one) > 1 and len(two) == 1 and two[0] in one:
            return two, True
        return (one, True) if one else (two, False)

    def _text(self, at: int) -> str:
        return key(self.tokens[at].text) if 0 <= at < len(self.tokens) else ""

    def _may_be_price(self, at: int, last: int) -> bool:
        """Tell whether a bare number may be a price: no size, measure, code, page or part of a name."""
        raw = self.tokens[at].text
        if at in self._sizes() or self._text(at - 1) == "#" or re.fullmatch(r"0\d+", raw):
            return False
        before, after = (
            self.tokens[at - 1] if at else None,
            self.tokens[last] if last < len(self.tokens) else None,
        )
        if (
            before
            and before.kind is Kind.WORD
            and self.tokens[at].glued
            and key(before.text) not in ("x", "a")
        ):
            return False
        if after is None or after.kind is not Kind.WORD:
            return True
        return key(after.text) not in _MEASURES and (
            not after.glued or key(after.text) == "x" or not after.text.isascii()
        )


def amounts(tokens: Sequence[Token], found: Sequence[Sense]) -> list[Amount]:
    """Return every number of a text in order, with currency, scale and plausibility."""
    reader = _Reader(tokens, found)
    return [amount for at in reader.spots if (amount := reader.amount(at)) is not None]
