"""The product's description as the visible page gives it, for pages whose markup has none."""

from __future__ import annotations

import re
from itertools import takewhile

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors
from lens_rx.parsing.instructions import is_instruction
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.landmarks import Landmarks
from lens_rx.parsing.product.money_text import find_money
from lens_rx.parsing.product.stock_terms import sold_out
from lens_rx.parsing.product.text_runs import PageText, TextRun

#: Number of runs after the heading in which a description starts, and its longest length in characters.
_WITHIN = 200
_MOST = 5_000
#: Characters from which a sentence describes; where words have no blanks, half as many.
_SENTENCE = 25
_SHORT_SENTENCE = 12
_END = re.compile(r"[.!?…。！？।]['\"”»)]?$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_REGIONS = ("nav", "footer", "header", "aside")
_BLOCKS = frozenset({"p", "div", "li", "td", "dd", "section", "article", "blockquote", "main", "body"})
_SERVICE = (words.SHIPPING, words.INSTALMENT, words.SAVING)


def description(page: PageText, landmarks: Landmarks) -> str:
    """Return the first paragraph that describes the thing, empty where none does.

    It is visible text after the heading and before other products, is not a link and contains no amount of money.
    """
    if landmarks.heading is None:
        return ""
    end = min(landmarks.related_start or len(page.runs), landmarks.heading + _WITHIN)
    for run in page.runs[landmarks.heading + 1 : end]:
        text = _paragraph(run, page) if _may_describe(run) else ""
        if _describes(text) and not landmarks.in_card(run):
            return text[:_MOST]
    return ""


def _may_describe(run: TextRun) -> bool:
    place = run.place
    return not (place.hidden or place.undrawn or place.struck or place.href or place.region in _REGIONS) and (
        run.node.tag not in ("button", "label", "th", "h1", "h2", "h3")
    )


def _paragraph(run: TextRun, page: PageText) -> str:
    """Return what is shown of the block that a run opens."""
    block = next((one for one in (run.node, *ancestors(run.node, 4)) if one.tag in _BLOCKS), run.node)
    inside = takewhile(lambda one: _is_in_block(one, block), page.runs[run.order : run.order + 60])
    return " ".join(one.text for one in inside if not one.place.hidden and not one.place.undrawn)


def _is_in_block(run: TextRun, block: LexborNode) -> bool:
    return any(one.mem_id == block.mem_id for one in (run.node, *ancestors(run.node, 4)))


def _describes(text: str) -> bool:
    least = _SHORT_SENTENCE if _UNSPACED.search(text) else _SENTENCE
    if len(text) < least or _END.search(text) is None or is_instruction(text) or find_money(text[:400]):
        return False
    return len(text) > 300 or not (sold_out(text) or any(sense.occurs_in(text) for sense in _SERVICE))
