"""Relations of the amounts in a text: ranges, changes of price, lots, prices per unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from lens_rx.parsing.prices.amounts import Amount
from lens_rx.parsing.prices.currency_signs import candidates
from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.phrases import load_phrases
from lens_rx.parsing.prices.tokens import Token, TokenKind

_TO = load_phrases("amount_relations", "range") | load_phrases("amount_relations", "range_unspaced")
_REDUCED_TO = load_phrases("amount_relations", "reduction")
_UNITS = load_phrases("units", "units")
_PER = load_phrases("units", "per_unit")
_PIECES = load_phrases("units", "pieces")
_GATHERERS = load_phrases("units", "gatherers")
_OF = load_phrases("units", "of")
_FOR = load_phrases("units", "for")
_AVAILABLE = load_phrases("units", "available")
_BEFORE_BARE_PRICE = load_phrases("amount_relations", "price")
_TIMES = frozenset("x*@х")
_ONLY = load_phrases("amount_relations", "only")
_MOST_PIECES = 1000


class Link(Enum):
    """How two neighbouring amounts are related."""

    RANGE = auto()
    CHANGE = auto()


def _words(tokens: Sequence[Token]) -> str:
    return " ".join(fold_key(token.text) for token in tokens if token.text != "'")


def _connector(between: Sequence[Token]) -> Link | None:
    words = _words(between)
    if words in ("-", "~", "--", "...", "..", "- -") or words in _TO:
        return Link.RANGE
    if words in ("→", "->", "=>", ">", "- >", "= >", "»") or words in _REDUCED_TO:
        return Link.CHANGE
    return None


def link(tokens: Sequence[Token], one: Amount, two: Amount) -> Link | None:
    """Return how two neighbouring amounts are related, None where they are not.

    A range rises. Amounts that fall, with a word or an arrow between them, are a change of price.
    """
    found = _connector(tokens[one.last : two.first])
    if found is None or not (one.plain and two.plain) or not _alike(tokens, one, two):
        return None
    dashes = tokens[one.last].text in ("-", "~", "--", "...")
    if found is Link.RANGE and one.value > two.value and not dashes:
        return Link.CHANGE
    falls = one.value > two.value
    return None if falls != (found is Link.CHANGE) and not (falls and one.marked and two.marked) else found


def _alike(tokens: Sequence[Token], one: Amount, two: Amount) -> bool:
    """Tell whether both may be prices of one thing: in one currency, or one of them bare beside the other."""
    if one.marked and two.marked:
        return bool(set(one.codes) & set(two.codes))
    if one.marked:
        return one.prefixed and not _counts(tokens, two)
    if two.marked and two.prefixed:
        return False
    if _gathered_before(tokens, one.first):
        return False
    before = tokens[one.first - 1] if one.first else None
    named = (
        before is not None
        and before.kind is TokenKind.WORD
        and fold_key(before.text) not in _BEFORE_BARE_PRICE
    )
    return not named or two.value <= 2 * one.value


def _counts(tokens: Sequence[Token], amount: Amount) -> bool:
    """Tell whether a bare number counts things: "2 pack", "3x"."""
    after = tokens[amount.last] if amount.last < len(tokens) else None
    if after is None or after.kind is not TokenKind.WORD:
        return False
    return after.glued or fold_key(after.text) in _PIECES or fold_key(after.text) in _GATHERERS


def per_unit(tokens: Sequence[Token], amount: Amount) -> bool:
    """Tell whether an amount is asked for one unit: "/ kg", "pro Stück", "je 100 g", "100 g = "."""
    after = [token for token in tokens[amount.last : amount.last + 5] if token.text not in ("(", "*", "'")]
    if _names_unit(after):
        return True
    if amount.first > 2 and tokens[amount.first - 1].text in ("=", ":"):
        return _is_unit(tokens[amount.first - 3 : amount.first - 1])
    before = [token for token in tokens[max(amount.first - 4, 0) : amount.first] if token.text != ":"]
    return any(fold_key(before[at].text) in _PER and _is_unit(before[at + 1 :]) for at in range(len(before)))


def _names_unit(after: Sequence[Token]) -> bool:
    if not after:
        return False
    if after[0].text == "/":
        return len(after) > 1 and (
            after[1].kind in (TokenKind.WORD, TokenKind.RUN) or _is_unit(after[1:3]) or _is_unit(after[1:2])
        )
    return any(fold_key(after[0].text) in _PER and _is_unit(after[1:end]) for end in (2, 3, 4))


def _is_unit(tokens: Sequence[Token]) -> bool:
    """Tell whether tokens are a unit, with a number before it or not: "kg", "100 g"."""
    rest = tokens[1:] if tokens and tokens[0].kind is TokenKind.NUMBER else tokens
    return len(rest) == 1 and fold_key(rest[0].text) in _UNITS


@dataclass(frozen=True, slots=True)
class Lot:
    """How many pieces a price is for, and whether it is the price of `each` or of all."""

    quantity: int
    each: bool


def _count(tokens: Sequence[Token], at: int) -> int:
    """Return the number of pieces that stands at `at`, 0 where none does or where it has a currency."""
    if not 0 <= at < len(tokens) or not tokens[at].text.isdecimal() or len(tokens[at].text) > 3:
        return 0
    if at and candidates(tokens[at - 1].text) and tokens[at - 1].kind is not TokenKind.NUMBER:
        return 0
    return int(tokens[at].text)


def lot(tokens: Sequence[Token], amount: Amount) -> Lot | None:
    """Return the lot that an amount is asked for: "2 x 15 €", "3 for $10", "3er Pack", "lot of 5"."""
    found = _times(tokens, amount) or _for(tokens, amount) or _pack(tokens, amount)
    return found if found and 1 < found.quantity <= _MOST_PIECES else None


def _times(tokens: Sequence[Token], amount: Amount) -> Lot | None:
    at = amount.first - 1
    if at > 0 and fold_key(tokens[at].text) in _TIMES | {"a", "je"}:
        direct = fold_key(tokens[at].text) in _TIMES or fold_key(tokens[at - 1].text) in _PIECES
        quantity = _count(tokens, at - 1) or (
            _count(tokens, at - 2) if fold_key(tokens[at - 1].text) in _PIECES else 0
        )
        if quantity and (direct or fold_key(tokens[at].text) != "a"):
            return Lot(quantity, each=True)
    after = amount.last
    if after + 1 < len(tokens) and fold_key(tokens[after].text) in _TIMES:
        closed = (
            after + 2 >= len(tokens)
            or tokens[after + 2].kind is not TokenKind.WORD
            or fold_key(tokens[after + 2].text) in _PIECES
        )
        quantity = _count(tokens, after + 1)
        return Lot(quantity, each=True) if quantity and closed else None
    return None


def _for(tokens: Sequence[Token], amount: Amount) -> Lot | None:
    at = amount.first - 1
    while at > 0 and fold_key(tokens[at].text) in _ONLY:
        at -= 1
    if at > 0 and fold_key(tokens[at].text) in _FOR:
        quantity = _count(tokens, at - 1) or (
            _count(tokens, at - 2) if fold_key(tokens[at - 1].text) in _PIECES else 0
        )
        return Lot(quantity, each=False) if quantity else None
    after = amount.last
    if after + 1 < len(tokens) and fold_key(tokens[after].text) in _FOR:
        closed = (
            after + 2 >= len(tokens)
            or tokens[after + 2].kind is TokenKind.MARK
            or fold_key(tokens[after + 2].text) in _PIECES
        )
        quantity = _count(tokens, after + 1)
        return Lot(quantity, each=False) if quantity and closed else None
    return None


def _pack(tokens: Sequence[Token], amount: Amount) -> Lot | None:
    for at, token in enumerate(tokens):
        if amount.first <= at < amount.last or token.kind is not TokenKind.NUMBER:
            continue
        quantity = _count(tokens, at)
        if quantity and (_gathered_before(tokens, at) or _gathered_after(tokens, at)):
            return Lot(quantity, each=False)
    return None


def _gathered_before(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "pack of" stands before the number at `at`."""
    return at > 1 and fold_key(tokens[at - 1].text) in _OF and fold_key(tokens[at - 2].text) in _GATHERERS


def _gathered_after(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the number at `at` counts pieces: "3er-Pack", "3 pack", "5 Stück"."""
    rest = [fold_key(token.text) for token in tokens[at + 1 : at + 6] if token.text != "-"]
    if rest[:1] in (["er"], ["x"]):
        return len(rest) > 1 and rest[1] in _GATHERERS
    if not rest or (rest[0] not in _GATHERERS and rest[0] not in _PIECES):
        run = tokens[at + 1].text if at + 1 < len(tokens) and tokens[at + 1].kind is TokenKind.RUN else ""
        return run.startswith(
            (
                "個セット",
                "点セット",
                "枚セット",
                "本セット",
                "個",
                "枚組",
                "本",
                "個入",
                "件套",
                "개",
                "セット",
                "点",
            )
        )
    return not (len(rest) > 1 and rest[1] in _AVAILABLE)
