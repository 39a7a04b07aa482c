"""Gives each amount the roles of the phrases and marks beside it."""

from __future__ import annotations

from collections.abc import Sequence

from lens_rx.parsing.prices.amounts import Amount
from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.phrases import Phrase, Role, load_phrases
from lens_rx.parsing.prices.tokens import Token, TokenKind

_STOPS = frozenset(";|!?•·,/+→>)")
_CLOSING = frozenset(")")
#: How many words may stand between a phrase and the amount that it speaks of.
_REACH = {Role.FROM: 1, Role.EXTRA: 1, Role.NOW: 3, Role.PER: 3, Role.UNTAXED: 2}
_FAR = 4
_STEPPED_OVER = frozenset("(*-'/")
_THRESHOLD = load_phrases("amount_relations", "threshold")
_BEFORE_FREE = load_phrases("amount_relations", "before_free")
_AFTER_FREE = load_phrases("amount_relations", "after_free")


def assign_roles(tokens: Sequence[Token], found: Sequence[Phrase], priced: Sequence[Amount]) -> None:
    """Add to each priced amount the roles of the phrases and marks beside it."""
    for phrase in found:
        before = next((a for a in reversed(priced) if a.last <= phrase.first), None)
        after = next((a for a in priced if a.first >= phrase.last), None)
        _apply(tokens, found, phrase, before, after)
    for at, amount in enumerate(priced):
        _marks(tokens, amount, first=at == 0)


def _apply(
    tokens: Sequence[Token],
    found: Sequence[Phrase],
    phrase: Phrase,
    before: Amount | None,
    after: Amount | None,
) -> None:
    reaches = after is not None and _reaches(tokens, phrase, after)
    back = phrase.back
    if back is None and phrase.ahead in (Role.WAS, Role.NOW) and _is_closed(tokens, phrase, after):
        back = phrase.ahead
    touches = before is not None and all(
        token.text in _STEPPED_OVER for token in tokens[before.last : phrase.first]
    )
    if before and back and touches and (not reaches or phrase.ahead is None):
        before.roles.add(back)
    elif after and phrase.ahead and reaches and not _ships_free(tokens, found, phrase, after):
        after.roles.add(phrase.ahead)


def _is_closed(tokens: Sequence[Token], phrase: Phrase, after: Amount | None) -> bool:
    """Tell whether a mark, or the end of the text, parts a phrase from what follows: "45 € now, 80 € before"."""
    return after is None or any(token.text in _STOPS for token in tokens[phrase.last : after.first])


def _reaches(tokens: Sequence[Token], phrase: Phrase, after: Amount) -> bool:
    """Tell whether nothing parts a phrase from the amount behind it: no stop, no number, few words."""
    between = tokens[phrase.last : after.first]
    stops = _STOPS - _CLOSING if phrase.ahead is Role.WAS else _STOPS
    if any(token.kind is TokenKind.NUMBER or token.text in stops for token in between):
        return False
    said = sum(token.kind in (TokenKind.WORD, TokenKind.RUN) for token in between)
    return said <= _REACH.get(phrase.ahead or Role.IDLE, _FAR)


def _ships_free(tokens: Sequence[Token], found: Sequence[Phrase], phrase: Phrase, after: Amount) -> bool:
    """Tell whether a phrase of shipping says that it is free, so that the amount behind is the price."""
    if phrase.ahead is not Role.SHIPPING:
        return False
    free = any(other.ahead is Role.FREE and abs(other.first - phrase.first) <= 2 for other in found)
    between = {fold_key(token.text) for token in tokens[phrase.last : after.first]}
    return free and not between & _THRESHOLD


def _marks(tokens: Sequence[Token], amount: Amount, *, first: bool) -> None:
    """Add the roles of `+`, `~` and `-` that touch an amount."""
    behind = tokens[amount.last] if amount.last < len(tokens) else None
    follower = tokens[amount.last + 1] if amount.last + 1 < len(tokens) else None
    open_end = follower is None or (
        follower.kind not in (TokenKind.NUMBER, TokenKind.SIGN) and not follower.glued
    )
    if behind and behind.text in ("+", "~") and behind.glued and open_end:
        amount.roles.add(Role.FROM)
    ahead = tokens[amount.first - 1] if amount.first else None
    if ahead is None or first:
        return
    if ahead.text == "+":
        amount.roles.add(Role.EXTRA)
    if ahead.text == "-" and not ahead.glued and tokens[amount.first].glued:
        amount.roles.add(Role.SAVING)


def is_free(tokens: Sequence[Token], found: Sequence[Phrase], priced: bool) -> bool:
    """Tell whether a text gives the thing away: a word for free that is not about its shipping."""
    if priced:
        return False
    return any(phrase.ahead is Role.FREE and _gives(tokens, found, phrase) for phrase in found)


def _gives(tokens: Sequence[Token], found: Sequence[Phrase], phrase: Phrase) -> bool:
    shipping = any(
        other.ahead is Role.SHIPPING and max(other.first - phrase.last, phrase.first - other.last) <= 1
        for other in found
    )
    if shipping or (phrase.first and tokens[phrase.first - 1].kind is TokenKind.NUMBER):
        return False
    if fold_key(tokens[phrase.first].text) != "free":
        return True
    before, after = (
        tokens[phrase.first - 1] if phrase.first else None,
        tokens[phrase.last] if phrase.last < len(tokens) else None,
    )
    if before and (
        before.text == "-" or (before.kind is TokenKind.WORD and fold_key(before.text) not in _BEFORE_FREE)
    ):
        return False
    return after is None or after.kind is not TokenKind.WORD or fold_key(after.text) in _AFTER_FREE
