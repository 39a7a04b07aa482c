"""Words of titles, folded, so that evidence can be compared."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_WORD = re.compile(r"[^\W_]+(?:[-.'’/&+][^\W_]+)*[+]?")
#: What separates a title from a shop's name or a slogan.
_PARTS = re.compile(r"\s+[|•·–—»:]\s+|\s+-\s+|\s*\|\s*|[,;(\[]\s*")


def fold(text: str) -> str:
    """Return `text` in lower case without accents or apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’`´")


def words(text: str) -> list[str]:
    """Return the words of a text as written, model numbers and hyphenated words whole."""
    return _WORD.findall(text)


def segments(title: str) -> list[str]:
    """Return the parts of a title between its separators, the longest first where equal in place."""
    return [part.strip() for part in _PARTS.split(title) if part.strip()]


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded, with nothing between them."""
    return "".join(c for c in fold(text) if c.isalnum())


def host_labels(link: str) -> list[str]:
    """Return the labels of a link's host, without `www` and the last (the country or kind)."""
    labels = (urlsplit(link).hostname or "").split(".")
    return [label for label in labels[:-1] if label != "www"]


def stands_in(needle: str, hay: str) -> bool:
    """Tell whether every word of `needle` stands in `hay`, folded."""
    there = letters(hay)
    return bool(needle.strip()) and all(letters(word) in there for word in words(needle))
