"""The cleanup of a model's name from a language model: sizes, state, colour, shop and advertising removed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lens_rx.matching.brand_hosts import NON_BRAND_HOSTS
from lens_rx.matching.stopwords import COLOURS, SIZES, STOPWORDS
from lens_rx.matching.title_words import alnum_key, contains_words, fold, title_segments, words

#: Number of titles from which their majority decides which words belong to a name.
MIN_TITLES = 3
MAX_NAME_LENGTH = 60
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_BARE_SIZE = re.compile(r"(?:x{0,3}[sl]|m|\d?xl|\d{2}(?:gb|tb))", re.IGNORECASE)


def cleaned_name(model: str, producer: str, titles: Sequence[str]) -> str:
    """Return the model's name alone, "" where nothing is left of it.

    A word that may be a stopword is kept if most of the titles that name the producer have it.
    """
    name = _first_part(_PARENTHESES.sub(" ", model), producer)
    plain = [word for word in words(SIZES.sub(" ", name)) if not contains_words(word, producer)]
    named = [title for title in titles if contains_words(producer, title)]
    kept = [word for word in plain if not _may_be_stopword(word) or _in_most_titles(word, named)]
    kept = _without_unsupported_end(kept, named)
    if kept == words(name):
        return " ".join(name.split())[:MAX_NAME_LENGTH]
    return " ".join(kept)[:MAX_NAME_LENGTH]


def _first_part(model: str, producer: str) -> str:
    """Return the first part between separators that is neither the producer's nor a shop's name."""
    parts = [
        it for it in title_segments(model) if alnum_key(it) not in (alnum_key(producer), "", *NON_BRAND_HOSTS)
    ]
    return parts[0] if parts else ""


def _may_be_stopword(word: str) -> bool:
    plain = fold(word)
    return (
        plain in STOPWORDS
        or plain in COLOURS
        or alnum_key(word) in NON_BRAND_HOSTS
        or bool(_BARE_SIZE.fullmatch(word))
    )


def _in_most_titles(word: str, named: Sequence[str]) -> bool:
    have = sum(contains_words(word, title) for title in named)
    return len(named) >= MIN_TITLES and have > len(named) / 2


def _without_unsupported_end(kept: list[str], named: Sequence[str]) -> list[str]:
    """Remove words from the end that only one of many titles has: they describe that one offer."""
    about = [title for title in named if kept and contains_words(kept[0], title)]
    if len(about) < MIN_TITLES:
        return kept
    end = len(kept)
    while end > 1 and sum(contains_words(kept[end - 1], title) for title in about) < 2:
        end -= 1
    return kept[:end]
