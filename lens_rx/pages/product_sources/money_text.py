"""Where amounts of money stand in a text: a number and, beside it, a sign or word of some currency."""

from __future__ import annotations

import re
from functools import lru_cache

from lens_rx.money.currencies import candidates, ending, is_weak, starting

#: A number as prices are written: groups, decimals, "-" for no cents.
NUMBER = re.compile(r"\d[\d.,'’٬٫]*(?:[ \u00a0\u202f]\d{3}(?!\d)[\d.,]*)*(?:[-–—]{1,2}(?!\s?\d))?")
_BEFORE = re.compile(r"([^\s\d]{1,8})\s?$")
_AFTER = re.compile(r"\s?((?:[^\s\d.,;:!?%)]{1,8}\.?){1,3})")


@lru_cache(maxsize=4096)
def money_in(text: str) -> tuple[str, ...]:
    """Return the parts of `text` that are an amount and its currency, in order."""
    found = []
    for number in NUMBER.finditer(text):
        start, end = number.span()
        before = _BEFORE.search(text[max(start - 9, 0) : start])
        after = _AFTER.match(text[end : end + 10])
        if before and (length := _sign_at_end(before[1])):
            found.append(text[start - len(before[0]) + len(before[1]) - length : end].strip())
        elif after and (length := _sign_at_start(after[1])):
            found.append(text[start : end + len(after[0]) - len(after[1]) + length])
    return tuple(found)


@lru_cache(maxsize=4096)
def is_currency(text: str, *, behind: bool) -> bool:
    """Tell whether a short text is a currency and nothing else; `behind`: it follows a number."""
    return 0 < len(text) <= 8 and bool(candidates(text, behind=behind)) and (behind or not is_weak(text))


def _sign_at_end(word: str) -> int:
    """Return how many characters at the end of a word before a number are a currency."""
    word_or_tail = (word, word[-4:], word[-3:], word[-2:], word[-1:]) if not word[-1].isalpha() else (word,)
    known = next((len(part) for part in word_or_tail if candidates(part) and not is_weak(part)), 0)
    return known or ending(word)


def _sign_at_start(word: str) -> int:
    """Return how many characters at the start of a word behind a number are a currency."""
    if candidates(word, behind=True):
        return len(word)
    return starting(word) if not word.isascii() or not word.isalpha() else 0
