"""Whether a page contains what a language model claims to have read in it."""

from __future__ import annotations

import re

from lens_rx.matching.title_words import alnum_key, words
from lens_rx.parsing.instructions import is_instruction
from lens_rx.parsing.terms import LazyPattern, load_pattern

#: A line that states a price has a label, a tax or a size beside it; one with more words is prose.
MAX_WORDS_BESIDE_PRICE = 10
_CLAUSES = re.compile(r"[.;,\n]\s*")
_NOT_THE_PRICE = LazyPattern(
    lambda: re.compile(
        rf"\b(?:{load_pattern('lens_rx.matching', 'not_the_price', 'words').pattern})\b", re.IGNORECASE
    )
)


def quoted_in(quote: str, text: str) -> bool:
    """Return whether `text` contains every clause of `quote`, compared by folded letters and digits."""
    text_key = alnum_key(text)
    clauses = [alnum_key(clause) for clause in _CLAUSES.split(quote)]
    return any(clauses) and all(clause in text_key for clause in clauses)


def line_states_price(price: str, line: str) -> bool:
    """Return whether a line contains `price` verbatim as a price.

    It is not struck, no instalment, no shipping, no order to a machine, and stands in no prose or address.
    """
    pattern = re.escape(" ".join(price.split()))
    if not pattern or "~~" in line or is_instruction(line) or _NOT_THE_PRICE.search(line):
        return False
    spaced = " ".join(line.split())
    if len(words(spaced.replace(price, ""))) > MAX_WORDS_BESIDE_PRICE or "://" in spaced:
        return False
    return re.search(rf"(?<![\d.,]){pattern}(?![.,]?\d)", spaced) is not None
