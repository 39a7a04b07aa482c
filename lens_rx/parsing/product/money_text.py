"""Where amounts of money stand in a text: a number and, beside it, a sign or word of some currency."""

from __future__ import annotations

import re
from functools import lru_cache

from lens_rx.parsing.prices.currency_signs import candidates, ending, is_weak, starting

#: A number as prices are written: groups, decimals, "-" for no cents.
NUMBER = re.compile(r"\d[\d.,'’٬٫]*(?:[ \u00a0\u202f]\d{3}(?!\d)[\d.,]*)*(?:[-–—]{1,2}(?!\s?\d))?")
_DIGIT = re.compile(r"\d")
#: The word of a unit of weight; shops write the currency of that name as a sign.
_WEIGHT = "pound"
#: An amount that is one of money by the dash for its cents: "1 299:-", "129,-".
_NO_CENTS = re.compile(r"\d{1,3}(?:[ .\u00a0\u202f]?\d{3})*(?::[-–—]|,[-–—]{1,2})(?![\d\w])")
_NARROW = str.maketrans("￥＄￡￦", "¥$£₩")
_BEFORE = re.compile(r"([^\s\d]{1,8})\s?$")
_AFTER = re.compile(r"\s?((?:[^\s\d.,;:!?%)]{1,8}\.?){1,3})")


def find_money(text: str) -> tuple[str, ...]:
    """Return the parts of `text` that are an amount and its currency, in order."""
    return _amounts(text) if _DIGIT.search(text) else ()


@lru_cache(maxsize=4096)
def _amounts(text: str) -> tuple[str, ...]:
    found = []
    text = text.translate(_NARROW)
    for number in NUMBER.finditer(text):
        start, end = number.span()
        before = _BEFORE.search(text[max(start - 9, 0) : start])
        after = _AFTER.match(text[end : end + 10])
        if before and (length := _sign_at_end(before[1])):
            found.append(text[start - len(before[0]) + len(before[1]) - length : end].strip())
        elif after and (length := _sign_at_start(after[1])):
            found.append(text[start : end + len(after[0]) - len(after[1]) + length])
        elif mark := _NO_CENTS.match(text, start):
            found.append(mark[0])
    return tuple(found)


@lru_cache(maxsize=4096)
def is_currency(text: str, *, behind: bool) -> bool:
    """Return whether a short text is a currency and nothing else; `behind` is set where it follows a number."""
    return 0 < len(text) <= 8 and bool(candidates(text, behind=behind)) and (behind or not is_weak(text))


def _sign_at_end(word: str) -> int:
    """Return how many characters at the end of a word before a number are a currency."""
    if candidates(word) and not is_weak(word):
        return len(word)
    if not _stands_alone(word[-1]):
        return 0
    tails = (word[-length:] for length in range(min(len(word) - 1, 4), 0, -1))
    length = next((len(tail) for tail in tails if candidates(tail)), 0) or ending(word)
    return 0 if _splits_word(word, len(word) - length) else length


def _sign_at_start(word: str) -> int:
    """Return how many characters at the start of a word behind a number are a currency."""
    if word.casefold().startswith(_WEIGHT):
        return 0
    if candidates(word, behind=True):
        return len(word)
    return starting(word) if _stands_alone(word[0]) else 0


def _splits_word(word: str, at: int) -> bool:
    """Return whether a part that begins at `at` is the end of a longer word, as "rs." in "stars."."""
    if not 0 < at < len(word):
        return False
    before, after = word[at - 1], word[at]
    inside = before.isalpha() and after.isalpha() and not _stands_alone(before)
    return inside and not (before.islower() and after.isupper())


def _stands_alone(char: str) -> bool:
    """Return whether a character forms a word without spaces around: a sign, or a Thai, Chinese, Japanese or Korean letter."""
    return not char.isalpha() or char >= "\u0e00"
