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
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

SEPARATOR = " | "
_SUFFIXES = (".terms", ".patterns", ".codes")


class LazyPattern:
    """A regular expression that is compiled when it is first used; its methods are those of `re.Pattern`.

    All of them take 0.1 s of CPU, so a start leaves them to `compile_patterns`, beside other work.
    """

    def __init__(self, build: Callable[[], re.Pattern[str]]) -> None:
        self._build = build
        _PATTERNS.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression itself."""
        return self._build()

    @property
    def pattern(self) -> str:
        """Its text."""
        return self.compiled.pattern

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """`re.Pattern.search`, and so on below: bound once, so that a call costs no more than the pattern's own."""
        return self.compiled.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """`re.Pattern.match`."""
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """`re.Pattern.fullmatch`."""
        return self.compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """`re.Pattern.finditer`."""
        return self.compiled.finditer

    @cached_property
    def sub(self) -> Callable[..., str]:
        """`re.Pattern.sub`."""
        return self.compiled.sub


class TermPattern(LazyPattern):
    """A pattern of a word list, for texts in any case; `source` returns its expression, which is in lower case."""

    def __init__(self, source: Callable[[], str]) -> None:
        super().__init__(lambda: re.compile(source(), re.IGNORECASE))
        self._source = source

    @cached_property
    def _lowered(self) -> re.Pattern[str]:
        """The expression for texts in lower case: two to four times faster than for any case."""
        return re.compile(self._source())

    def occurs_in(self, text: str) -> bool:
        """Return whether a text holds a match."""
        return self._lowered.search(lower(text)) is not None

    def matches_start(self, text: str) -> bool:
        """Return whether a text begins with a match."""
        return self._lowered.match(lower(text)) is not None

    def matches_whole(self, text: str) -> bool:
        """Return whether a whole text is a match."""
        return self._lowered.fullmatch(lower(text)) is not None


def lower(text: str) -> str:
    """Return `text` in lower case, character by character: the Turkish "İ" becomes one "i"."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else lowered.replace("i\u0307", "i")


#: Every lazy pattern; they stand in modules, so there are never more.
_PATTERNS: list[LazyPattern] = []


def compile_patterns() -> None:
    """Compile every pattern now, which takes 0.1 s of CPU; for a thread of its own."""
    for pattern in tuple(_PATTERNS):
        _ = pattern.compiled


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
def load_pattern(package: str, name: str, section: str = "") -> TermPattern:
    """Return a pattern that finds any entry of a list, in any case; the list is read when the pattern is first used.

    Plain entries match as whole words, longer ones first; regular expressions in the order of the file.
    """
    return TermPattern(lambda: _expression(package, name, section))


def _expression(package: str, name: str, section: str) -> str:
    if _read(package, name)[1] == ".patterns":
        return load_alternation(package, name, section)
    entries = sorted(load_terms(package, name, section), key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, entries))})(?!\w)"


def _read(package: str, name: str) -> tuple[str, str]:
    """Return a file's text and its suffix."""
    folder = files(package) / "terms"
    for suffix in _SUFFIXES:
        file = folder / f"{name}{suffix}"
        if file.is_file():
            return file.read_text("utf-8"), suffix
    raise FileNotFoundError(f"{package} has no word list {name}")
