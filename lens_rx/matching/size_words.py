"""The words by which texts state sizes, and texts prepared to be searched for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from lens_rx.matching.title_words import fold
from lens_rx.parsing.terms import LazyPattern, load_terms

#: A number, as a group.
NUMBER: Final = r"(\d{1,4}(?:[.,]\d{1,2})?)"
#: What cannot stand behind a bare number that is a size: more digits, an amount's currency, a unit.
NOT_A_SIZE: Final = r"(?![\w%\"½$€£])(?![.,/x-]\d)(?!\s?(?:[$€£%]|(?:eur|usd|gbp|chf|kr|zl|cm|mm|ml|kg|gb|tb|mp|hz|mah|years?|jahre?)\b))"
#: What cannot stand before a bare number that is a size: another part of a number or a word, an amount's currency.
NOT_BEFORE_SIZE: Final = r"(?<![\w.,/$€£#-])"
_EAST_ASIAN = r"\u3040-\u30ff\u3400-\u9fff"
_SPELLINGS: Final = (
    (re.compile(rf"(?<=[{_EAST_ASIAN}])(?=[A-Za-z\d])|(?<=[A-Za-z\d])(?=[{_EAST_ASIAN}])"), " "),
    (re.compile(r"(?<=\d)\s?½|(?<=\d) 1/2\b"), ".5"),
    (re.compile(r"(?<=\d)\s?⅓|(?<=\d) 1/3\b"), ".33"),
    (re.compile(r"(?<=\d)\s?⅔|(?<=\d) 2/3\b"), ".67"),
    (re.compile(r"(?<=\d)\s?(?:''|’’|[″”“])"), '"'),
)


@lru_cache(maxsize=32)
def size_terms(name: str) -> str:
    """Return a pattern of the terms of one list, longer ones first."""
    terms = map(fold, load_terms("lens_rx.matching", "sizes", name))
    return "|".join(re.escape(it) for it in sorted(terms, key=len, reverse=True))


def size_word() -> str:
    """Return a pattern of a word before a size."""
    return rf"(?<!\w)(?:{size_terms('size')})(?![^\W\d_])[ .:]*"


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text with its fractions and inches in one spelling: as written, and folded."""

    written: str
    folded: str

    @classmethod
    def of(cls, text: str, without: Iterable[str] = ()) -> Self:
        """Return a text to be searched, `without` the names in it, in any case."""
        for name in filter(None, without):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " | ", text, flags=re.IGNORECASE)
        for pattern, spelling in _SPELLINGS:
            text = pattern.sub(spelling, text)
        return cls(text, fold(text))


def as_number(text: str) -> float:
    """Return the value of what `NUMBER` found."""
    return float(text.replace(",", "."))


def find_groups(text: str, pattern: LazyPattern) -> Iterator[str]:
    """Yield what the groups of a pattern found in a text, in order."""
    return (it for found in pattern.finditer(text) for it in found.groups() if it)


def find_numbers(text: SearchText, pattern: LazyPattern) -> Iterator[float]:
    """Yield the numbers that a pattern of `NUMBER` found in a text."""
    return map(as_number, find_groups(text.folded, pattern))
