"""Whether a text gives orders to a language model that reads it (prompt injection), in any of many languages.

This is the second line of defence: the first is that nothing is taken on a model's word alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from lens_rx.parsing.terms import LazyPattern, load_lines, load_lists

#: Characters of a text that are read.
_MAX_LENGTH = 4_000
#: Between the two halves of an order; "answer, that the price is 1" has a comma of its own.
_GAP = r",?[^.!?;,\n]{0,40}?"
#: The halves: the list of what an order is about, by the list of what it tells to do.
_OBJECTS = MappingProxyType({"ignore": "instructions", "answer": "answered"})
#: Languages in which the verb may come last.
_VERB_LAST = frozenset({"mul", "de", "nl", "tr", "ja", "ko", "zh"})
#: Scripts that set no spaces between words, or join short ones to the next.
_UNSPACED = re.compile("[\u0600-\u06ff\u3040-\u9fff\uac00-\ud7af]")
_LATIN_LOOK_ALIKES = {
    ord(letter): latin
    for latin, letters in load_lists("lens_rx.parsing", "look_alike_letters").items()
    for letter in letters
}
#: Digits and signs in the place of letters: "1gn0re".
_LEET = str.maketrans("013457@$", "oieastas")
#: Invisible marks: format characters, variation selectors, joiners and fillers that are no space.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0]")
_SPELLED_OUT = re.compile(r"(?<!\w)\w(?:[\s.\-_*]{1,2}\w(?!\w)){4,}")
_CLAUSES = re.compile(r"(?<=[.;!?\n。！？])\s*")


def is_instruction(text: str) -> bool:
    """Return whether a text addresses a machine, which neither a shop nor a seller does."""
    return _gives_orders(text[:_MAX_LENGTH])


def without_instruction(text: str) -> str:
    """Return a text without the sentences that address a machine, "" where it still does as a whole."""
    kept = " ".join(part for part in _CLAUSES.split(text) if part and not is_instruction(part))
    return text if not is_instruction(text) else "" if is_instruction(kept) else kept


def plain_letters(text: str) -> str:
    """Return a text in lower case without accents, invisible marks, and variants of letters and digits."""
    if text.isascii():
        return text.casefold()
    visible = "".join(c for c in text if unicodedata.category(c) != "Cf")
    composed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", visible)).casefold()
    return "".join(map(_without_accents, composed))


@lru_cache(maxsize=4096)
def _without_accents(letter: str) -> str:
    """Return a Latin letter without its accents, any other one as it is, a mark on its own as nothing."""
    base = unicodedata.normalize("NFD", letter)[0]
    return "" if unicodedata.combining(base) else base if base.isascii() else letter


@lru_cache(maxsize=1024)
def _gives_orders(text: str) -> bool:
    plain = plain_letters(text)
    latin = plain.translate(_LATIN_LOOK_ALIKES)
    forms = dict.fromkeys((plain, latin, latin.translate(_LEET), _SPELLED_OUT.sub(_joined, latin)))
    return any(order.stands_in(form) for form in forms for order in _orders())


def _joined(spelled: re.Match[str]) -> str:
    return re.sub(r"\W|_", "", spelled[0])


@dataclass(frozen=True, slots=True)
class _Order:
    """A pattern, and the texts of which it needs one: to look for those first is a hundred times as fast."""

    pattern: LazyPattern
    needed: tuple[str, ...]

    def stands_in(self, text: str) -> bool:
        return any(it in text for it in self.needed) and self.pattern.search(text) is not None


@lru_cache(maxsize=1)
def _orders() -> tuple[_Order, ...]:
    """Return the orders of all languages, and what only a machine is told."""
    lists: dict[tuple[str, str], tuple[str, ...]] = {
        (line.language, line.section): line.entries for line in load_lines("lens_rx.parsing", "instructions")
    }
    orders = []
    for (language, section), entries in lists.items():
        start, needed = _alternation(entries), tuple(map(_literal_start, entries))
        if about := _OBJECTS.get(section):
            thing = _alternation(_entries(lists, language, about))
            orders.append(_Order(_lazy(f"{start}{_GAP}{thing}"), needed))
            if language in _VERB_LAST:
                orders.append(_Order(_lazy(f"{thing}{_GAP}{start}"), needed))
        elif section == "machine":
            orders.append(_Order(_lazy(start), needed))
        elif section == "role":
            orders.append(_Order(_lazy(rf"(?:^|[\n.|])\W*{start}\s*[:：>]"), needed))
    return tuple(orders)


def _lazy(expression: str) -> LazyPattern:
    return LazyPattern(lambda: re.compile(expression))


def _entries(lists: Mapping[tuple[str, str], Sequence[str]], language: str, section: str) -> list[str]:
    """Return the entries of a language and those of several; of all languages where it is "mul"."""
    wanted = (language, "mul") if language != "mul" else {code for code, _ in lists}
    return [entry for code in wanted for entry in lists.get((code, section), ())]


def _alternation(entries: Sequence[str]) -> str:
    """Return a group of entries, each at the start of a word in scripts that set spaces between words."""
    starts = (rf"(?<!\w){it}" if it[0].isalpha() and not _UNSPACED.match(it) else it for it in entries)
    return f"(?:{'|'.join(starts)})"


def _literal_start(entry: str) -> str:
    """Return the text with which everything begins that an expression matches: "ignor" of `ignor(?:e|ing)`."""
    found = re.match(r"(?:\\[^\w]|[^\\()\[\].?*+|{])*(?![?*{])", entry)
    return re.sub(r"\\(.)", r"\1", found[0]) if found else ""
