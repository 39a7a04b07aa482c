"""What rendering knows of the amounts on a page: drawn at all, struck through, how large, how far down."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from lens_rx.facts import PageSnapshot, TextBox
from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.product.discounts import HIGHER
from lens_rx.parsing.product.price_words import Meaning
from lens_rx.parsing.product.text_runs import PageText
from lens_rx.parsing.product.visible_prices import VisiblePrice

_UNDRAWN = -4.0
_LARGEST = 1.6
_LARGE = 0.8
_FAR_DOWN = -0.5
#: Pixels below which a page's own price seldom stands.
_FOLD_PX = 2_500


def apply_rendering(
    found: list[VisiblePrice], page: PageText, snapshot: PageSnapshot | None
) -> list[VisiblePrice]:
    """Return `found` with scores that regard how each amount was drawn; unchanged without a snapshot."""
    if snapshot is None or not snapshot.boxes:
        return found
    boxes: dict[str, list[TextBox]] = defaultdict(list)
    for box in snapshot.boxes:
        boxes[normalize_space(box.text)].append(box)
    drawn = [(one, boxes.get(page.runs[one.order].text, [])) for one in found]
    largest = max((box.font_px for one, those in drawn for box in those if not box.struck), default=0.0)
    return [_rescore(one, those, largest) for one, those in drawn]


def _rescore(one: VisiblePrice, boxes: list[TextBox], largest: float) -> VisiblePrice:
    shown = [box for box in boxes if box.width > 1 and box.height > 1]
    if not shown:
        return replace(one, score=one.score + _UNDRAWN)
    if all(box.struck for box in shown):
        return replace(one, score=one.score - 8, struck=True)
    size = max(box.font_px for box in shown)
    score = _LARGEST if size >= largest else _LARGE if size >= 0.8 * largest else 0.0
    score += _FAR_DOWN if min(box.top for box in shown) > _FOLD_PX else 0.0
    if (
        size >= largest and Meaning.OLD in one.meanings
    ):  # the place beside a lower amount says less than the size
        return replace(one, score=one.score + score + HIGHER, meanings=one.meanings - {Meaning.OLD})
    return replace(one, score=one.score + score)
