"""The phrases beside prices, in the languages of the shops: what each makes of an amount, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from lens_rx.parsing.prices.normalize import fold_key
from lens_rx.parsing.prices.tokens import Token, TokenKind
from lens_rx.parsing.terms import LazyPattern, load_lists, load_terms

_PACKAGE = "lens_rx.parsing.prices"
_LONGEST_PHRASE = 6
_JOINTS = frozenset("-'&./’")


class Role(Enum):
    """What a phrase says of the amount beside it."""

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


def _unspaced(name: str) -> LazyPattern:
    """Return a pattern of the words of a file, with a group a role."""
    lists = load_lists(_PACKAGE, name).items()
    groups = "|".join(f"(?P<{section.upper()}>{'|'.join(words)})" for section, words in lists)
    return LazyPattern(lambda: re.compile(groups))


_UNSPACED_BEFORE = _unspaced("unspaced_before_amount")
_UNSPACED_AFTER = _unspaced("unspaced_after_amount")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase at `tokens[first:last]`: its role for an amount that follows it, and for one before it."""

    first: int
    last: int
    ahead: Role | None
    back: Role | None


def _words_from(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, str]]:
    """Yield each phrase that starts at `at`, shortest first, with the index behind it."""
    words: list[str] = []
    for index in range(at, min(len(tokens), at + 2 * _LONGEST_PHRASE)):
        token = tokens[index]
        if token.kind is TokenKind.WORD:
            words.append(fold_key(token.text))
            yield index + 1, " ".join(words)
        elif token.text not in _JOINTS or len(words) >= _LONGEST_PHRASE:
            return


def _phrase_of_words(tokens: Sequence[Token], at: int) -> Phrase | None:
    if fold_key(tokens[at].text) not in _STARTS:
        return None
    known = [(end, words) for end, words in _words_from(tokens, at) if words in _BEFORE or words in _AFTER]
    if not known:
        return None
    end, words = known[-1]
    return Phrase(at, end, _BEFORE.get(words), _AFTER.get(words))


@lru_cache(maxsize=2048)
def _roles_of_run(run: str) -> tuple[Role | None, Role | None]:
    ahead, back = _UNSPACED_BEFORE.search(run), _UNSPACED_AFTER.search(run)
    return (
        Role[ahead.lastgroup] if ahead and ahead.lastgroup else None,
        Role[back.lastgroup] if back and back.lastgroup else None,
    )


def find_phrases(tokens: Sequence[Token]) -> list[Phrase]:
    """Return the known phrases of a text in order; the longest wins, none overlap."""
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        phrase = None
        if tokens[at].kind is TokenKind.WORD:
            phrase = _phrase_of_words(tokens, at)
        elif tokens[at].kind is TokenKind.RUN:
            ahead, back = _roles_of_run(tokens[at].text)
            phrase = Phrase(at, at + 1, ahead, back) if ahead or back else None
        if phrase:
            found.append(phrase)
        at = phrase.last if phrase else at + 1
    return found
