"""Price texts of the visible page: found in runs, or put together from the parts of a small element."""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute, text_of
from lens_rx.parsing.product.money_text import find_money, is_currency
from lens_rx.parsing.product.text_runs import PageText, TextRun

#: Characters of a text that may be a price and little else.
SHORT = 48

_DIGITS = re.compile(r"\d")
_BARE = re.compile(r"(?:from|ab|od|от|à partir de|desde)?\s*\d[\d.,'’ \u00a0\u202f]*(?:[-–—]{1,2})?")
_SET_OFF = re.compile(r"\s+[-–—|·•:]\s+")
_MAIN_HEADING = 3
_TWO_DIGITS = re.compile(r"\d{2}(?!\d)")
#: An amount without decimals at the end of a text: a sign, groups of three digits at most.
_WHOLE = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:[., \u00a0\u202f]?\d{3})*$")
_PRICE_NAME = re.compile(
    r"price|prix|preis|precio|preco|prezzo|prijs|cena|cijena|pris(?![a-z])|hinta|fiyat|цен|amount",
    re.IGNORECASE,
)


class PriceText(NamedTuple):
    """A text that may state a price, its element, and the numbers of its first and last run."""

    text: str
    node: LexborNode
    first: int
    last: int


def find_price_text(run: TextRun, page: PageText, done: set[int]) -> PriceText | None:
    """Return the price text that a run with a digit is part of, None where it is part of none.

    It is the run itself, the run and a currency beside it, or a small element made of several runs;
    `done` remembers such elements, so that each of them is read once.
    """
    if find_money(run.text):
        return _with_cents(run, page) or PriceText(_price_of_heading(run), run.node, run.order, run.order)
    if len(run.text) > 20 or not _BARE.fullmatch(run.text):
        return None
    if (
        run.order
        and find_money(page.runs[run.order - 1].text)
        and _cents_after(page.runs[run.order - 1], page)
    ):
        return None
    return _beside_currency(run, page) or _in_element(run, page, done)


def _price_of_heading(run: TextRun) -> str:
    """Return a run's text, or the price alone where a main heading holds it after a separator."""
    if run.place.strong < _MAIN_HEADING:
        return run.text
    parts = [part for part in _SET_OFF.split(run.text) if find_money(part)]
    alone = [part for part in parts if find_money(part)[0] == part.strip()]
    return alone[0] if len(parts) == len(alone) == 1 else run.text


def _beside_currency(run: TextRun, page: PageText) -> PriceText | None:
    at = run.order
    if _TWO_DIGITS.fullmatch(run.text) and _is_raised(run.node):
        return None
    before = at > 0 and is_currency(page.runs[at - 1].text, behind=False)
    after = at + 1 < len(page.runs) and is_currency(page.runs[at + 1].text, behind=True)
    if before and not _signs_follow(page, at):
        cents = _raised_cents(run, page)
        text = f"{page.runs[at - 1].text} {run.text}{cents}"
        return PriceText(text, run.node, at - 1, at + 1 if cents else at)
    return PriceText(f"{run.text} {page.runs[at + 1].text}", run.node, at, at + 1) if after else None


def _signs_follow(page: PageText, at: int) -> bool:
    """Return whether each currency sign belongs to the number before it, where numbers and signs alternate up to `at`."""
    while (
        at > 1
        and is_currency(page.runs[at - 1].text, behind=False)
        and _BARE.fullmatch(page.runs[at - 2].text)
    ):
        at -= 2
    return not (at > 0 and is_currency(page.runs[at - 1].text, behind=False))


def _in_element(run: TextRun, page: PageText, done: set[int]) -> PriceText | None:
    bare: PriceText | None = None
    for above in (run.node, *ancestors(run.node, 4)):
        text = text_of(above)
        if len(text) > SHORT:
            break
        if above.mem_id in done:
            return None
        if find_money(text):
            done.add(above.mem_id)
            return _join_runs(above, page)
        if bare is None and is_price_name(element_names(above)) and _BARE.fullmatch(text):
            bare = PriceText(text, above, run.order, run.order)
    return bare


def _with_cents(run: TextRun, page: PageText) -> PriceText | None:
    """Return a price whose cents stand in the next element, put together."""
    if (cents := _cents_after(run, page)) is not None:
        mark = "," if "." in run.text else "."
        return PriceText(f"{run.text}{mark}{cents}", run.node, run.order, run.order + 1)
    after = run.node.next
    if after is None or run.node.parent is None or after.tag not in ("sup", "small", "span"):
        return None
    whole = _join_runs(run.node.parent, page) if _TWO_DIGITS.match(text_of(after)) else None
    return whole if whole is not None and len(whole.text) <= SHORT else None


def _cents_after(run: TextRun, page: PageText) -> str | None:
    """Return the two digits that follow an amount without decimals in an element of their own beside it."""
    if run.order + 1 >= len(page.runs) or not _WHOLE.search(run.text):
        return None
    after = page.runs[run.order + 1]
    outer = after.node.parent
    if not _TWO_DIGITS.fullmatch(after.text) or outer is None:
        return None
    inner = run.node.parent
    beside = outer.mem_id in (run.node.mem_id, inner.mem_id if inner is not None else 0)
    return after.text if beside and len(text_of(outer)) <= SHORT else None


def _raised_cents(run: TextRun, page: PageText) -> str:
    """Return the cents that stand raised behind a number, with a decimal mark before them; "" where none do."""
    cents = _cents_after(run, page)
    if cents is None or not _is_raised(page.runs[run.order + 1].node):
        return ""
    return f"{',' if '.' in run.text else '.'}{cents}"


def _join_runs(node: LexborNode, page: PageText) -> PriceText | None:
    """Join the runs of a small element: struck ones left out, raised cents set off by a decimal mark."""
    text = ""
    first = last = page.first_run_in(node)
    for run in page.runs[first : first + 12]:
        if run.node.mem_id != node.mem_id and all(
            one.mem_id != node.mem_id for one in ancestors(run.node, 5)
        ):
            break
        last = run.order
        if run.place.struck:
            continue
        if text and text[-1].isdigit() and _TWO_DIGITS.fullmatch(run.text) and _is_raised(run.node):
            text += f"{',' if '.' in text else '.'}{run.text}"
        else:
            text += run.text if not text or _joins(text, run.text) else f" {run.text}"
    return PriceText(text, node, first, last) if text else None


def _joins(before: str, after: str) -> bool:
    return after[0] in ".,-–" or (before[-1] in ".," and after[0].isdigit())


def _is_raised(node: LexborNode) -> bool:
    return node.tag in ("sup", "small", "sub") or bool(
        re.search(
            r"cent|decimal|fraction|kop|groszy|haler|sup|small|penny|pence|minor",
            attribute(node, "class"),
            re.IGNORECASE,
        )
    )


def is_price_name(names: str) -> bool:
    """Return whether an element's names suggest that it holds a price."""
    return _PRICE_NAME.search(names) is not None


def element_names(node: LexborNode) -> str:
    """Return the names that an element goes by: a hint, never a proof."""
    return f"{attribute(node, 'class')} {attribute(node, 'id')} {attribute(node, 'itemprop')}"
