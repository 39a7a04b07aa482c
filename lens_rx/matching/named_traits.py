"""Colours and materials that texts name, in the languages of the marketplaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from lens_rx.matching.size_words import SearchText
from lens_rx.matching.title_words import fold, words
from lens_rx.matching.trait import Level
from lens_rx.parsing.terms import load_lists

#: Endings of adjectives: "schwarzes", "azules".
_ENDINGS: Final = ("es", "en", "er", "em", "e", "s", "n", "a", "o", "t")
_SHORTEST_STEM, _SHORTEST_SUFFIX = 4, 4


def named_in(name: str) -> Callable[[SearchText], Iterator[Level]]:
    """Return the search for the words of a file: each list in it is one trait, which is called like the list."""

    def search(text: SearchText) -> Iterator[Level]:
        spaced, unspaced = _by_script(name)
        parts = (part for word in words(text.folded) for part in word.replace("/", "-").split("-"))
        found = [it for it in (_trait_of(part, spaced) for part in parts) if it]
        found += [trait for term, trait in unspaced.items() if term in text.folded]
        numbers = list(load_lists("lens_rx.matching", name))
        for trait in dict.fromkeys(found):
            yield Level(numbers.index(trait), trait)

    return search


@lru_cache(maxsize=2)
def _by_script(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the terms of a file, each with its trait: those of scripts with spaces between words, and the others."""
    lists = load_lists("lens_rx.matching", name)
    terms = {fold(term): trait for trait, written in lists.items() for term in written}
    spaced = {term: trait for term, trait in terms.items() if term.isascii()}
    return spaced, {term: trait for term, trait in terms.items() if not term.isascii()}


def _trait_of(word: str, terms: Mapping[str, str]) -> str:
    """Return the trait that a word names: as it is, without an ending, or at the end of a compound."""
    if word in terms:
        return terms[word]
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM and stem in terms:
            return terms[stem]
    tails = (word[at:] for at in range(2, len(word) - _SHORTEST_SUFFIX + 1))
    return next((terms[tail] for tail in tails if tail in terms), "")
