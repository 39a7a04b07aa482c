"""Reads price texts: the amount that is asked now, its currency, and what kind of price it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from babel.numbers import get_currency_precision

from lens_rx.parsing.prices.amount_relations import Link, link, lot, per_unit
from lens_rx.parsing.prices.amounts import Amount, amounts
from lens_rx.parsing.prices.currency_signs import candidates, resolve
from lens_rx.parsing.prices.normalize import normalize
from lens_rx.parsing.prices.phrases import Phrase, Role, find_phrases
from lens_rx.parsing.prices.price_reading import PriceHint, PriceKind, PriceReading
from lens_rx.parsing.prices.roles import assign_roles, is_free
from lens_rx.parsing.prices.tokens import Token, TokenKind, tokenize

_NOISE = frozenset({Role.SHIPPING, Role.SAVING, Role.INSTALMENT, Role.UNTAXED, Role.EXTRA})
_NEVER = frozenset({Role.SHIPPING, Role.SAVING})


@dataclass(slots=True)
class _Text:
    """A text with its tokens, phrases and numbers."""

    tokens: list[Token]
    phrases: list[Phrase]
    numbers: list[Amount]
    links: dict[int, Link]
    hint: PriceHint | None

    def currency(self, amount: Amount | None) -> str | None:
        """Return the ISO code of an amount; a sign elsewhere in the text speaks for a bare one."""
        if amount and amount.codes:
            return resolve(amount.codes, self.hint)
        signs = (candidates(token.text) for token in self.tokens if _declares(token))
        return resolve(next((codes for codes in signs if codes), ()), self.hint)


def _declares(token: Token) -> bool:
    return token.kind is TokenKind.SIGN or (
        token.kind is TokenKind.WORD and token.text.isupper() and len(token.text) == 3
    )


def parse_price(text: str, hint: PriceHint | None = None) -> PriceReading:
    """Return what `text` asks now; without an amount the kind is `none`. Never raises.

    `hint` settles what signs leave open (`$`, `kr`, none at all). Reads the first 2,000 characters,
    in time that grows with their number.
    """
    tokens = tokenize(normalize(text))
    found = find_phrases(tokens)
    numbers = amounts(tokens, found, hint.language if hint else "")
    read = _Text(tokens, found, numbers, _links(tokens, numbers), hint)
    return _reading(read, _asked(read))


def _links(tokens: Sequence[Token], numbers: Sequence[Amount]) -> dict[int, Link]:
    """Return the links of neighbours by the index of the first; a bare partner takes the other's currency."""
    found: dict[int, Link] = {}
    for at, (one, two) in enumerate(pairwise(numbers)):
        kind = link(tokens, one, two)
        if kind is None:
            continue
        found[at] = kind
        if two.power and not one.power and one.value < two.value.scaleb(-two.power):
            one.value *= 10**two.power
        one.codes, two.codes = one.codes or two.codes, two.codes or one.codes
    return found


def _priced(read: _Text) -> list[Amount]:
    """Return the amounts that may be prices: those with a currency, else the plausible bare ones."""
    marked = [amount for amount in read.numbers if amount.marked and amount.plain]
    if marked:
        return marked
    bare = [amount for amount in read.numbers if amount.plain]
    exact = [amount for amount in bare if amount.value.as_tuple().exponent == -2]
    return exact or bare


def _asked(read: _Text) -> tuple[list[Amount], bool]:
    """Return the amounts that are asked now, and whether another was asked before."""
    priced = _priced(read)
    assign_roles(read.tokens, read.phrases, priced)
    _add_roles_by_position(read, priced)
    left = [a for a in priced if not a.roles & _NOISE] or [a for a in priced if not a.roles & _NEVER]
    left = [a for a in left if Role.PER not in a.roles] or left
    left = [a for a in left if a.value] or left  # "Now: $0.00" is a template that was not filled in
    now = [a for a in left if Role.WAS not in a.roles] or left
    if len(left) == 2 and len(now) == 1 and now[0].value > max(a.value for a in left if a is not now[0]):
        now = [a for a in left if a is not now[0]]
    if any(Role.NOW in a.roles for a in now):
        now = _with_partners(read, [a for a in now if Role.NOW in a.roles], now)
    cut = _cut_by_percent(read, now)
    return cut or now, len(cut or now) < len(left) and max(a.value for a in left) > min(
        a.value for a in cut or now
    )


def _add_roles_by_position(read: _Text, priced: Sequence[Amount]) -> None:
    """Add the roles that follow from position: per unit, and the old price of a change."""
    for amount in priced:
        if per_unit(read.tokens, amount):
            amount.roles.add(Role.PER)
    for at, kind in read.links.items():
        if kind is Link.CHANGE:
            read.numbers[at].roles.add(Role.WAS)


def _with_partners(read: _Text, kept: list[Amount], among: list[Amount]) -> list[Amount]:
    """Return the kept amounts with the upper ends of the ranges that they begin."""
    ends = [
        read.numbers[at + 1]
        for at, kind in read.links.items()
        if kind is Link.RANGE and read.numbers[at] in kept
    ]
    return [amount for amount in among if amount in kept or amount in ends]


def _cut_by_percent(read: _Text, now: Sequence[Amount]) -> list[Amount] | None:
    """Return the lower of two prices where a stated percentage proves that it is the other one, cut."""
    if len(now) != 2:
        return None
    high, low = sorted(now, key=lambda amount: amount.value, reverse=True)
    cuts = [number.value for number in read.numbers if number.percent]
    proven = any(
        abs(high.value * (100 - cut) / 100 - low.value) <= high.value * Decimal("0.006")
        for cut in cuts
        if 0 < cut < 100
    )
    return [low] if proven else None


def _reading(read: _Text, asked: tuple[list[Amount], bool]) -> PriceReading:
    now, was = asked
    if not now or is_free(read.tokens, read.phrases, any(a.marked for a in now)):
        kind = (
            PriceKind.FREE
            if is_free(read.tokens, read.phrases, any(a.marked for a in now))
            else PriceKind.NONE
        )
        zero = (Decimal(0),) if kind is PriceKind.FREE else ()
        return PriceReading(zero, read.currency(None), kind)
    first = now[0]
    currency = read.currency(first)
    high = _high_end(read, first, now)
    if high is not None and high.value != first.value:
        low, top = sorted((first.value, high.value))
        return PriceReading((low, top), currency, PriceKind.WAS_NOW if was else PriceKind.RANGE)
    bundle = lot(read.tokens, first) if Role.INSTALMENT not in first.roles else None
    if bundle:
        one = first.value if bundle.each else _share(first.value, bundle.quantity, currency)
        return PriceReading((one,), currency, PriceKind.LOT, bundle.quantity)
    return PriceReading((first.value,), currency, _kind(first, was=was))


def _kind(amount: Amount, *, was: bool) -> PriceKind:
    if amount.roles & {Role.PER, Role.INSTALMENT}:
        return PriceKind.PER_UNIT
    if was:
        return PriceKind.WAS_NOW
    return PriceKind.FROM if Role.FROM in amount.roles else PriceKind.SINGLE


def _high_end(read: _Text, first: Amount, now: Sequence[Amount]) -> Amount | None:
    at = read.numbers.index(first)
    if read.links.get(at) is not Link.RANGE:
        return None
    return next((amount for amount in now if amount is read.numbers[at + 1]), None)


def _share(total: Decimal, pieces: int, currency: str | None) -> Decimal:
    """Return the price of one of `pieces`, to the minor unit."""
    exact = total / pieces
    unit = Decimal(1).scaleb(-get_currency_precision(currency or "EUR"))
    return exact if exact == exact.quantize(unit) else exact.quantize(unit)
