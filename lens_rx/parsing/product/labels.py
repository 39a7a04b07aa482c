"""Labelled values of the visible page: tables, definition lists, "label: value", and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import text_of
from lens_rx.parsing.product.text_runs import Outline, TextRun
from lens_rx.parsing.terms import load_terms

_MAX_PAIRS = 600
_MAX_SPECS = 80
_COLON = re.compile(r"^([^:：#№]{2,40}?)\s*(?:[:：]|#|№|n[°º]\.?)\s*(\S.{0,200})$", re.IGNORECASE)
#: A code behind a label with nothing but a blank between, and how long the two are at most.
_CODE = re.compile(r"(?=\S*\d)[\w./-]{3,30}")
_SHORT = 60
#: Characters of a label that no colon marks.
_LABEL = 30
_MARKS = frozenset(":：#№°.")
_MARKED = re.compile(f"[{''.join(sorted(_MARKS))}]")
_ENDS = re.compile(r"^(.{2,40}?)\s*[:：#]\s*$")


def _label_pattern(kind: str) -> re.Pattern[str]:
    entries = load_terms("lens_rx.parsing.product", "labels", kind)
    return re.compile(rf"^\W*(?:{'|'.join(entries)})\W*$", re.IGNORECASE)


SKU = _label_pattern("product number")
GTIN = _label_pattern("gtin")
BRAND = _label_pattern("brand")
MATERIAL = _label_pattern("material")
_ANY = re.compile("|".join(f"(?:{kind.pattern})" for kind in (SKU, GTIN, BRAND, MATERIAL)), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value, with the number of the run where the value stands."""

    label: str
    value: str
    order: int
    tabled: bool = False


def pairs(tree: LexborHTMLParser, page: Outline) -> list[Pair]:
    """Return the labelled values of a page: those of tables and lists first, then those of running text."""
    found: list[Pair] = []
    for pair in (*_tabled(tree, page), *_spoken(page)):
        if len(found) >= _MAX_PAIRS:
            break
        if pair.label and pair.value:
            found.append(pair)
    return found


def specs(found: Iterable[Pair]) -> dict[str, str]:
    """Return the values that stand in tables and definition lists, by label; the first of equal labels."""
    kept: dict[str, str] = {}
    for pair in found:
        if pair.tabled and len(kept) < _MAX_SPECS and len(pair.label) <= 60 and len(pair.value) <= 400:
            kept.setdefault(pair.label.rstrip(" :："), pair.value)
    return kept


def _tabled(tree: LexborHTMLParser, page: Outline) -> Iterator[Pair]:
    for row in tree.css("tr")[:400]:
        cells = [cell for cell in row.iter() if cell.tag in ("th", "td")]
        if len(cells) in (2, 4):
            for label, value in zip(cells[::2], cells[1::2], strict=True):
                yield _pair(label, value, page)
    for label in tree.css("dt")[:300]:
        told = label.next
        while told is not None and told.tag not in ("dd", "dt"):
            told = told.next
        if told is not None and told.tag == "dd":
            yield _pair(label, told, page)
    for item in tree.css("li")[:1500]:
        parts = [part for part in item.iter() if part.tag in ("span", "div", "strong", "b", "p", "label")]
        if (
            len(parts) == 2
            and 2 < len(text_of(parts[0])) <= 40
            and item.css_first("a,button,input,img") is None
        ):
            yield _pair(parts[0], parts[1], page)


def _pair(label: LexborNode, value: LexborNode, page: Outline) -> Pair:
    return Pair(text_of(label)[:80], text_of(value)[:400], page.order_of(value), tabled=True)


def _spoken(page: Outline) -> Iterator[Pair]:
    runs = page.runs
    for run in runs:
        if len(run.text) > 140 or run.place.hidden or run.place.region in ("nav", "footer"):
            continue
        said = _COLON.match(run.text) if _MARKED.search(run.text) else None
        if said:
            yield Pair(said[1], said[2], run.order)
            continue
        label, _, code = run.text.rpartition(" ") if len(run.text) <= _SHORT else ("", "", "")
        if label and _CODE.fullmatch(code) and len(label) <= _LABEL and _is_known(label):
            yield Pair(label, code, run.order)
            continue
        after = runs[run.order + 1] if run.order + 1 < len(runs) else None
        if after is not None and _is_label(run) and len(after.text) <= 80:
            yield Pair(run.text.rstrip(" :：#"), after.text.lstrip(" :："), after.order)


def _is_label(run: TextRun) -> bool:
    if run.text[-1] in _MARKS and _ENDS.match(run.text):
        return True
    return len(run.text) <= _LABEL and not run.place.href and _is_known(run.text)


@lru_cache(maxsize=8192)
def _is_known(label: str) -> bool:
    return _ANY.match(label) is not None
