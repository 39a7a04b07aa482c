"""Finds the currency before or behind each number; a sign between two numbers belongs to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lens_rx.parsing.prices.currency_signs import Candidates, candidates, is_weak
from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.tokens import Token, TokenKind
from lens_rx.parsing.terms import load_lists

_SCALE_WORDS = load_lists("lens_rx.parsing.prices", "scales")


def _scales(suffix: str = "") -> dict[str, int]:
    """Return the power of ten of each word in the lists "3", "6" … with `suffix`."""
    return {word: power for power in range(1, 10) for word in _SCALE_WORDS.get(f"{power}{suffix}", ())}


_SCALES = _scales()
_TOUCHING_SCALES = _scales("_touching")
_BETWEEN = frozenset(":=.*)")
#: Letters that are a currency where they touch the number behind them: R499, P1,500, Q200.
_TOUCHING = frozenset("RPQ")
#: "2,5 millones de pesos".
_OF = frozenset({"de", "di", "d", "of"})
_NAMES = (TokenKind.WORD, TokenKind.SIGN)


@dataclass(frozen=True, slots=True)
class CurrencyPosition:
    """A currency beside a number: what it may mean, the token where it ends away from the number, a scale."""

    codes: Candidates
    edge: int
    power: int = 0


def _surer(codes: Candidates, further: Token | None) -> Candidates:
    """Return what a second name makes of an ambiguous one: "CAD $", "$ 20 CAD"; empty where nothing."""
    found = candidates(further.text) if further and further.kind in _NAMES and len(codes) > 1 else ()
    return found if len(found) == 1 and found[0] in codes else ()


def _token(tokens: Sequence[Token], at: int) -> Token | None:
    return tokens[at] if 0 <= at < len(tokens) else None


def _ahead(tokens: Sequence[Token], at: int, *, alone: bool) -> CurrencyPosition | None:
    """Return the currency that stands before the number at `at`."""
    index = at - 1
    while index >= 0 and at - index < 4 and tokens[index].text in _BETWEEN:
        index -= 1
    named = _token(tokens, index)
    if named is None or named.kind in (TokenKind.NUMBER, TokenKind.MARK):
        return None
    touching = index == at - 1 and tokens[at].glued and named.text in _TOUCHING
    codes = candidates(named.text, alone=alone or touching)
    surer = _surer(codes, _token(tokens, index - 1))
    if surer:
        return CurrencyPosition(surer, index - 1)
    return CurrencyPosition(codes, index) if codes else None


def _behind(tokens: Sequence[Token], at: int, *, alone: bool) -> CurrencyPosition | None:
    """Return the currency that stands at `at`, behind a number and its scale."""
    named, further = _token(tokens, at), _token(tokens, at + 1)
    if named is None or named.kind in (TokenKind.NUMBER, TokenKind.MARK):
        return None
    both = candidates(f"{named.text} {further.text}") if further and further.kind is TokenKind.WORD else ()
    codes = both or candidates(named.text, behind=True, alone=alone)
    surer = _surer(codes, further)
    if both or surer:
        return CurrencyPosition(surer or both, at + 2)
    return CurrencyPosition(codes, at + 1) if codes else None


def _scale(token: Token | None, follower: Token | None) -> int:
    """Return the power of ten that a word multiplies by, 0 where it is none."""
    if token is None or token.kind is not TokenKind.WORD:
        return 0
    word = fold_key(token.text)
    touches = token.glued or (follower is not None and follower.kind is TokenKind.SIGN)
    return _SCALES.get(word, 0) or (_TOUCHING_SCALES.get(word, 0) if touches else 0)


class CurrencyPositions:
    """What stands on the left and on the right of each number of a text, by the number's token.

    `sizes` are the number tokens that a word for a size, a code or a date goes before.
    """

    def __init__(self, tokens: Sequence[Token], spots: Sequence[int], sizes: frozenset[int]) -> None:
        self._tokens = tokens
        self._alone = sum(token.kind is not TokenKind.MARK for token in tokens) == 2
        self.left = {at: _ahead(tokens, at, alone=self._alone) for at in spots}
        self.right = {at: self._right(at) for at in spots}
        self._drop_weak()
        self._share(spots, sizes)

    def _right(self, at: int) -> CurrencyPosition | None:
        power = _scale(_token(self._tokens, at + 1), _token(self._tokens, at + 2))
        behind = _behind(self._tokens, at + 1, alone=self._alone and not power)
        if not power:
            return behind
        joined = _token(self._tokens, at + 2)
        side = _behind(self._tokens, at + 2 + bool(joined and fold_key(joined.text) in _OF), alone=False)
        if side:
            return CurrencyPosition(side.codes, side.edge, power)
        if behind:
            return behind
        before = _token(self._tokens, at - 1)
        counts = self.left[at] or len(self._tokens) == 2 or (before and before.text in ("-", "~"))
        return CurrencyPosition((), at + 2, power) if counts else None

    def _drop_weak(self) -> None:
        """Take a word before a number for a word where a currency stands behind: "Nu 299 kr", "Fr. 399 kr"."""
        for at, left in self.left.items():
            right = self.right[at]
            other = left and right and not set(left.codes) & set(right.codes)
            if left and other and is_weak(self._tokens[left.edge].text):
                self.left[at] = None

    def _share(self, spots: Sequence[int], sizes: frozenset[int]) -> None:
        """Give a sign between two numbers to one of them: the glued one, else by the text's habit."""
        between = [pair for pair in pairwise(spots) if self._claimed_twice(*pair)]
        prefix = self._writes_before(spots, frozenset(two for _, two in between))
        for one, two in between:
            to_first, to_second = self._tokens[one + 1].glued, self._tokens[two].glued
            if (prefix or one in sizes) if to_first == to_second else to_second:
                self.right[one] = None
            else:
                self.left[two] = None

    def _claimed_twice(self, one: int, two: int) -> bool:
        right, left = self.right[one], self.left[two]
        return bool(right and right.codes and left and left.edge < right.edge)

    def _writes_before(self, spots: Sequence[int], shared: frozenset[int]) -> bool:
        """Tell whether the first number with a currency has it before itself, and for itself alone."""
        lone = next((at for at in spots if self.left[at] and at not in shared), -1)
        return lone >= 0 and lone == next(at for at in spots if self.left[at] or self.right[at])
