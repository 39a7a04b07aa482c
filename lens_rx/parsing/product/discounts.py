"""Find old prices and instalments among the visible amounts by the percentages and counts beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from lens_rx.parsing.product.price_words import NOT_PRICES, Meaning
from lens_rx.parsing.product.text_runs import PageText
from lens_rx.parsing.product.visible_prices import VisiblePrice

#: Runs that two amounts may stand apart, and runs around them in which the reduction may stand.
_APART = 8
_AROUND = 4
_NEW = 0.8
#: Runs that the ends of a range may stand apart, currencies and all, and what stands between.
_RANGE = 4
_DASHES = frozenset("-–—~～〜")
#: Runs that two amounts may stand apart with nothing but their currencies between, the share of the higher that
#: the lower is at least, and what that takes from the higher.
_SIDE = 2
_LEAST = Decimal("0.3")
HIGHER = 1.2
#: What an amount loses that is a part of the price, and how far its payments may be off the whole, in shares.
_PART = 4
_ROUNDED = Decimal("0.01")
#: Longest run in which the number of instalments is looked for, and the numbers there may be.
_MAX_COUNT_TEXT = 120
_PAYMENTS = range(2, 61)
_COUNT = re.compile(r"(?<![\d.,])\d{1,2}(?![\d.,]*\d)")
_TIMES = re.compile(r"(?<![\d.,])(\d{1,2})\s?[x×]\s*$", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{4,}")
_PERCENT = re.compile(r"(\d{1,2})(?:[.,]\d+)?\s?%|%\s?(\d{1,2})")


def apply_discounts(found: list[VisiblePrice], page: PageText) -> list[VisiblePrice]:
    """Return `found` with old amounts marked as struck, new ones raised, and parts of a price lowered."""
    found = _lower_instalments(found, page)
    pairs = list(_reductions(found, page))
    new, old = {low for low, _ in pairs}, {high for _, high in pairs}
    higher = _higher_beside(found, new | old, page) | _range_ends(found, page)
    return [_mark_struck(one) if one in old else _rescore_by_pair(one, new, higher) for one in found]


def _rescore_by_pair(one: VisiblePrice, new: set[VisiblePrice], higher: set[VisiblePrice]) -> VisiblePrice:
    if one in higher:
        return replace(one, score=one.score - HIGHER, meanings=one.meanings | {Meaning.OLD})
    return replace(one, score=one.score + _NEW) if one in new else one


def _lower_instalments(found: list[VisiblePrice], page: PageText) -> list[VisiblePrice]:
    """Return `found` with each amount lowered that, as often as is written beside it, makes a likely one."""
    likely = {one.amount for one in found if one.score > 0}
    return [
        replace(one, score=one.score - _PART) if _is_instalment(one, likely, page) else one for one in found
    ]


def _is_instalment(one: VisiblePrice, wholes: set[Decimal], page: PageText) -> bool:
    text = page.runs[one.order].text
    around = text.replace(one.text, " ") if len(text) <= _MAX_COUNT_TEXT else ""
    before = _TIMES.search(page.runs[one.order - 1].text) if one.order else None
    counts = [int(count) for count in (*_COUNT.findall(around), *(before.groups() if before else ()))]
    totals = [count * one.amount for count in counts if count in _PAYMENTS]
    return any(abs(whole - total) <= whole * _ROUNDED for total in totals for whole in wholes)


def _higher_beside(found: list[VisiblePrice], around: set[VisiblePrice], page: PageText) -> set[VisiblePrice]:
    """Return the higher of each lone pair of amounts that stand side by side with no word between."""
    other = NOT_PRICES | {Meaning.WITHOUT_TAX}
    bare = (
        one
        for one in found
        if not one.meanings & other and not _LETTERS.search(page.runs[one.order].text.replace(one.text, " "))
    )
    likely = sorted((one for one in bare if one.score > 0 or one.struck), key=lambda one: one.order)
    close = [after.order - one.order <= _SIDE for one, after in pairwise(likely)]
    lone = [
        pair
        for at, pair in enumerate(pairwise(likely))
        if close[at] and not any(close[max(at - 1, 0) : at] + close[at + 1 : at + 2])
    ]
    unknown = [pair for pair in lone if around.isdisjoint(pair) and not any(one.struck for one in pair)]
    ordered = (sorted(pair, key=lambda one: one.amount) for pair in unknown)
    return {high for low, high in ordered if _LEAST * high.amount < low.amount < high.amount}


def _range_ends(found: list[VisiblePrice], page: PageText) -> set[VisiblePrice]:
    """Return the higher ends of ranges whose two amounts are runs of their own, a dash between."""
    ordered = sorted(found, key=lambda one: one.order)
    return {
        high
        for low, high in pairwise(ordered)
        if low.amount < high.amount
        and high.order - low.order <= _RANGE
        and any(run.text in _DASHES for run in page.runs[low.order + 1 : high.order])
    }


def _mark_struck(one: VisiblePrice) -> VisiblePrice:
    return one if one.struck else replace(one, struck=True, score=one.score - 5)


def _reductions(found: list[VisiblePrice], page: PageText) -> Iterator[tuple[VisiblePrice, VisiblePrice]]:
    """Yield the new and the old amount of each reduction."""
    likely = sorted((one for one in found if one.score > 0 or one.struck), key=lambda one: one.order)
    for at, one in enumerate(likely):
        near = (other for other in likely[at + 1 : at + 8] if other.order - one.order <= _APART)
        for other in near:
            low, high = sorted((one, other), key=lambda price: price.amount)
            if low.struck or low.amount == high.amount:
                continue
            if _is_reduced_by(low.amount, high.amount, _percents(one, other, page)):
                yield low, high


def _percents(one: VisiblePrice, other: VisiblePrice, page: PageText) -> set[int]:
    around = page.runs[max(one.order - _AROUND, 0) : other.order + _AROUND + 1]
    text = " ".join(run.text for run in around if len(run.text) < 80)
    return {int(match[1] or match[2]) for match in _PERCENT.finditer(text)}


def _is_reduced_by(low: Decimal, high: Decimal, percents: set[int]) -> bool:
    share = float((high - low) / high * 100)
    return any(percent >= 3 and abs(share - percent) <= 1 for percent in percents)
