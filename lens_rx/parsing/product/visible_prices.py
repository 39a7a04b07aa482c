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
from lens_rx.parsing.product.landmarks import Landmarks
from lens_rx.parsing.product.machine_amounts import parse_cached
from lens_rx.parsing.product.money_text import find_money
from lens_rx.parsing.product.price_texts import (
    SHORT,
    PriceText,
    element_names,
    find_price_text,
    is_price_name,
)
from lens_rx.parsing.product.price_words import Meaning, words_around
from lens_rx.parsing.product.text_runs import PageText, TextRun

#: The score from which an amount may be the price with no other source.
CLEAR = 2.2
#: What a class such as `old-price` takes from an amount.
DOUBTFUL = 3.0
_MAX_CANDIDATES = 120
#: Amounts that can never be the price: of cards, links and footers; after so many there are only more of them.
_MAX_HOPELESS = 16
_NEVER = -2
_BEFORE_HEADING = 30
#: What being a link within the page takes from an amount: more often of other offers than to buy.
_IN_LINK = 0.5
#: An amount that scores no more by place and names is not looked at closer.
_HOPELESS = 0.6
#: Runs around a buy button that are its box.
_BUY_BOX = 12
#: What being a number of the heading, or the amount of another product, takes.
_OTHER = 3.0
#: Characters of a run from which it is prose.
_LONG = 240
_DIGITS = re.compile(r"\d")
#: Where a word of a name begins: "pricePoints" has two, "breakpoints" one.
_WORD = r"(?:(?<![A-Za-z])|(?=[A-Z]))"
_NOW_NAME = re.compile(
    rf"{_WORD}(?i:current|sale|final|now(?![a-z])|special|offer|actual|sell|promo|discounted|new)"
)
_OTHER_NAME = re.compile(
    rf"{_WORD}(?i:shipping|delivery|install?ment|monthly|finance|points|saving|save(?![a-z])|unit-?_?price"
    r"|price-?_?(?:per|unit)|per-?_?unit|deposit|credit|loan|coupon|voucher|cross-?sell|up-?sell|related|recommend"
    r"|similar|recently|mini-?_?cart|mini-?_?basket|cart-(?:total|summary)|also|accessor|carousel|slider|swiper|bundle)"
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
    meanings: frozenset[Meaning] = frozenset()


def find_visible_prices(page: PageText, landmarks: Landmarks, hint: PriceHint) -> list[VisiblePrice]:
    """Return the amounts of the visible page in document order, struck ones included and marked."""
    found: list[VisiblePrice] = []
    done: set[int] = set()
    hopeless = 0
    for run in _nearest_first(page, landmarks):
        if len(found) >= _MAX_CANDIDATES or hopeless >= _MAX_HOPELESS:
            break
        text = find_price_text(run, page, done)
        if text is not None:
            found.extend(_read_amounts(text, run, page, landmarks, hint))
            hopeless += bool(found) and found[-1].score <= _NEVER
    return found


def raise_repeated(found: list[VisiblePrice]) -> list[VisiblePrice]:
    """Return `found` with amounts raised that the page states more than once."""
    counts = Counter(one.amount for one in found if one.score > -1)
    return [replace(one, score=one.score + 0.3) if counts[one.amount] > 1 else one for one in found]


def _nearest_first(page: PageText, landmarks: Landmarks) -> Iterator[TextRun]:
    """Yield the runs in which an amount may stand: those behind the heading, then those before it."""
    start = max((landmarks.heading or 0) - _BEFORE_HEADING, 0)
    for run in chain(page.runs[start:], page.runs[:start]):
        if not run.place.hidden and len(run.text) <= _LONG and _DIGITS.search(run.text):
            yield run


def _read_amounts(
    text: PriceText, run: TextRun, page: PageText, landmarks: Landmarks, hint: PriceHint
) -> Iterator[VisiblePrice]:
    matches = find_money(text.text)[:4]
    rest = len(matches) > 1 or (matches and _DIGITS.search(text.text.replace(matches[0], "")))
    alone = len(text.text) <= SHORT and not rest
    score = _place_score(run, landmarks) - (0 if alone else 0.8) - (1.5 if len(text.text) > SHORT else 0)
    if landmarks.is_heading(run) and text.text == run.text:
        score -= _OTHER
    score += (_names_score(text.node) if score > _HOPELESS - 2 else 0) + (1 if matches else 0)
    ranged = parse_cached(text.text, hint).kind is PriceKind.RANGE
    for part in [text.text] if alone or ranged else matches:
        reading = parse_cached(part, hint)
        if reading.kind is PriceKind.NONE or not reading.amounts or reading.amounts[0] <= 0:
            continue
        high = reading.amounts[1] if len(reading.amounts) > 1 else None
        own = score - (3 if reading.kind is PriceKind.PER_UNIT else 0)
        words = words_around(part, text, page, landmarks)
        own += words.score if own > _HOPELESS else -1
        lowest = reading.kind is PriceKind.FROM or Meaning.FROM in words.meanings
        yield VisiblePrice(
            amount=reading.amounts[0],
            high=high,
            currency=reading.currency or "",
            text=part,
            order=run.order,
            score=own,
            struck=run.place.struck,
            meanings=words.meanings | ({Meaning.FROM} if lowest else set()),
        )


def _names_score(node: LexborNode) -> float:
    above = list(ancestors(node, 9))
    senses = [_name_meanings(element_names(one)) for one in (node, *above)]
    score = 0.6 if any(price for price, _, _ in senses[:4]) else 0.0
    score += 0.4 if any(now for _, now, _ in senses[:4]) else 0.0
    return score - (2.5 if any(other for _, _, other in senses) else 0.0)


@lru_cache(maxsize=4096)
def _name_meanings(names: str) -> tuple[bool, bool, bool]:
    """Return whether an element's names mean a price, the current price, another amount."""
    return is_price_name(names), _NOW_NAME.search(names) is not None, _OTHER_NAME.search(names) is not None


def _place_score(run: TextRun, landmarks: Landmarks) -> float:
    score = 0.3 * min(run.place.strong, 2) - (
        8 if run.place.struck else DOUBTFUL if run.place.maybe_struck else 0
    )
    if run.place.region in ("nav", "footer", "aside", "header"):
        score -= 2
    if run.place.href:
        score -= 2 if landmarks.leads_away(run.place.href) else _IN_LINK
    if landmarks.related_start is not None and run.order > landmarks.related_start:
        score -= 3
    if landmarks.in_other_card(run):
        score -= _OTHER
    score += _anchor_score(run.order, landmarks)
    return score - (2.5 if landmarks.in_card(run) else 0.0) - (4 if _is_option(run.node) else 0)


def _anchor_score(order: int, landmarks: Landmarks) -> float:
    """Return what standing near the heading and the product's own buy button adds."""
    heading, buttons = landmarks.heading, landmarks.buy_buttons
    by_heading = by_button = 0.0
    if heading is not None:
        distance = order - heading
        by_heading = max(0.0, 1.5 - distance / 60) if distance >= 0 else max(-1.0, 1.0 + distance / 30)
    if buttons:
        main = next((buy for buy in buttons if buy > (heading or 0)), buttons[0])
        nearest = min(abs(order - buy) + (0 if buy == main else 20) for buy in buttons)
        another = any(main < order < buy for buy in buttons)  # then it is the other button's price
        by_button = 0.0 if another else max(0.0, 1.5 - nearest / 20)
        if main < (heading or 0) and nearest <= _BUY_BOX and not another:
            by_heading = max(by_heading, 1.0)  # the box to buy stands before the heading
    return by_heading + by_button


def _is_option(node: LexborNode) -> bool:
    """Return whether an element belongs to a checkbox: an option that can be added to the product."""
    label = next((one for one in (node, *ancestors(node, 4)) if one.tag == "label"), None)
    if label is None:
        return False
    boxes = (label.css_first("input"), label.prev)
    return any(box is not None and attribute(box, "type") == "checkbox" for box in boxes)
