"""Word lists of many languages, kept as data files beside the code that uses them.

A package keeps its lists in its folder `terms`. `NAME.terms` holds plain words and phrases, `NAME.patterns`
regular expressions. A line gives the entries of one language; a heading starts a named list:

    # where the words come from
    [was]
    de: statt | bisher
    en: was | list price

In `NAME.codes` a line gives the spellings of a code instead, in the case in which they are written.
Entries are parted by " | ", elsewhere in lower case. Languages are BCP 47 tags; `mul` stands for
several languages, `zxx` for what belongs to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

SEPARATOR = " | "
_SUFFIXES = (".terms", ".patterns", ".codes")


class TermLine(NamedTuple):
    """One line of a word list: the name of its list, its language, its entries in order."""

    section: str
    language: str
    entries: tuple[str, ...]


def parse_terms(text: str) -> Iterator[TermLine]:
    """Yield the lines of a file's text; a line without a language raises ValueError."""
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            language, colon, entries = line.partition(":")
            if not colon or " " in language:
                raise ValueError(f"a line without a language: {line[:60]!r}")
            yield TermLine(section, language, tuple(entry.strip() for entry in entries.split(SEPARATOR)))


def load_lines(package: str, name: str) -> tuple[TermLine, ...]:
    """Return the lines of a file of `package`, in order."""
    return tuple(parse_terms(_read(package, name)[0]))


@lru_cache(maxsize=256)
def load_lists(package: str, name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the entries of each list in a file of `package` ("lens_rx.parsing.prices"), by the list's name.

    A list keeps the order of its lines; one without a heading is named "".
    """
    lists: dict[str, tuple[str, ...]] = {}
    for line in load_lines(package, name):
        lists[line.section] = lists.get(line.section, ()) + line.entries
    return MappingProxyType(lists)


def load_terms(package: str, name: str, section: str = "") -> tuple[str, ...]:
    """Return the entries of one list of a file, in the order of its lines."""
    return load_lists(package, name)[section]


def load_alternation(package: str, name: str, section: str = "") -> str:
    """Return the entries of a list of regular expressions as one group, to be part of a larger expression."""
    return f"(?:{'|'.join(load_terms(package, name, section))})"


@lru_cache(maxsize=256)
def load_pattern(package: str, name: str, section: str = "") -> re.Pattern[str]:
    """Return a pattern that finds any entry of a list, in any case.

    Plain entries match as whole words, longer ones first; regular expressions in the order of the file.
    """
    if _read(package, name)[1] == ".patterns":
        return re.compile(load_alternation(package, name, section), re.IGNORECASE)
    entries = sorted(load_terms(package, name, section), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, entries))})(?!\w)", re.IGNORECASE)


def _read(package: str, name: str) -> tuple[str, str]:
    """Return a file's text and its suffix."""
    folder = files(package) / "terms"
    for suffix in _SUFFIXES:
        file = folder / f"{name}{suffix}"
        if file.is_file():
            return file.read_text("utf-8"), suffix
    raise FileNotFoundError(f"{package} has no word list {name}")
