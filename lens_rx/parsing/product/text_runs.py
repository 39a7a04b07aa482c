"""The readable text of a page in document order, each run with its place: struck, emphasised, linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.product.text_places import OUTSIDE, Place, PlaceReader, elements_shown_by_script

#: Nodes and runs of text that are looked at; a page of normal size has a tenth of this.
MAX_NODES = 100_000
MAX_RUNS = 20_000

_BUTTONS = ("input", "button")


class TextRun(NamedTuple):
    """One run of text: its words, its number in document order, its element and its place."""

    text: str
    order: int
    node: LexborNode
    place: Place


@dataclass(frozen=True, slots=True)
class PageText:
    """The runs of a page, hidden ones included; `run_numbers` counts the runs before each element (by `mem_id`)."""

    runs: list[TextRun]
    run_numbers: dict[int, int]

    @property
    def visible_runs(self) -> list[TextRun]:
        """The runs that are visible as far as the markup shows."""
        return [run for run in self.runs if not run.place.hidden]

    def first_run_in(self, node: LexborNode) -> int:
        """Return the number of the first run in `node`, or after it."""
        return self.run_numbers.get(node.mem_id, len(self.runs))


def read_page_text(tree: LexborHTMLParser, headings: Sequence[LexborNode]) -> PageText:
    """Return the page's runs of text in document order; button labels in attributes are runs too.

    `headings` are the page's `h1` elements.
    """
    found = PageText([], {})
    root = tree.body or tree.root
    if root is None:
        return found
    reader = PlaceReader(elements_shown_by_script(headings))
    runs, numbers = found.runs, found.run_numbers
    places: dict[int, Place | None] = {}  # by element; None where a text is not for readers
    for node in islice(root.traverse(include_text=True, skip_empty=True), MAX_NODES):
        parent = node.parent
        place = places.get(parent.mem_id, OUTSIDE) if parent is not None else OUTSIDE
        if node.is_text_node:
            if place is not None and parent is not None and (words := (node.text_content or "").split()):
                runs.append(TextRun(" ".join(words), len(runs), parent, place))
        elif (tag := node.tag) is not None:
            number = node.mem_id
            numbers[number] = len(runs)
            inner = places[number] = None if place is None else reader.place_inside(node, tag, place)
            if tag in _BUTTONS:
                _add_button_label(runs, node, inner)
        if len(runs) >= MAX_RUNS:
            break
    return found


def _add_button_label(runs: list[TextRun], node: LexborNode, place: Place | None) -> None:
    attributes = node.attributes
    label = attributes.get("value") if attributes.get("type") in ("submit", "button") else None
    if place is not None and (text := normalize_space(label or attributes.get("aria-label") or "")):
        runs.append(TextRun(text, len(runs), node, place))
