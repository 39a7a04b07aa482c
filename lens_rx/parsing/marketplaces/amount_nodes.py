"""Finds the amounts of money on a page, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.marketplaces.card_amounts import amounts_in, loose_money, without_lead

_LONGEST_AMOUNT = 60
_SKIPPED = frozenset({"script", "style", "svg", "noscript", "template", "select", "option", "textarea"})
_CURRENCY_ALONE = re.compile(r"[^\d\s]{1,4}")
_NUMBER_ALONE = re.compile(r"\d[\d.,'’\s]*")


def amount_nodes(tree: LexborHTMLParser, *, loosely: bool = False) -> Iterator[LexborNode]:
    """Yield the elements whose text is an amount of money, or a number beside a currency of its own.

    `loosely`: an amount among other words, or without a currency, is one as well.
    """
    before = ""
    waiting: tuple[LexborNode, str] | None = None
    for node in tree.body.traverse(include_text=True) if tree.body else ():
        parent = node.parent
        if node.tag != "-text" or parent is None or parent.tag in _SKIPPED:
            continue
        text = " ".join((node.text_content or "")[: 2 * _LONGEST_AMOUNT].split())
        if not text:
            continue
        if waiting and _CURRENCY_ALONE.fullmatch(text) and amounts_in(f"{waiting[1]} {text}"):
            yield waiting[0]
        waiting = None
        if len(text) <= _LONGEST_AMOUNT and any(map(str.isdigit, text)):
            if amounts_in(without_lead(text)) or (loosely and loose_money(text)):
                yield parent
            elif _NUMBER_ALONE.fullmatch(text):
                if _CURRENCY_ALONE.fullmatch(before) and amounts_in(f"{before}{text}"):
                    yield parent
                else:
                    waiting = (parent, text)
        before = text
