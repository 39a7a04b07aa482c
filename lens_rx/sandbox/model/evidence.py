"""The content of a request that the rules read: the thing in its images, numbered and labelled lines, page text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lens_rx.sandbox.catalogue import Catalogue, Thing

_NUMBERED = re.compile(r"\s*(\d{1,3})[.)]\s+(.+)")
_LABELLED = re.compile(r"\s*([a-z][a-z ]{2,30}):\s*(.+)")
_FENCE = re.compile(r"\W*=+ .+ =+\W*|\W*")
_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|above|prompts?)\b|^system:", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")


def normalize_words(text: str) -> str:
    """Return the words of a text in lower case without accents, separated and surrounded by single blanks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return f" {' '.join(_WORD.findall(bare))} "


@dataclass(frozen=True)
class Evidence:
    """The content of one request; `seen` is the thing that its images show, None if none is recognised."""

    catalogue: Catalogue
    text: str
    seen: Thing | None = None
    has_images: bool = False

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text without fences, empty lines and injected instructions."""
        lines = (line.strip() for line in self.text.splitlines() if not _FENCE.fullmatch(line))
        return [line for line in lines if not _INJECTION.search(line)]

    @cached_property
    def numbered(self) -> Mapping[int, str]:
        """Numbered lines, such as titles or links, by number."""
        found = (_NUMBERED.fullmatch(line) for line in self.lines)
        return {int(line[1]): line[2] for line in found if line}

    @cached_property
    def labelled(self) -> Mapping[str, str]:
        """Labelled lines, by label."""
        found = (_LABELLED.fullmatch(line) for line in self.lines)
        return {line[1]: line[2] for line in found if line}

    @cached_property
    def name(self) -> tuple[str, str] | None:
        """Producer and model that the lines name most often; earlier lines weigh more."""
        votes: Counter[tuple[str, str]] = Counter()
        for place, line in enumerate(self.numbered.values()):
            if thing := self.find_thing(line):
                votes[thing.producer, thing.model] += 1000 // (8 + place)
        if votes:
            return votes.most_common(1)[0][0]
        thing = self.find_thing(" ".join(self.labelled.values()))
        return (thing.producer, thing.model) if thing else common_name(list(self.numbered.values()))

    def find_thing(self, text: str) -> Thing | None:
        """Return the thing of the catalogue that a text names; the longest model name wins."""
        there = normalize_words(text)
        named = [
            thing
            for thing in self.catalogue
            if normalize_words(thing.producer) in there and normalize_words(thing.model) in there
        ]
        return max(named, key=lambda thing: len(thing.model), default=None)


def common_name(titles: Sequence[str]) -> tuple[str, str] | None:
    """Return the longest sequence of words that most titles share, split after its first word."""
    split = [_WORD.findall(title) for title in titles]
    runs: Counter[tuple[str, ...]] = Counter()
    for words in split:
        runs.update({tuple(words[i : i + n]) for n in range(2, 5) for i in range(len(words) - n + 1)})
    often = [run for run, count in runs.items() if count >= 2 and 2 * count > len(titles)]
    best = max(often, key=lambda run: (len(run), runs[run]), default=None)
    return (best[0], " ".join(best[1:])) if best else None
