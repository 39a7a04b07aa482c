"""Whether the visible page says that the thing can be had."""

from __future__ import annotations

import re

from lens_rx.pages.product_sources import words
from lens_rx.pages.product_sources.landmarks import Landmarks, disabled
from lens_rx.pages.product_sources.outline import Outline, Run
from lens_rx.pages.tree import ancestors

#: Runs around the heading in which the whole thing is spoken of.
_BEFORE, _AFTER = 10, 150
#: As often as this, "sold out" is said of sizes or colours.
_CHOICES = 3


def seen_stock(page: Outline, marks: Landmarks) -> tuple[str | None, str]:
    """Return `InStock`, `OutOfStock` or None, and what says so; a button to buy with overrules words."""
    if marks.buys:
        return "InStock", "buy button"
    near = _near(page, marks)
    if any(disabled(run) and _says(run, words.SOLD_OUT) for run in near):
        return "OutOfStock", "buy button"
    sold_out = sum(_says(run, words.SOLD_OUT) for run in near)
    if 0 < sold_out < _CHOICES:
        return "OutOfStock", "visible text"
    if any(_says(run, words.IN_STOCK) for run in near):
        return "InStock", "visible text"
    if any(words.CONTACT.fullmatch(run.text.strip(" .!»›→")) for run in near):
        return "InStock", "contact button"
    return None, ""


def _near(page: Outline, marks: Landmarks) -> list[Run]:
    heading = marks.heading or 0
    end = min(marks.related or len(page.runs), heading + _AFTER)
    return [run for run in page.runs[max(heading - _BEFORE, 0) : end] if _counts(run, marks)]


def _counts(run: Run, marks: Landmarks) -> bool:
    """Tell whether a run can speak of the whole thing: short, shown, and in no list of choices or cards."""
    if (
        run.place.hidden
        or run.place.struck
        or len(run.text) > 90
        or run.place.region in ("nav", "footer", "aside")
    ):
        return False
    if any(one.tag in ("option", "select", "label") for one in (run.node, *ancestors(run.node, 3))):
        return False
    return not marks.in_card(run)


def _says(run: Run, pattern: re.Pattern[str]) -> bool:
    found = pattern.search(run.text)
    return found is not None and len(found[0]) >= 0.35 * len(run.text)
