"""What the words beside an amount say of it: that it is the price, or what else."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from lens_rx.parsing.product import shop_terms as terms
from lens_rx.parsing.product.landmarks import Landmarks
from lens_rx.parsing.product.money_text import NUMBER, find_money
from lens_rx.parsing.product.price_texts import PriceText
from lens_rx.parsing.product.text_runs import PageText

#: Characters before, in and after an amount that are looked at, and words after it that may name its unit.
_BEFORE = 40
_OWN = 80
_AFTER = 25
_UNIT_WORDS = 3
#: Longest run that is a mere preposition, in characters.
_PREPOSITION = 6
#: The difference that an option makes to the price: "(+ $ 5)".
_DIFFERENCE = re.compile(r"\(?\s*[+±−-]\s?\D{0,4}\d")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class Meaning(StrEnum):
    """What an amount is by the words beside it, where it is more or other than the price."""

    SHIPPING = "shipping"
    INSTALMENT = "instalment"
    SAVING = "saving"
    ADD_ON = "add-on"
    OLD = "old"
    REGULAR = "regular"
    CONVERTED = "converted"
    CONDITIONAL = "conditional"
    PAYMENT = "payment"
    PER_UNIT = "per unit"
    WITHOUT_TAX = "without tax"
    WITH_TAX = "with tax"
    OPTION = "option"
    FROM = "from"


#: Meanings of amounts that are no price of the product.
NOT_PRICES = frozenset(Meaning) - {Meaning.FROM, Meaning.PAYMENT, Meaning.WITH_TAX, Meaning.WITHOUT_TAX}
#: Meanings by words before or in the text of an amount.
_BEFORE_PATTERNS = {
    Meaning.SHIPPING: terms.SHIPPING,
    Meaning.INSTALMENT: terms.INSTALMENT,
    Meaning.SAVING: terms.SAVING,
    Meaning.ADD_ON: terms.ADD_ON,
    Meaning.OLD: terms.BEFORE,
    Meaning.REGULAR: terms.REGULAR,
    Meaning.CONVERTED: terms.ABOUT,
}
#: Meanings by words on either side.
_EITHER_PATTERNS = {
    Meaning.WITHOUT_TAX: terms.WITHOUT_TAX,
    Meaning.WITH_TAX: terms.WITH_TAX,
    Meaning.CONDITIONAL: terms.CONDITIONAL,
}
#: What each meaning takes from an amount's score.
PENALTIES = {
    Meaning.WITH_TAX: 0.0,
    Meaning.PAYMENT: 1.0,
    Meaning.PER_UNIT: 3.0,
    Meaning.WITHOUT_TAX: 1.5,
    Meaning.FROM: 0.0,
}
PENALTY = 4.0


class WordsAround(NamedTuple):
    """What the words around an amount add to its score, and the meanings that they give it."""

    score: float
    meanings: frozenset[Meaning]


def words_around(part: str, text: PriceText, page: PageText, landmarks: Landmarks) -> WordsAround:
    """Return what the words in, before and after the amount `part` of a price text say."""
    own = _own_words(part, text.text) if len(text.text) > len(part) else NUMBER.sub(" ", text.text)
    before = _words_before(text.first, page, landmarks)
    before = "" if find_money(before) or "%" in before or _is_complete_saving(before) else before
    after = page.runs[text.last + 1].text[:_AFTER] if text.last + 1 < len(page.runs) else ""
    after = "" if find_money(after) or _is_label(after, text.last + 2, before, page) else after
    meanings = _meanings(before, own[:_OWN], after)
    if terms.FROM.matches_whole(text.text.partition(part)[0].strip(" :：")):
        meanings |= {Meaning.FROM}
    if _DIFFERENCE.match(text.text):
        meanings |= {Meaning.OPTION}
    score = 1.0 if terms.PRICE.matches_whole(before.strip(" :：*")) else 0.0
    score -= min(0.05 * max(len(_NOT_LETTERS.sub("", own)) - 8, 0), 1.0)
    return WordsAround(score - sum(PENALTIES.get(meaning, PENALTY) for meaning in meanings), meanings)


def _own_words(part: str, text: str) -> str:
    """Return the words of a text that are about one of its amounts: those before it, and of the last those behind it.

    Behind another amount only a unit that is written close is its own: the words after it introduce the next one.
    """
    amounts = find_money(text)
    at = amounts.index(part) if part in amounts else 0
    before, _, after = text.partition(part)
    if at:
        before = before.rpartition(amounts[at - 1])[2]
    if at + 1 < len(amounts):
        after = after.partition(amounts[at + 1])[0]
        after = after.split(" ", 1)[0]
    return f"{before} {after}"


def _is_label(after: str, following: int, before: str, page: PageText) -> bool:
    """Return whether the text after an amount is the label of the next amount rather than of this one."""
    if following >= len(page.runs) or not find_money(page.runs[following].text):
        return False
    return after.endswith((":", "：")) or bool(_meanings(before, "", ""))


def _is_complete_saving(before: str) -> bool:
    """Return whether the text before an amount is a saving with a number of its own: "SAVE 70"."""
    return terms.SAVING.occurs_in(before) and NUMBER.search(before) is not None


@lru_cache(maxsize=4096)
def _meanings(before: str, own: str, after: str) -> frozenset[Meaning]:
    left = f"{before} {own}"
    found = {meaning for meaning, pattern in _BEFORE_PATTERNS.items() if pattern.occurs_in(left)}
    found |= {
        meaning for meaning, pattern in _EITHER_PATTERNS.items() if pattern.occurs_in(f"{left} {after}")
    }
    unit = f"{own} {' '.join(after.split()[:_UNIT_WORDS])}"
    if (
        terms.PER_UNIT.occurs_in(unit)
        or terms.UNIT_PRICE.occurs_in(left)
        or terms.MONTHLY.match(after.lstrip(" *"))
    ):
        found.add(Meaning.PER_UNIT)
    if terms.PAYMENT.occurs_in(left):
        found.add(Meaning.PAYMENT)
    if terms.FROM.matches_whole(before.strip(" :：")):
        found.add(Meaning.FROM)
    return frozenset(found)


def _words_before(first: int, page: PageText, landmarks: Landmarks) -> str:
    """Return the words before a price, with those before a mere "from" where they are about instalments.

    An amount that is repeated for screen readers has the words before its first occurrence.
    """
    while first > 0 and page.runs[first - 1].text == page.runs[first].text:
        first -= 1
    nearest = "" if landmarks.is_name(first - 1, page) else page.runs[first - 1].text[-_BEFORE:]
    farther = (
        page.runs[first - 2].text[-_BEFORE:] if nearest and len(nearest) <= _PREPOSITION and first > 1 else ""
    )
    return f"{farther} {nearest}" if terms.INSTALMENT.occurs_in(farther) else nearest
