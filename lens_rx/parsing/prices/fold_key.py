"""One spelling for words that differ by case, accents and dots."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans({"ł": "l", "ø": "o", "ı": "i", ".": None, '"': None})


@lru_cache(maxsize=8192)
def fold_key(word: str) -> str:
    """Return `word` as the lexicon keeps it: folded case, no accents, no dots, no quotes."""
    folded = word.casefold().translate(_PLAIN)
    if folded[:1] >= "\u0530":  # marks are letters in the scripts behind Cyrillic
        return folded
    parts = unicodedata.normalize("NFD", folded)
    return "".join(char for char in parts if not unicodedata.combining(char))
