"""Sizes that are measures, and amounts that make another thing: inches, centimetres, storage, volume, generation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lens_rx.matching.size_words import NUMBER, SearchText, as_number, size_terms
from lens_rx.matching.title_words import fold
from lens_rx.matching.trait import Level
from lens_rx.parsing.terms import LazyPattern, load_lists


def _generation_words() -> str:
    return "|".join(map(fold, load_lists("lens_rx.matching", "variants")["generation"]))


_INCHES = LazyPattern(
    lambda: re.compile(rf"(?<![\w.,]){NUMBER}(?: ?-? ?(?:{size_terms('inch')})(?![a-z])|\")")
)
_CENTIMETRES = LazyPattern(
    lambda: re.compile(r"(?<![\w.,])((?:\d{1,3}(?:[.,]\d)? ?[x*] ?)*\d{1,3}(?:[.,]\d)?) ?cm\b")
)
_STORAGE = LazyPattern(
    lambda: re.compile(
        rf"(?<![\w.,]){NUMBER} ?(?:({size_terms('terabyte')})|({size_terms('gigabyte')}))\b"
        rf"(?! ?(?:{size_terms('memory')})\b)"
    )
)
#: The first of "8/256 GB".
_JOINED_STORAGE = LazyPattern(
    lambda: re.compile(rf"(?<![\w.,]){NUMBER} ?[/+] ?(?=\d+ ?(?:{size_terms('gigabyte')})\b)")
)
_VOLUME = LazyPattern(
    lambda: re.compile(
        rf"(?<![\w.,]){NUMBER} ?(?:({size_terms('litre')})|({size_terms('centilitre')})|({size_terms('millilitre')}))\b"
    )
)
_MILLILITRES = (1000.0, 10.0, 1.0)
_GENERATIONS = (
    LazyPattern(
        lambda: re.compile(rf"\b(?:{_generation_words()})\.?[ -]?(\d{{1,2}}|[iv]{{1,4}})(?![\w.,-])")
    ),
    LazyPattern(
        lambda: re.compile(
            rf"(?<![\w.,])(\d{{1,2}})(?:st|nd|rd|th|eme|er|e|a|o|te|de|\.)?[ -]?(?:{_generation_words()})(?![^\W\d_])"
        )
    ),
    LazyPattern(lambda: re.compile(r"(?:第 ?)?(\d{1,2}) ?世代")),
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


def inches_in(text: SearchText) -> Iterator[Level]:
    """Yield the lengths in inches: "13-inch", '10"', "28 Zoll"."""
    for found in _INCHES.finditer(text.folded):
        number = as_number(found[1])
        # a whole number stands for those above as well: 13 inch are 13.3
        at, tolerance = (number + 0.45, 0.46) if number.is_integer() else (number, 0.05)
        yield Level(at, f"{number:g} inch", tolerance)


def centimetres_in(text: SearchText) -> Iterator[Level]:
    """Yield the lengths in centimetres, each of "35 x 20 cm"."""
    for found in _CENTIMETRES.finditer(text.folded):
        for number in map(as_number, re.findall(r"[\d.,]+", found[1])):
            yield Level(number, f"{number:g} cm", 0.5)


def storage_in(text: SearchText) -> Iterator[Level]:
    """Yield the capacities: "256 GB", "1 TB", both of "8/256 GB"; not the memory to work in ("16 GB RAM")."""
    for found in _STORAGE.finditer(text.folded):
        number = as_number(found[1])
        # 1024 GB are sold as 1 TB
        size, shown = (number * 1000, f"{number:g} TB") if found[2] else (number, f"{number:g} GB")
        yield Level(size, shown, 0.03 * size)
    for found in _JOINED_STORAGE.finditer(text.folded):
        yield Level(as_number(found[1]), f"{found[1]} GB")


def volumes_in(text: SearchText) -> Iterator[Level]:
    """Yield the volumes: "28 L", "50 ml"."""
    for found in _VOLUME.finditer(text.folded):
        unit = next(at for at in range(3) if found[at + 2])
        number = as_number(found[1])
        size = number * _MILLILITRES[unit]
        yield Level(size, f"{number:g} {('l', 'cl', 'ml')[unit]}", 0.02 * size)


def generations_in(text: SearchText) -> Iterator[Level]:
    """Yield the generations: "2nd generation", "Mark II", "Gen 3", "2. Generation"."""
    for pattern in _GENERATIONS:
        for found in pattern.finditer(text.folded):
            number = _ROMAN.get(found[1]) or (int(found[1]) if found[1].isdigit() else 0)
            if number:
                yield Level(number, f"generation {number}")
