"""Finds the amounts of a text: each number with its currency, its scale, and whether it can be a price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import get_currency_precision

from lens_rx.parsing.prices.currency_position import CurrencyPosition, CurrencyPositions
from lens_rx.parsing.prices.currency_signs import Candidates
from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.numbers import read_number
from lens_rx.parsing.prices.phrases import Phrase, Role, load_phrases
from lens_rx.parsing.prices.tokens import Token, TokenKind

_MEASURES = load_phrases("units", "measures")
_CENTS = frozenset({"¢", "cent", "cents", "centimes", "ct", "p"})
_PERCENT = frozenset({"%", "percent", "prozent", "pct"})
_LABEL_MARKS = frozenset(":,#.-")
_TIMES = frozenset("xa")


@dataclass(slots=True)
class Amount:
    """One number: its value, and the tokens `first:last` that it takes with sign and scale.

    `plain` where it may be a price; `percent` where it is a percentage; `prefixed` where the
    currency stands before it; `power` is the scale that it was read with ("k" is 3).
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


def amounts(tokens: Sequence[Token], found: Sequence[Phrase], language: str = "") -> list[Amount]:
    """Return every number of a text in order, with currency, scale and plausibility."""
    spots = [at for at, token in enumerate(tokens) if token.kind is TokenKind.NUMBER]
    labels = {phrase.last for phrase in found if phrase.ahead is Role.NOT_PRICE}
    sizes = frozenset(at for at in spots if _label_end(tokens, at) in labels)
    sides = CurrencyPositions(tokens, spots, sizes)
    read = (_amount(tokens, at, sides.left[at], sides.right[at], language) for at in spots)
    return [_with_flags(tokens, amount, at, sizes) for at, amount in zip(spots, read, strict=True) if amount]


def _label_end(tokens: Sequence[Token], at: int) -> int:
    """Return the index behind the word that a number follows, marks passed over."""
    while at and tokens[at - 1].text in _LABEL_MARKS:
        at -= 1
    return at


def _amount(
    tokens: Sequence[Token],
    at: int,
    left: CurrencyPosition | None,
    right: CurrencyPosition | None,
    language: str,
) -> Amount | None:
    """Return the amount of the number token at `at`; None where it is too long for one."""
    codes, prefixed = _codes(left.codes if left else (), right.codes if right else ())
    minor = get_currency_precision(codes[0]) if codes and codes[0] != "-" else 2
    # the dinar of Tunisia is written in the French way whatever the page's language: "89,000 DT"
    value = read_number(tokens[at].text, minor, "fr" if codes[:1] == ("TND",) else language)
    if value is None:
        return None
    first, last = left.edge if left else at, right.edge if right else at + 1
    power = right.power if right else 0
    cents = right is not None and tokens[last - 1].text != "P" and tokens[last - 1].text.lower() in _CENTS
    return Amount(value.scaleb(-2) if cents else _scaled(value, power), first, last, codes, prefixed, power)


def _scaled(value: Decimal, power: int) -> Decimal:
    """Return `value` times ten to `power`, without empty decimals: 1.2 million is 1200000."""
    product = value * Decimal(10) ** power
    return product.to_integral_value() if power and product == product.to_integral_value() else product


def _codes(left: Candidates, right: Candidates) -> tuple[Candidates, bool]:
    """Return the codes that hold, and whether the currency stands before: the surer of two that agree."""
    if len(left) > 1 and len(right) == 1 and right[0] in left:
        return right, True
    return (left, True) if left else (right, False)


def _with_flags(tokens: Sequence[Token], amount: Amount, at: int, sizes: frozenset[int]) -> Amount:
    follower = fold_key(tokens[amount.last].text) if amount.last < len(tokens) else ""
    amount.percent = follower in _PERCENT
    amount.plain = not amount.percent and (
        amount.marked or (at not in sizes and _may_be_price(tokens, at, amount))
    )
    return amount


def _may_be_price(tokens: Sequence[Token], at: int, amount: Amount) -> bool:
    """Tell whether a bare number may be a price: no measure, no number of a page, no part of a name."""
    if re.fullmatch(r"0\d+", tokens[at].text) or (at and tokens[at - 1].text == "#"):
        return False
    if at and tokens[at].glued and _latin(tokens[at - 1]) and fold_key(tokens[at - 1].text) not in _TIMES:
        return False
    if amount.last >= len(tokens) or tokens[amount.last].kind is not TokenKind.WORD:
        return True
    after = tokens[amount.last]
    return fold_key(after.text) not in _MEASURES and (
        not after.glued or not _latin(after) or fold_key(after.text) in _TIMES
    )


def _latin(token: Token) -> bool:
    return token.kind is TokenKind.WORD and token.text.isascii()
