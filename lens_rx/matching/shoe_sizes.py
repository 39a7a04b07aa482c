"""Sizes of shoes in Europe, the United Kingdom and the United States, and which of them are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lens_rx.matching.size_words import (
    NOT_A_SIZE,
    NOT_BEFORE_SIZE,
    NUMBER,
    SearchText,
    as_number,
    find_numbers,
    size_terms,
    size_word,
)
from lens_rx.matching.trait import Trait
from lens_rx.parsing.terms import LazyPattern

#: Adults' sizes in Europe; outside of them nothing is converted.
_SMALLEST, _LARGEST = 34.0, 50.0
#: A European size is 2/3 cm of the last; a British one 1/3 inch, from 25/3 inches on: EU = 1.27 (UK + 25).
_POINTS, _BRITISH_START = 1.27, 25.0
#: American sizes lie above British ones by one for men and children, and for women by two, as most brands print it.
_US_MEN, _US_WOMEN = 1.0, 2.0
#: Sizes of two regions that differ by no more European sizes are the same: brands convert by half a size differently.
_SAME_CONVERTED, _SAME_STATED = 0.8, 0.4
#: Unnamed sizes below are no European ones of adults or children.
_SMALLEST_EUROPEAN = 16
_BEFORE = LazyPattern(
    lambda: re.compile(rf"\b(eur?|uk|us)\s?(?:{size_word()})?[ .:]*(?:[mw] ?)?{NUMBER}(?![\d%$€£])")
)
_BEHIND = LazyPattern(lambda: re.compile(rf"(?<![\w.,]){NUMBER} ?(eu|uk|us)\b"))
_UNNAMED = LazyPattern(lambda: re.compile(size_word() + NUMBER + NOT_A_SIZE))
_BARE = LazyPattern(lambda: re.compile(rf"{NOT_BEFORE_SIZE}{NUMBER}(?:/{NUMBER})?{NOT_A_SIZE}"))
_FOR_WOMEN = LazyPattern(lambda: re.compile(rf"\b(?:{size_terms('women')})\b"))


@dataclass(frozen=True, slots=True)
class ShoeSize(Trait):
    """A size as stated: the region ("eu", "uk", "us", "" where it is not named) and its number there."""

    region: str
    number: float
    for_women: bool = False

    @property
    def system(self) -> str:
        """Its region."""
        return self.region

    def is_same(self, other: Trait) -> bool:
        """Return whether two sizes are the same, as most brands convert them.

        Assumes shoes of adults and of usual width. In one region half a size is another one. Between regions what
        is less than a European size apart is the same. An American size is a man's unless a word of the text says that
        it is a woman's; one of no named region below 16 is British or American.
        """
        if not isinstance(other, ShoeSize):
            return False
        if self.region and self.region == other.region:
            return abs(self.number - other.number) < _SAME_STATED
        pairs = ((mine, theirs) for mine in self.european() for theirs in other.european())
        return any(abs(mine - theirs) <= _SAME_CONVERTED for mine, theirs in pairs)

    def european(self) -> list[float]:
        """Return the European sizes that it may be, none for what is no adult's size."""
        if self.region == "eu":
            return [self.number]
        american = _US_WOMEN if self.for_women else _US_MEN
        above = {"uk": [0.0], "us": [american]}.get(self.region, [0.0, american])
        sizes = (_POINTS * (self.number - it + _BRITISH_START) for it in above)
        return [it for it in sizes if _SMALLEST - 1 <= it <= _LARGEST + 1]

    def __str__(self) -> str:
        """Return the size as it is written: `EU 42`."""
        return f"{self.region.upper()} {self.number:g}".strip()


def shoe_sizes_in(text: SearchText) -> Iterator[ShoeSize]:
    """Yield the sizes that a text states, also by a number alone that can only be one: "Samba 42"."""
    for_women = _FOR_WOMEN.search(text.folded) is not None
    for found in _BEFORE.finditer(text.folded):
        yield ShoeSize(found[1][:2], as_number(found[2]), for_women)
    for found in _BEHIND.finditer(text.folded):
        yield ShoeSize(found[2], as_number(found[1]), for_women)
    for number in find_numbers(text, _UNNAMED):
        yield ShoeSize("eu" if number >= _SMALLEST_EUROPEAN else "", number, for_women)
    yield from (ShoeSize("eu", it) for it in find_numbers(text, _BARE) if _SMALLEST <= it <= _LARGEST)
