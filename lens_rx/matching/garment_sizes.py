"""Sizes of clothes: letters, numbers, and the waist and length of trousers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from lens_rx.matching.size_words import (
    NOT_A_SIZE,
    NOT_BEFORE_SIZE,
    NUMBER,
    SearchText,
    find_groups,
    find_numbers,
    size_terms,
    size_word,
)
from lens_rx.matching.trait import Level, Trait
from lens_rx.parsing.terms import LazyPattern

_LETTERS: Final = r"(?:[2-6]?x{0,4}[sl]|m)"
#: "M", "S/M", "M-L": capital where it is one letter, no part of a name ("H&M", "L.L.", "M-65", "Men's").
_CAPITALS = LazyPattern(
    lambda: re.compile(
        r"(?<![\w&.'’-])(?<!\d )((?:[2-6]?X{1,4})?[SL]|M)(?:[/-]((?:[2-6]?X{1,4})?[SL]|M))?(?![\w&'’])(?!-\w|\.\w)"
    )
)
_SEVERAL = LazyPattern(lambda: re.compile(r"(?<![\w&.-])((?:[2-6]x|x{1,4})[sl])(?![\w&])"))
_AFTER_WORD = LazyPattern(lambda: re.compile(rf"{size_word()}({_LETTERS})(?:\s?[/-]\s?({_LETTERS}))?(?!\w)"))
_WORDS: Final = {"xs": -2, "s": -1, "m": 0, "l": 1, "xl": 2}
_IN_WORDS = LazyPattern(
    lambda: re.compile("|".join(rf"\b(?P<{it}>{size_terms(it)})\b" for it in ("xs", "xl", "s", "m", "l")))
)
_WAIST_AND_LENGTH = (
    LazyPattern(lambda: re.compile(r"\bw ?(\d{2})(?: ?[/x,-]? ?l ?(\d{2}))?\b")),
    LazyPattern(lambda: re.compile(r"(?<![\w.,/-])(\d{2})w?(?: ?[/x] ?| )(\d{2})l?(?![\w/%-])(?!\s?[$€£])")),
    LazyPattern(lambda: re.compile(r"\b(\d{2})w(?: (\d{2})l)?\b")),
)
_WAISTS, _LENGTHS = range(22, 61), range(24, 41)
#: Numbers that are a size where they stand alone, by categories of clothes.
_BARE_NUMBERS = range(30, 61)
_UNNAMED = LazyPattern(lambda: re.compile(rf"{size_word()}{NUMBER}(?:\s?[/-]\s?{NUMBER})?{NOT_A_SIZE}"))
_BARE = LazyPattern(lambda: re.compile(rf"{NOT_BEFORE_SIZE}{NUMBER}(?:[/-]{NUMBER})?{NOT_A_SIZE}"))


def letters_in(text: SearchText) -> Iterator[Level]:
    """Yield the sizes that a text states in letters or words: "M", "2XL", "Gr. m", "large"."""
    small = (find_groups(text.folded, it) for it in (_SEVERAL, _AFTER_WORD))
    for ranked in map(_rank, chain(find_groups(text.written, _CAPITALS), *small)):
        yield Level(ranked, _letters(ranked))
    for one in _IN_WORDS.finditer(text.folded):
        rank = _WORDS[one.lastgroup or "m"]
        yield Level(rank, _letters(rank))


def _rank(letters: str) -> int:
    """Return a size's place from M, which is 0: "XXL" and "2XL" are 3."""
    end, count = letters[-1].casefold(), letters.casefold().count("x")
    if letters[0].isdigit():
        count = int(letters[0])
    return 0 if end == "m" else (count + 1) * (1 if end == "l" else -1)


def _letters(rank: int) -> str:
    return "M" if not rank else "X" * (abs(rank) - 1) + ("L" if rank > 0 else "S")


@dataclass(frozen=True, slots=True)
class TrousersSize(Trait):
    """A waist and a length in inches; a length that is not stated may be any."""

    waist: int
    length: int | None

    def is_same(self, other: Trait) -> bool:
        """Return whether what both state is the same."""
        if not isinstance(other, TrousersSize):
            return False
        lengths = {self.length, other.length} - {None}
        return self.waist == other.waist and len(lengths) < 2

    def __str__(self) -> str:
        """Return the size as it is written: `W32 L34`."""
        return f"W{self.waist}" + (f" L{self.length}" if self.length else "")


def trousers_sizes_in(text: SearchText) -> Iterator[TrousersSize]:
    """Yield the sizes that a text states: "W32 L34", "32/34", "32W"."""
    for pattern in _WAIST_AND_LENGTH:
        for found in pattern.finditer(text.folded):
            waist, length = int(found[1]), int(found[2] or 0) or None
            if waist in _WAISTS and (length is None or length in _LENGTHS):
                yield TrousersSize(waist, length)


def numbers_in(region: str, *, unnamed: bool, bare: bool) -> Callable[[SearchText], Iterator[Level]]:
    """Return the search for numbers of one region (a pattern), with `unnamed` also for "size 42", with `bare` for "42".

    Regions count clothes by tables that differ from brand to brand: their numbers are not converted.
    """
    named = LazyPattern(
        lambda: re.compile(rf"\b(?:{region})\s?(?:{size_word()})?[ .:]*{NUMBER}(?:[/-]{NUMBER})?{NOT_A_SIZE}")
    )
    patterns = (named, *([_UNNAMED] if unnamed else []), *([_BARE] if bare else []))

    def search(text: SearchText) -> Iterator[Level]:
        for pattern in patterns:
            for number in find_numbers(text, pattern):
                if pattern is not _BARE or number in _BARE_NUMBERS:
                    yield Level(number, f"{number:g}", 0.4)

    return search
