"""The phrases beside prices, in the languages of the shops: what each makes of an amount, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.tokens import Token, TokenKind
from lens_rx.parsing.terms import load_lists, load_terms

_PACKAGE = "lens_rx.parsing.prices"
_LONGEST_PHRASE = 6
_JOINTS = frozenset("-'&./’")


class Role(Enum):
    """What a word makes of the amount beside it."""

    SHIPPING = auto()
    INSTALMENT = auto()
    SAVING = auto()
    EXTRA = auto()
    UNTAXED = auto()
    WAS = auto()
    NOW = auto()
    FROM = auto()
    PER = auto()
    FREE = auto()
    NOT_PRICE = auto()
    IDLE = auto()


def load_phrases(name: str, section: str) -> frozenset[str]:
    """Return a word list of this package."""
    return frozenset(load_terms(_PACKAGE, name, section))


def _roles(name: str) -> dict[str, Role]:
    """Return the role of each phrase of a file; the first list that holds it decides."""
    lists = load_lists(_PACKAGE, name)
    return {phrase: Role[section.upper()] for section in reversed(tuple(lists)) for phrase in lists[section]}


_BEFORE = _roles("words_before_amount")
_AFTER = _roles("words_after_amount")
_STARTS = frozenset(phrase.split()[0] for phrase in (*_BEFORE, *_AFTER))


def _unspaced(name: str) -> re.Pattern[str]:
    """Return a pattern of the words of a file, with a group a role."""
    lists = load_lists(_PACKAGE, name).items()
    return re.compile("|".join(f"(?P<{section.upper()}>{'|'.join(words)})" for section, words in lists))


_UNSPACED_BEFORE = _unspaced("unspaced_before_amount")
_UNSPACED_AFTER = _unspaced("unspaced_after_amount")


@dataclass(frozen=True, slots=True)
class Sense:
    """A phrase found at `tokens[first:last]`: what it says of an amount behind it, and of one before it."""

    first: int
    last: int
    ahead: Role | None
    back: Role | None


def _words_from(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, str]]:
    """Yield each phrase that starts at `at`, shortest first, with the index behind it."""
    said: list[str] = []
    for index in range(at, min(len(tokens), at + 2 * _LONGEST_PHRASE)):
        token = tokens[index]
        if token.kind is TokenKind.WORD:
            said.append(fold_key(token.text))
            yield index + 1, " ".join(said)
        elif token.text not in _JOINTS or len(said) >= _LONGEST_PHRASE:
            return


def _sense_of_words(tokens: Sequence[Token], at: int) -> Sense | None:
    if fold_key(tokens[at].text) not in _STARTS:
        return None
    known = [(end, said) for end, said in _words_from(tokens, at) if said in _BEFORE or said in _AFTER]
    if not known:
        return None
    end, said = known[-1]
    return Sense(at, end, _BEFORE.get(said), _AFTER.get(said))


@lru_cache(maxsize=2048)
def _roles_of_run(run: str) -> tuple[Role | None, Role | None]:
    ahead, back = _UNSPACED_BEFORE.search(run), _UNSPACED_AFTER.search(run)
    return (
        Role[ahead.lastgroup] if ahead and ahead.lastgroup else None,
        Role[back.lastgroup] if back and back.lastgroup else None,
    )


def senses(tokens: Sequence[Token]) -> list[Sense]:
    """Return the known phrases of a text in order; the longest wins, none overlap."""
    found: list[Sense] = []
    at = 0
    while at < len(tokens):
        sense = None
        if tokens[at].kind is TokenKind.WORD:
            sense = _sense_of_words(tokens, at)
        elif tokens[at].kind is TokenKind.RUN:
            ahead, back = _roles_of_run(tokens[at].text)
            sense = Sense(at, at + 1, ahead, back) if ahead or back else None
        if sense:
            found.append(sense)
        at = sense.last if sense else at + 1
    return found
