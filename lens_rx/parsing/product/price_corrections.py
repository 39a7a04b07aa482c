"""Corrections of visible amounts that need more than one of them: doubtful class names, tax, converted amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute
from lens_rx.parsing.product.machine_amounts import currency_code
from lens_rx.parsing.product.price_words import NOT_PRICES, PENALTIES, PENALTY, Meaning
from lens_rx.parsing.product.text_places import is_struck_class
from lens_rx.parsing.product.text_runs import PageText
from lens_rx.parsing.product.visible_prices import DOUBTFUL, VisiblePrice

#: Runs that two amounts of one offer may stand apart.
_NEAR = 12
#: What value added tax makes of a price.
_TAXED = (Decimal("1.03"), Decimal("1.30"))
#: Amounts with a currency code before each, from which they are one price in many currencies, and their penalty.
_CONVERSIONS = 4
_CONVERTED = 3.0
#: What being the first of two labelled amounts, without and with tax, adds: the page sells by it.
_FIRST_LABELLED = 0.5
_CODE_RUNS = 2
_CODE = re.compile(r"[A-Z]{3}")


def correct_prices(found: list[VisiblePrice], page: PageText) -> list[VisiblePrice]:
    """Return `found` with scores that regard the other amounts around each."""
    converted = _conversions(found, page)
    found = [replace(one, score=one.score - _CONVERTED) if one in converted else one for one in found]
    found = [_as_old_or_current(one, found) if Meaning.REGULAR in one.meanings else one for one in found]
    return [_with_tax(_without_doubt(one, found, page), found) for one in found]


def _as_old_or_current(one: VisiblePrice, found: list[VisiblePrice]) -> VisiblePrice:
    """Return a regular price as the old one where a lower price stands near, else as the current one."""
    others = (other for other in found if other.amount < one.amount and abs(other.order - one.order) <= _NEAR)
    meanings = one.meanings - {Meaning.REGULAR}
    if Meaning.OLD in meanings or any(not other.meanings & NOT_PRICES for other in others):
        return replace(one, meanings=meanings | {Meaning.OLD})
    return replace(one, score=one.score + PENALTY, meanings=meanings)


def _without_doubt(one: VisiblePrice, found: list[VisiblePrice], page: PageText) -> VisiblePrice:
    """Undo the penalty for a class such as `old-price` where the class says nothing.

    That is where its element holds several amounts, or no lower amount stands near that may be the new price.
    """
    if one.struck or not page.runs[one.order].place.maybe_struck:
        return one
    element = _struck_element(page.runs[one.order].node)
    others = [other for other in found if other.amount != one.amount]
    shared = element is not None and any(_is_inside(page.runs[other.order].node, element) for other in others)
    lower = any(
        other.amount < one.amount
        and other.score > 0
        and abs(other.order - one.order) <= _NEAR
        and not other.meanings
        for other in others
    )
    return replace(one, score=one.score + DOUBTFUL) if shared or not lower else one


def _struck_element(node: LexborNode) -> LexborNode | None:
    return next(
        (above for above in (node, *ancestors(node)) if is_struck_class(attribute(above, "class"))), None
    )


def _is_inside(node: LexborNode, element: LexborNode) -> bool:
    return any(above.mem_id == element.mem_id for above in (node, *ancestors(node)))


def _with_tax(one: VisiblePrice, found: list[VisiblePrice]) -> VisiblePrice:
    """Lower an amount without tax beside the one with tax; not where both have labels and it comes first."""
    if Meaning.WITHOUT_TAX not in one.meanings:
        return one
    low, high = _TAXED
    taxed = [
        other
        for other in found
        if abs(other.order - one.order) <= _NEAR and low * one.amount <= other.amount <= high * one.amount
    ]
    if any(Meaning.WITH_TAX in other.meanings and one.order < other.order for other in taxed):
        return replace(one, score=one.score + PENALTIES[Meaning.WITHOUT_TAX] + _FIRST_LABELLED)
    return replace(one, score=one.score - _CONVERTED) if taxed else one


def _conversions(found: list[VisiblePrice], page: PageText) -> set[VisiblePrice]:
    """Return the amounts of a list that states one price in many currencies, each behind its code."""
    coded = list(_coded(found, page))
    return set(coded) if len(coded) >= _CONVERSIONS else set()


def _coded(found: list[VisiblePrice], page: PageText) -> Iterator[VisiblePrice]:
    for one in found:
        before = [run.text.strip(" :") for run in page.runs[max(one.order - _CODE_RUNS, 0) : one.order]]
        if any(_CODE.fullmatch(text) and currency_code(text) == text for text in before):
            yield one
