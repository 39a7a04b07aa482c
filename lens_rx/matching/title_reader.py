"""The words of titles, with names of several words as one word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from lens_rx.matching.multiword_brands import MULTIWORD_BRANDS
from lens_rx.matching.stopwords import SIZES, STOPWORDS
from lens_rx.matching.title_words import alnum_key, fold, words

#: Sizes that may be the end of a name: "Starling S".
SIZE_LETTERS = frozenset("sml")
MAX_TITLE_LENGTH = 200


class TitleWord(NamedTuple):
    """A word of a title, or a multi-word name as one word: `key` for comparison, `written` as in the title."""

    key: str
    written: str
    is_name: bool = False


@lru_cache(maxsize=32)
def brand_reader(*given: str) -> NameReader:
    """Return the reader that keeps the brands of several words together, and the `given` names."""
    return NameReader([*MULTIWORD_BRANDS, *given])


class NameReader:
    """Splits titles into words, keeping names of several words together."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {tuple(alnum_key(word) for word in words(name)): name for name in names}
        self._longest = max(map(len, self._names), default=0)
        self._first_words = {name[0] for name in self._names if name}

    def read(self, title: str) -> list[TitleWord]:
        """Return the words of a title without stopwords, except those that are part of a name."""
        tokens = words(SIZES.sub(" ", title[:MAX_TITLE_LENGTH]))
        keys = [alnum_key(word) for word in tokens]
        read, at = [], 0
        while at < len(tokens):
            length = self._name_at(keys, at)
            name = self._names.get(tuple(keys[at : at + length]), "")
            if name or fold(tokens[at]) not in STOPWORDS - SIZE_LETTERS:
                read.append(TitleWord("".join(keys[at : at + length]), name or tokens[at], bool(name)))
            at += length
        return read

    def _name_at(self, keys: Sequence[str], at: int) -> int:
        if keys[at] not in self._first_words:
            return 1
        lengths = range(min(self._longest, len(keys) - at), 0, -1)
        return next((n for n in lengths if tuple(keys[at : at + n]) in self._names), 1)
