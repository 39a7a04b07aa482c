"""Categories of things as titles name them, in the languages of the marketplaces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from lens_rx.parsing.terms import load_lists

#: Categories that one and the same thing is called by.
_SIMILAR = (
    frozenset({"jacket", "sweater"}),
    frozenset({"sweater", "shirt"}),
    frozenset({"bag", "backpack"}),
    frozenset({"chair", "sofa"}),
    frozenset({"camera", "lens"}),
)


class _Lexicon:
    """The terms of all categories, by how a word of a title matches them: whole, by prefix, by suffix, anywhere."""

    def __init__(self) -> None:
        self.whole: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self.suffixes: dict[str, str] = {}
        self.anywhere: dict[str, str] = {}
        for category, terms in load_lists("lens_rx.matching", "categories").items():
            for term in terms:
                self._add(term, category)

    def _add(self, term: str, category: str) -> None:
        if _is_unspaced_script(term):
            self.anywhere.setdefault(term, category)
        elif term.startswith("*"):
            self.suffixes.setdefault(term.strip("*"), category)
        elif term.endswith("*"):
            self.prefixes.setdefault(term.strip("*"), category)
        else:
            self.whole.setdefault(term.replace("-", " "), category)

    def category_of(self, word: str) -> str | None:
        """Return the category that a word names: as a whole, else by its suffix, else by its prefix."""
        found = self.whole.get(word)
        parts = range(3, len(word) + 1)
        found = found or next((c for n in parts if (c := self.suffixes.get(word[-n:]))), None)
        return found or next((c for n in parts if (c := self.prefixes.get(word[:n]))), None)


def _is_unspaced_script(word: str) -> bool:
    """Return whether a word is of a script without letter case, which sets no spaces between words."""
    return not any(c.upper() != c.lower() for c in word)


_LEXICON = _Lexicon()
_category_of = lru_cache(maxsize=1024)(_LEXICON.category_of)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


@lru_cache(maxsize=4096)
def categories_in(text: str) -> Mapping[str, str]:
    """Return the categories that a text names, each with the first word that names it."""
    tokens = _WORD.findall(text.casefold())
    halves = [half for word in tokens for half in word.split("-")]
    pairs = [f"{one} {two}" for one, two in pairwise(halves)]
    found: dict[str, str] = {}
    for word in (*tokens, *halves, *pairs):
        if category := _category_of(word):
            found.setdefault(category, word)
    for word, category in _LEXICON.anywhere.items():
        if word in text:
            found.setdefault(category, word)
    return MappingProxyType(found)


def same_category(one: str, other: str) -> bool:
    """Return whether two categories are the same, or are often confused for one another."""
    return one == other or frozenset({one, other}) in _SIMILAR


def common_categories(titles: Sequence[str]) -> frozenset[str]:
    """Return the categories that at least half of the titles name."""
    named = [categories_in(title) for title in titles]
    return frozenset(
        category
        for category in {k for it in named for k in it}
        if 2 * sum(category in it for it in named) >= len(named)
    )


def plausible_category(said: str, titles: Sequence[str]) -> str:
    """Return what a model calls the kind of thing, "" where most titles call it otherwise."""
    named, common = categories_in(said), common_categories(titles)
    is_contradicted = named and common and not any(same_category(one, it) for one in named for it in common)
    return "" if is_contradicted else said
