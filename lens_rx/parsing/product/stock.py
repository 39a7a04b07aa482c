"""Whether the visible page says that the thing can be had."""

from __future__ import annotations

import re
from functools import lru_cache

from lens_rx.parsing.html.tree import ancestors
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.landmarks import Landmarks, disabled
from lens_rx.parsing.product.price_texts import names_of
from lens_rx.parsing.product.stock_terms import in_stock, sold_out, tells_when_back
from lens_rx.parsing.product.text_runs import Outline, TextRun
from lens_rx.parsing.product.visible_prices import CLEAR, VisiblePrice

Told = tuple[str | None, str]

#: What says that a thing is sold out and cannot be mistaken: its own button, which cannot be pressed.
DEAD_BUTTON = "disabled button"
#: Runs around the heading in which the whole thing is spoken of.
_BEFORE, _AFTER = 10, 150
#: Runs behind the price in which its thing is spoken of.
_FAR = 60
#: As often as this, "sold out" is said of sizes or colours.
_CHOICES = 3
#: Characters of a text about stock.
_MOST = 90
_OUT_NAME = re.compile(r"(?<![a-z])(?:out-?_?of-?_?stock|sold-?_?out|unavailable)(?![a-z])", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<![a-z])in-?_?stock(?![a-z])", re.IGNORECASE)
#: Class names by which a text waits unseen for its time.
_WAITING = frozenset({"hidden", "hide", "d-none", "is-hidden", "u-hidden", "ng-hide", "display-none", "none", "invisible", "uk-hidden"})  # fmt: skip


def seen_stock(page: Outline, marks: Landmarks, seen: list[VisiblePrice]) -> Told:
    """Return `InStock`, `OutOfStock` or None, and what says so; a button to buy with overrules words.

    `seen` are the page's amounts, best first: words beside another amount speak of another offer.
    """
    if any(marks.related is None or buy < marks.related for buy in marks.buys):
        return "InStock", "buy button"
    near = _near(page, marks)
    if any(disabled(run) and sold_out(run.text) for run in near):
        return "OutOfStock", DEAD_BUTTON
    if _named_around(page, marks):
        return "OutOfStock", "class name"
    own = [run for run in near if not marks.leads_away(run.place.href) and not _of_another(run, seen)]
    if said := _said(own):
        return said
    return ("InStock", "buy button") if marks.buys else _asked(near)


def _said(runs: list[TextRun]) -> Told | None:
    """Return what the words, or else the names, of the runs say: the first of them counts."""
    for says_out, says_in, source in (
        (_says_sold_out, _says_in_stock, "visible text"),
        (_named_sold_out, _named_in_stock, "class name"),
    ):
        out = [run.order for run in runs if says_out(run)]
        had = [run.order for run in runs if says_in(run)]
        if 0 < len(out) < _CHOICES and not (had and had[0] < out[0]):
            return "OutOfStock", source
        if had:
            return "InStock", source
    return None


def _asked(runs: list[TextRun]) -> Told:
    """Return what buttons other than to buy tell: to wait for the thing, or to write to its seller."""
    if any(tells_when_back(run.text) for run in runs):
        return "OutOfStock", "button to wait"
    if any(words.CONTACT.fullmatch(run.text.strip(" .!»›→")) for run in runs):
        return "InStock", "contact button"
    return None, ""


def _says_sold_out(run: TextRun) -> bool:
    return sold_out(run.text)


def _says_in_stock(run: TextRun) -> bool:
    return in_stock(run.text)


def _named_sold_out(run: TextRun) -> bool:
    return _named(names_of(run.node), _OUT_NAME)


def _named_in_stock(run: TextRun) -> bool:
    return _named(names_of(run.node), _IN_NAME)


def _named_around(page: Outline, marks: Landmarks) -> bool:
    """Tell whether an element around the heading goes by the name of what is sold out."""
    if marks.heading is None:
        return False
    return any(_named(names_of(one), _OUT_NAME) for one in ancestors(page.runs[marks.heading].node))


@lru_cache(maxsize=4096)
def _named(names: str, pattern: re.Pattern[str]) -> bool:
    return pattern.search(names) is not None


def _of_another(run: TextRun, seen: list[VisiblePrice]) -> bool:
    """Tell whether a run stands far behind the best amount, or another amount between them."""
    best = seen[0] if seen and seen[0].score >= CLEAR else None
    if best is None or run.order < best.order:
        return False
    between = (one for one in seen if best.order < one.order < run.order)
    return run.order > best.order + _FAR or any(
        one.amount != best.amount and one.score > 0 for one in between
    )


def _near(page: Outline, marks: Landmarks) -> list[TextRun]:
    heading = marks.heading or 0
    end = min(marks.related or len(page.runs), heading + _AFTER)
    return [run for run in page.runs[max(heading - _BEFORE, 0) : end] if _counts(run, marks)]


def _counts(run: TextRun, marks: Landmarks) -> bool:
    """Tell whether a run can speak of the whole thing: short, shown, and in no list of choices or cards."""
    place = run.place
    if place.hidden or place.struck or len(run.text) > _MOST or place.region in ("nav", "footer", "aside"):
        return False
    above = (run.node, *ancestors(run.node, 3))
    if any(one.tag in ("option", "select", "label") or _waits(one.attributes.get("class")) for one in above):
        return False
    return not marks.in_card(run)


def _waits(names: str | None) -> bool:
    return names is not None and not _WAITING.isdisjoint(names.lower().split())
