"""Whether two names mean the same thing, in any script."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from lens_rx.parsing.short_text_cache import cache_short

_NOISE = re.compile(r"[\W_]+")
_LONGEST_CACHED = 300


def similarity(one: str, other: str) -> float:
    """Return 0..1: how much of the shorter name stands in the longer, by its trigrams."""
    left, right = _grams(one), _grams(other)
    if not left or not right:
        return 0.0
    return len(left & right) / min(len(left), len(right))


@cache_short(_LONGEST_CACHED, 4096)
def alnum_key(text: str) -> str:
    """Return `text` without case, blanks and punctuation: what two notations of one code share."""
    return _NOISE.sub("", text).casefold()


def url_contains(code: str, url: str) -> bool:
    """Return whether an address contains a code of at least four characters, in any notation."""
    bare = alnum_key(code)
    return len(bare) >= 4 and bare in _url_key(url)


@lru_cache(maxsize=256)
def _url_key(url: str) -> str:
    return alnum_key(unquote(url))


def is_same_page(one: str, other: str) -> bool:
    """Return whether two addresses lead to the same path."""
    try:
        left, right = unquote(urlsplit(one).path).rstrip("/"), unquote(urlsplit(other).path).rstrip("/")
    except ValueError:
        return False
    return len(left) > 1 and left.casefold() == right.casefold()


@lru_cache(maxsize=2048)
def _grams(text: str) -> frozenset[str]:
    bare = alnum_key(text[:300])
    return frozenset(map("".join, zip(bare, bare[1:], bare[2:], strict=False))) or frozenset(
        {bare} if bare else ()
    )
