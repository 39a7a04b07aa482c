"""The words of titles, and folded forms of them for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from lens_rx.facts import Identity, Match, Offer
from lens_rx.parsing.short_text_cache import cache_short

_WORD = re.compile(r"[^\W_]+(?:[-.'’/&+][^\W_]+)*[+]?")
#: Separators between a title and a shop's name or a slogan.
_SEPARATORS = re.compile(r"\s+[|•·–—»:]\s+|\s+-\s+|\s*\|\s*|[,;(\[]\s*")
#: Letters that Unicode does not decompose.
_TRANSLITERATION = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
#: Texts up to it are remembered: a run compares the same few hundred words thousands of times.
_TITLE_LENGTH = 200
_WORD_PARTS = re.compile(r"[-./]")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


@cache_short(_TITLE_LENGTH, 4096)
def fold(text: str) -> str:
    """Return `text` in lower case without accents or apostrophes."""
    if text.isascii():  # most are, and need nothing of what follows
        return text.lower().replace("'", "").replace("`", "")
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_TRANSLITERATION))
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’`´")


def name_key(identity: Identity) -> tuple[str, str]:
    """Return what is the same for names of one thing: the folded producer and model."""
    return fold(identity.producer), fold(identity.model)


def size_of_titles(titled: Iterable[Match | Offer]) -> int:
    """Return how much there is to read: the characters of the titles, each of which counts as 20 more."""
    return sum(len(it.title) + 20 for it in titled)


def words(text: str) -> list[str]:
    """Return the words of a text as written, model numbers and hyphenated words whole."""
    return _WORD.findall(text)


def title_segments(title: str) -> list[str]:
    """Return the parts of a title between its separators, in order."""
    return [part.strip() for part in _SEPARATORS.split(title) if part.strip()]


@cache_short(_TITLE_LENGTH, 4096)
def alnum_key(text: str) -> str:
    """Return the folded letters and digits of a text, joined."""
    return "".join(filter(str.isalnum, fold(text)))


def contains_words(needle: str, hay: str) -> bool:
    """Return whether `hay` contains every word of `needle` as a word, joined or split in any way.

    In scripts without spaces a word may be anywhere.
    """
    needles = [alnum_key(word) for word in words(needle)]
    tokens = _tokens_of(hay)
    whole = alnum_key(hay)
    if not needles:
        return False
    return "".join(needles) in tokens or all(
        word in tokens or (_UNSPACED.search(word) is not None and word in whole) for word in needles
    )


@cache_short(_TITLE_LENGTH, 512)
def _tokens_of(hay: str) -> set[str]:
    """Return the keys of a text's words and of their neighbours, joined."""
    return _joined_neighbours([alnum_key(part) for word in words(hay) for part in _WORD_PARTS.split(word)])


def _joined_neighbours(tokens: Sequence[str]) -> set[str]:
    """Return the words, and up to four neighbours joined: "WH", "1000XM4" and "WH1000XM4"."""
    return {"".join(tokens[i : i + n]) for n in range(1, 5) for i in range(len(tokens) - n + 1)}
