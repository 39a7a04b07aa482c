"""Finds the phrases of the word lists in a text that is cut into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lens_rx.parsing.prices import vocabulary as words
from lens_rx.parsing.prices.fold_key import fold_key
from lens_rx.parsing.prices.tokens import Token, TokenKind
from lens_rx.parsing.prices.vocabulary import Role

_LONGEST_PHRASE = 6
_JOINTS = frozenset("-'&./’")


def phrases(text: str) -> frozenset[str]:
    """Return the phrases of one list ("a|b c") as `key` spells them."""
    return frozenset(
        " ".join(fold_key(word) for word in phrase.split()) for phrase in text.split("|") if phrase.strip()
    )


def _index(lists: dict[Role, str]) -> dict[str, Role]:
    return {phrase: role for role, text in reversed(lists.items()) for phrase in phrases(text)}


_BEFORE = _index(words.BEFORE)
_AFTER = _index(words.AFTER)
_STARTS = frozenset(phrase.split()[0] for phrase in (*_BEFORE, *_AFTER))


def _runs(lists: dict[Role, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{role.name}>{text})" for role, text in lists.items()))


_RUN_BEFORE = _runs(words.CONTINUOUS_BEFORE)
_RUN_AFTER = _runs(words.CONTINUOUS_AFTER)


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
    ahead, back = _RUN_BEFORE.search(run), _RUN_AFTER.search(run)
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
