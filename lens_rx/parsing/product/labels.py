"""Labelled values of the visible page: tables, definition lists, "label: value", and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import text_of
from lens_rx.parsing.product.document import Elements
from lens_rx.parsing.product.text_runs import PageText, TextRun
from lens_rx.parsing.terms import TermPattern, load_alternation

_MAX_PAIRS = 600
_MAX_SPECS = 80
_COLON = re.compile(r"^([^:：#№]{2,40}?)\s*(?:[:：]|#|№|n[°º]\.?)\s*(\S.{0,200})$", re.IGNORECASE)
#: A code behind a label with nothing but a blank between, and how long the two are at most.
_CODE = re.compile(r"(?=\S*\d)[\w./-]{3,30}")
_SHORT = 60
#: Longest label without a colon, in characters.
_LABEL = 30
_MARKS = frozenset(":：#№°.")
_MARKED = re.compile(f"[{''.join(sorted(_MARKS))}]")
_ENDS = re.compile(r"^(.{2,40}?)\s*[:：#]\s*$")


def _label_pattern(*kinds: str) -> TermPattern:
    """Return a pattern of labels of these kinds, as whole texts."""
    return TermPattern(
        lambda: (
            rf"\W*(?:{'|'.join(load_alternation('lens_rx.parsing.product', 'labels', it) for it in kinds)})\W*"
        )
    )


SKU = _label_pattern("product number")
#: The maker's number of a model: not the shop's of the product.
MODEL = _label_pattern("model number")
GTIN = _label_pattern("gtin")
BRAND = _label_pattern("brand")
MATERIAL = _label_pattern("material")
_ANY = _label_pattern("product number", "gtin", "brand", "material")


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A label and its value, with the number of the run where the value stands."""

    label: str
    value: str
    order: int
    in_table: bool = False


def find_labelled_values(by_tag: Elements, page: PageText) -> list[LabelledValue]:
    """Return the labelled values of a page: those of tables and lists first, then those of running text."""
    found: list[LabelledValue] = []
    for pair in (*_values_in_tables(by_tag, page), *_values_in_text(page)):
        if len(found) >= _MAX_PAIRS:
            break
        if pair.label and pair.value:
            found.append(pair)
    return found


def specs_from_tables(found: Iterable[LabelledValue]) -> dict[str, str]:
    """Return the values that stand in tables and definition lists, by label; the first of equal labels."""
    specs: dict[str, str] = {}
    for pair in found:
        if pair.in_table and len(specs) < _MAX_SPECS and len(pair.label) <= 60 and len(pair.value) <= 400:
            specs.setdefault(pair.label.rstrip(" :："), pair.value)
    return specs


def _values_in_tables(by_tag: Elements, page: PageText) -> Iterator[LabelledValue]:
    for row in by_tag["tr"][:400]:
        cells = [cell for cell in row.iter() if cell.tag in ("th", "td")]
        if len(cells) in (2, 4):
            for label, value in zip(cells[::2], cells[1::2], strict=True):
                yield _labelled_cell(label, value, page)
    for label in by_tag["dt"][:300]:
        sibling = label.next
        while sibling is not None and sibling.tag not in ("dd", "dt"):
            sibling = sibling.next
        if sibling is not None and sibling.tag == "dd":
            yield _labelled_cell(label, sibling, page)
    for item in by_tag["li"][:1500]:
        parts = [part for part in item.iter() if part.tag in ("span", "div", "strong", "b", "p", "label")]
        if (
            len(parts) == 2
            and 2 < len(text_of(parts[0])) <= 40
            and item.css_first("a,button,input,img") is None
        ):
            yield _labelled_cell(parts[0], parts[1], page)


def _labelled_cell(label: LexborNode, value: LexborNode, page: PageText) -> LabelledValue:
    return LabelledValue(text_of(label)[:80], text_of(value)[:400], page.first_run_in(value), in_table=True)


def _values_in_text(page: PageText) -> Iterator[LabelledValue]:
    runs = page.runs
    for run in runs:
        if len(run.text) > 140 or run.place.hidden or run.place.region in ("nav", "footer"):
            continue
        pair = _COLON.match(run.text) if _MARKED.search(run.text) else None
        if pair:
            yield LabelledValue(pair[1], pair[2], run.order)
            continue
        label, _, code = run.text.rpartition(" ") if len(run.text) <= _SHORT else ("", "", "")
        is_code = label and len(label) <= _LABEL and not code.isalpha() and _CODE.fullmatch(code)
        if is_code and is_known(label):
            yield LabelledValue(label, code, run.order)
            continue
        after = runs[run.order + 1] if run.order + 1 < len(runs) else None
        if after is not None and _is_label(run) and len(after.text) <= 80:
            yield LabelledValue(run.text.rstrip(" :：#"), after.text.lstrip(" :："), after.order)


def _is_label(run: TextRun) -> bool:
    if run.text[-1] in _MARKS and _ENDS.match(run.text):
        return True
    return len(run.text) <= _LABEL and not run.place.href and is_known(run.text)


@lru_cache(maxsize=8192)
def is_known(label: str) -> bool:
    """Return whether a label is that of a number, GTIN, brand or material."""
    return _ANY.matches_whole(label)
