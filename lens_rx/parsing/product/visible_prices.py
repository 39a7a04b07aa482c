"""Amounts in the visible text, each with how likely it is the price: by place, emphasis and the words around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute
from lens_rx.parsing.prices import PriceHint, PriceKind
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.landmarks import Landmarks
from lens_rx.parsing.product.machine_amounts import read
from lens_rx.parsing.product.money_text import NUMBER, money_in
from lens_rx.parsing.product.price_texts import (
    SHORT,
    PriceText,
    names_of,
    price_named,
    price_text,
)
from lens_rx.parsing.product.text_runs import Outline, TextRun

#: The score from which an amount may be the price with no other source.
CLEAR = 2.2
_MAX_CANDIDATES = 120
#: Amounts that can never be the price: of cards, links and footers; after so many there are only more of them.
_MAX_HOPELESS = 16
_NEVER = -2
_BEFORE_HEADING = 30
#: What holding for one way of payment only takes from an amount.
_BY_PAYMENT = 1
#: What being a link within the page takes from an amount: more often of other offers than to buy.
_IN_LINK = 0.5
#: An amount that scores no more by place and names is not looked at closer.
_HOPELESS = 0.6
#: Characters of a run from which it is prose.
_LONG = 240
#: Characters behind an amount that are looked at.
_BEHIND = 25
#: Words behind an amount that may say of what it is the price.
_FEW = 3
#: Characters of a run that says nothing alone.
_PREPOSITION = 6
_DIGITS = re.compile(r"\d")
_WORDS = re.compile(r"[\W\d_]+")
_NOW_NAME = re.compile(
    r"current|sale|final|now(?![a-z])|special|offer|actual|sell|promo|discounted|new", re.IGNORECASE
)
_OTHER_NAME = re.compile(
    r"shipping|delivery|install?ment|monthly|finance|points|saving|save(?![a-z])|unit-?_?price|price-?_?(?:per|unit)|per-?_?unit"
    r"|deposit|credit|loan|coupon|voucher|cross-?sell|up-?sell|related|recommend|similar|recently|minicart|mini-?_?basket|cart-(?:total|summary)|also|accessor|carousel|slider|swiper|bundle",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class VisiblePrice:
    """An amount on the visible page; `score` above 2 is likely the price, below 0 likely another."""

    amount: Decimal
    high: Decimal | None
    currency: str
    text: str
    order: int
    score: float
    struck: bool = False


def seen_prices(page: Outline, marks: Landmarks, hint: PriceHint) -> list[VisiblePrice]:
    """Return the amounts of the visible page in their order; struck ones are kept and told so."""
    found: list[VisiblePrice] = []
    done: set[int] = set()
    hopeless = 0
    for run in _nearest_first(page, marks):
        if len(found) >= _MAX_CANDIDATES or hopeless >= _MAX_HOPELESS:
            break
        text = price_text(run, page, done)
        if text is not None:
            found.extend(_seen(text, run, page, marks, hint))
            hopeless += bool(found) and found[-1].score <= _NEVER
    return found


def raise_repeated(found: list[VisiblePrice]) -> list[VisiblePrice]:
    """Return `found` with amounts raised that the page states more than once."""
    counts = Counter(one.amount for one in found if one.score > -1)
    return [replace(one, score=one.score + 0.3) if counts[one.amount] > 1 else one for one in found]


def _nearest_first(page: Outline, marks: Landmarks) -> Iterator[TextRun]:
    """Yield the runs in which an amount may stand: those behind the heading, then those before it."""
    start = max((marks.heading or 0) - _BEFORE_HEADING, 0)
    for run in chain(page.runs[start:], page.runs[:start]):
        if not run.place.hidden and len(run.text) <= _LONG and _DIGITS.search(run.text):
            yield run


def _seen(
    text: PriceText, run: TextRun, page: Outline, marks: Landmarks, hint: PriceHint
) -> Iterator[VisiblePrice]:
    matches = money_in(text.text)[:4]
    rest = len(matches) > 1 or (matches and _DIGITS.search(text.text.replace(matches[0], "")))
    alone = len(text.text) <= SHORT and not rest
    score = _by_place(run, marks) - (0 if alone else 0.8) - (1.5 if len(text.text) > SHORT else 0)
    score += (_by_names(text.node) if score > _HOPELESS - 2 else 0) + (1 if matches else 0)
    for part in [text.text] if alone else matches:
        reading = read(part, hint)
        if reading.kind is PriceKind.NONE or not reading.amounts or reading.amounts[0] <= 0:
            continue
        high = reading.amounts[1] if len(reading.amounts) > 1 else None
        own = score - (3 if reading.kind is PriceKind.PER_UNIT else 0)
        own += _by_words(part, text, page, marks) if own > _HOPELESS else -1
        yield VisiblePrice(
            reading.amounts[0], high, reading.currency or "", part, run.order, own, run.place.struck
        )


def _by_words(part: str, text: PriceText, page: Outline, marks: Landmarks) -> float:
    """Return what the words in, before and after a price take from its score."""
    own = text.text.replace(part, " ", 1) if len(text.text) > len(part) else NUMBER.sub(" ", text.text)
    before = _words_before(text.first, page, marks)
    before = "" if money_in(before) or "%" in before else before
    after = page.runs[text.last + 1].text[:_BEHIND] if text.last + 1 < len(page.runs) else ""
    after = "" if money_in(after) else after
    told = f"{before} {own[:80]}"
    score = 1.0 if words.PRICE.fullmatch(before.strip(" :：*")) else 0.0
    score -= min(0.05 * max(len(_WORDS.sub("", own)) - 8, 0), 1.0)
    score -= 4 * _other_senses(told) + (_BY_PAYMENT if words.PAYMENT.search(told) else 0)
    if _per_unit(f"{own[:80]} {' '.join(after.split()[:_FEW])}") or words.MONTHLY.match(after.lstrip(" *")):
        score -= 3
    return score


def _words_before(first: int, page: Outline, marks: Landmarks) -> str:
    """Return the words before a price, with those before a mere "from" where they speak of instalments.

    An amount that is told twice, once for screen readers, has the words before it once.
    """
    while first > 0 and page.runs[first - 1].text == page.runs[first].text:
        first -= 1
    nearest = "" if marks.names(first - 1, page) else page.runs[first - 1].text[-40:]
    farther = (
        page.runs[first - 2].text[-40:] if nearest and len(nearest) <= _PREPOSITION and first > 1 else ""
    )
    return f"{farther} {nearest}" if words.INSTALMENT.search(farther) else nearest


@lru_cache(maxsize=2048)
def _other_senses(told: str) -> int:
    """Return how many other senses than "the price" the words around an amount give it."""
    senses = (words.SHIPPING, words.INSTALMENT, words.SAVING, words.ADD_ON, words.BEFORE, words.ABOUT)
    return sum(sense.search(told) is not None for sense in senses)


@lru_cache(maxsize=2048)
def _per_unit(told: str) -> bool:
    return words.PER_UNIT.search(told) is not None


def _by_names(node: LexborNode) -> float:
    above = list(ancestors(node, 9))
    senses = [_sense(names_of(one)) for one in (node, *above)]
    score = 0.6 if any(price for price, _, _ in senses[:4]) else 0.0
    score += 0.4 if any(now for _, now, _ in senses[:4]) else 0.0
    return score - (2.5 if any(other for _, _, other in senses) else 0.0)


@lru_cache(maxsize=4096)
def _sense(names: str) -> tuple[bool, bool, bool]:
    """Return whether an element's names tell of a price, of the current one, of another."""
    return price_named(names), _NOW_NAME.search(names) is not None, _OTHER_NAME.search(names) is not None


def _by_place(run: TextRun, marks: Landmarks) -> float:
    score = 0.3 * min(run.place.strong, 2) - (8 if run.place.struck else 3 if run.place.maybe_struck else 0)
    if run.place.region in ("nav", "footer", "aside", "header"):
        score -= 2
    if run.place.href:
        score -= 2 if marks.leads_away(run.place.href) else _IN_LINK
    if marks.related is not None and run.order > marks.related:
        score -= 3
    if marks.heading is not None:
        distance = run.order - marks.heading
        score += max(0.0, 1.5 - distance / 60) if distance >= 0 else max(-1.0, 1.0 + distance / 30)
    if marks.buys:
        main = next((buy for buy in marks.buys if buy > (marks.heading or 0)), marks.buys[0])
        nearest = min(abs(run.order - buy) + (0 if buy == main else 20) for buy in marks.buys)
        another = any(main < run.order < buy for buy in marks.buys)  # then it is the other button's price
        score += 0.0 if another else max(0.0, 1.5 - nearest / 20)
    return score - (2.5 if marks.in_card(run) else 0.0) - (4 if _is_option(run.node) else 0)


def _is_option(node: LexborNode) -> bool:
    """Tell whether an element belongs to a box to tick: what may be had with the thing."""
    label = next((one for one in (node, *ancestors(node, 4)) if one.tag == "label"), None)
    if label is None:
        return False
    boxes = (label.css_first("input"), label.prev)
    return any(box is not None and attribute(box, "type") == "checkbox" for box in boxes)
