"""Which of two amounts beside each other is the old one: the words "-20 %" or "save 5" between them tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from lens_rx.pages.product_sources.outline import Outline
from lens_rx.pages.product_sources.seen import Seen

#: Runs that two amounts may stand apart, and runs around them in which the reduction may stand.
_APART = 8
_AROUND = 4
_PERCENT = re.compile(r"(\d{1,2})(?:[.,]\d+)?\s?%|%\s?(\d{1,2})")


def reductions(found: list[Seen], page: Outline) -> list[Seen]:
    """Return `found` with the old amount of each reduction marked as struck, and its score lowered."""
    old = set(_old(found, page))
    return [
        replace(one, struck=True, score=one.score - 5) if one in old and not one.struck else one
        for one in found
    ]


def _old(found: list[Seen], page: Outline) -> Iterator[Seen]:
    likely = sorted((one for one in found if one.score > 0), key=lambda one: one.order)
    for at, one in enumerate(likely):
        near = (other for other in likely[at + 1 : at + 8] if other.order - one.order <= _APART)
        for other in near:
            low, high = sorted((one, other), key=lambda seen: seen.amount)
            if low.amount < high.amount and _reduced(low.amount, high.amount, _percents(one, other, page)):
                yield high


def _percents(one: Seen, other: Seen, page: Outline) -> set[int]:
    around = page.runs[max(one.order - _AROUND, 0) : other.order + _AROUND + 1]
    return {
        int(match[1] or match[2])
        for run in around
        if len(run.text) < 80
        for match in _PERCENT.finditer(run.text)
    }


def _reduced(low: Decimal, high: Decimal, percents: set[int]) -> bool:
    share = float((high - low) / high * 100)
    return any(percent >= 3 and abs(share - percent) <= 1 for percent in percents)
