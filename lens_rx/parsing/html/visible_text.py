"""The visible text of a page, for a language model."""

from __future__ import annotations

from lens_rx.facts import PageSnapshot
from lens_rx.parsing.html.tree import normalize_space, parse_html
from lens_rx.parsing.product.document import truncate_html
from lens_rx.parsing.product.text_runs import read_page_text

#: Characters that a model is given of a page.
MAX_TEXT = 12_000
#: Texts smaller than this are not meant to be read.
_LEGIBLE_PX = 5


def text_for_model(html: str, *, snapshot: PageSnapshot | None = None, limit: int = MAX_TEXT) -> str:
    """Return at most `limit` characters of what a reader sees, one run of text a line.

    Text that markup or rendering hides is left out, since no reader sees it. Struck
    texts stand in `~~`, menus and footers are dropped. Never raises.
    """
    lines = _rendered(snapshot) if snapshot is not None and snapshot.boxes else _marked_up(html)
    text = ""
    for line in lines:
        if len(text) + len(line) >= limit:
            break
        text += f"{line}\n"
    return text.rstrip()


def _rendered(snapshot: PageSnapshot) -> list[str]:
    """Return the lines that were drawn within the page and large enough to be read."""
    return [
        f"~~{normalize_space(box.text)}~~" if box.struck else normalize_space(box.text)
        for box in snapshot.boxes
        if box.width > 1
        and box.height > 1
        and box.font_px >= _LEGIBLE_PX
        and box.left + box.width > 0
        and box.top >= 0
    ]


def _marked_up(html: str) -> list[str]:
    tree = parse_html(truncate_html(html))
    runs = read_page_text(tree, tree.css("h1")).visible_runs
    read = (run for run in runs if not run.place.undrawn)
    kept = (run for run in read if run.place.region not in ("nav", "footer", "header"))
    return [f"~~{run.text}~~" if run.place.struck else run.text for run in kept]
