"""Whether a page contains what a language model claims to have read in it."""

from __future__ import annotations

import re

from lens_rx.matching.title_words import alnum_key
from lens_rx.parsing.terms import load_pattern

_CLAUSES = re.compile(r"[.;,\n]\s*")
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruct|above|previous|prior|prompt|rules|all)"
    r"|^\W*(?:system|assistant|user|developer)\s*:|\b(?:language model|system prompt|ai assistant|as an ai)\b"
    r"|\b(?:report|output|answer|respond|return|reply)\b.{0,20}\b(?:price|with|json|as)\b",
    re.IGNORECASE,
)
_NOT_THE_PRICE = re.compile(
    rf"\b(?:{load_pattern('lens_rx.matching', 'not_the_price', 'words').pattern})\b", re.IGNORECASE
)


def quoted_in(quote: str, text: str) -> bool:
    """Return whether `text` contains every clause of `quote`, compared by folded letters and digits."""
    text_key = alnum_key(text)
    clauses = [alnum_key(clause) for clause in _CLAUSES.split(quote)]
    return any(clauses) and all(clause in text_key for clause in clauses)


def is_instruction(line: str) -> bool:
    """Return whether a line addresses a language model, which no shop does."""
    return _INSTRUCTION.search(line) is not None


def line_states_price(price: str, line: str) -> bool:
    """Return whether a line contains `price` verbatim as a price: not struck, no instalment, no shipping, no instruction."""
    pattern = re.escape(" ".join(price.split()))
    if not pattern or "~~" in line or is_instruction(line) or _NOT_THE_PRICE.search(line):
        return False
    spaced = " ".join(line.split())
    return re.search(rf"(?<![\d.,]){pattern}(?![.,]?\d)", spaced) is not None
