"""Whether the visible page says that the thing can be had."""

from __future__ import annotations

from lens_rx.pages.product_sources import words
from lens_rx.pages.product_sources.landmarks import Landmarks
from lens_rx.pages.product_sources.outline import Outline, Run
from lens_rx.pages.tree import ancestors


def seen_stock(page: Outline, marks: Landmarks) -> tuple[str | None, str]:
    """Return `InStock`, `OutOfStock` or None, and what says so."""
    start = (marks.heading or 0) - 10
    end = min(marks.related or len(page.runs), (marks.heading or 0) + 150)
    near = [run for run in page.runs[max(start, 0) : end] if _counts(run, marks)]
    if not marks.buys and any(_says(run, words.SOLD_OUT) for run in near):
        return "OutOfStock", "visible text"
    if marks.buys:
        return "InStock", "buy button"
    if any(_says(run, words.IN_STOCK) for run in near):
        return "InStock", "visible text"
    return None, ""


def _counts(run: Run, marks: Landmarks) -> bool:
    """Tell whether a run can speak of the whole thing: short, shown, and in no list of choices or cards."""
    if run.place.hidden or run.place.struck or len(run.text) > 90 or run.place.region in ("nav", "footer", "aside"):
        return False
    if any(one.tag in ("option", "select", "label") for one in (run.node, *ancestors(run.node, 3))):
        return False
    return not marks.in_card(run)


def _says(run: Run, pattern: object) -> bool:
    text = run.text
    found = pattern.search(text)  # type: ignore[attr-defined]
    return found is not None and len(found[0]) >= 0.35 * len(text)
