"""The readable text of a page in document order, each run with its place: struck, emphasised, linked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import normalize_space

#: Nodes and runs of text that are looked at; a page of normal size has a tenth of this.
MAX_NODES = 100_000
MAX_RUNS = 20_000

_NO_TEXT_TAGS = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "object", "head", "select", "textarea"}
)
_STRUCK = frozenset({"del", "s", "strike"})
_STRONG = {"h1": 3, "h2": 2, "h3": 2, "strong": 1, "b": 1, "big": 1}
_REGIONS = {"nav": "nav", "footer": "footer", "aside": "aside", "header": "header", "main": "main"}
_ROLES = {
    "navigation": "nav",
    "contentinfo": "footer",
    "complementary": "aside",
    "banner": "header",
    "main": "main",
}
_HIDDEN_STYLE = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,})",
    re.IGNORECASE,
)
_STRUCK_CLASS = re.compile(
    r"strike|struck|crossed|line-?through|(?<![a-z])(?:old|was|rrp|uvp|msrp|before|previous)(?![a-z])"
    r"|old-?_?price|price-?_?old"
    r"|price[-_]?(?:before|was|compare|list|regular|original|rrp|full)"
    r"|(?:was|list|regular|original|compare|previous|rrp|full)[-_]?(?:at[-_]?)?price",
    re.IGNORECASE,
)


Attributes = Mapping[str, str | None]


class Place(NamedTuple):
    """Properties of a text that its surrounding elements determine."""

    hidden: bool = False
    struck: bool = False
    maybe_struck: bool = False  # only a class name says so
    strong: int = 0
    region: str = ""
    href: str = ""
    undrawn: bool = False  # not drawn: for screen readers, or for nobody


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


def read_page_text(tree: LexborHTMLParser) -> PageText:
    """Return the page's runs of text in document order; button labels in attributes are runs too."""
    found = PageText([], {})
    root = tree.body or tree.root
    if root is None:
        return found
    places = _Places()
    runs, numbers = found.runs, found.run_numbers
    for node in islice(root.traverse(include_text=True, skip_empty=True), MAX_NODES):
        parent = node.parent
        outer = parent.mem_id if parent is not None else 0
        if node.is_text_node:
            place = places.place_of_text(outer)
            if place is not None and parent is not None and (words := (node.text_content or "").split()):
                runs.append(TextRun(" ".join(words), len(runs), parent, place))
        elif node.is_element_node:
            number, tag = node.mem_id, node.tag or ""
            numbers[number] = len(runs)
            if tag not in _EMPTY:
                places.enter(node, number, tag, outer)
            if tag in _BUTTONS:
                _add_button_label(runs, node, places.place_of_text(number))
        if len(runs) >= MAX_RUNS:
            break
    return found


def _add_button_label(runs: list[TextRun], node: LexborNode, place: Place | None) -> None:
    attributes = node.attributes
    label = attributes.get("value") if attributes.get("type") in ("submit", "button") else None
    if place is not None and (text := normalize_space(label or attributes.get("aria-label") or "")):
        runs.append(TextRun(text, len(runs), node, place))


class _Places:
    """The places within a page's elements by `mem_id`; elements with equal properties share one place.

    Links are stored separately, as nearly each has its own target.
    """

    def __init__(self) -> None:
        self._by_element: dict[int, Place | None] = {}
        self._links: dict[int, str] = {}
        self._cache: dict[tuple[object, ...], Place | None] = {}

    def place_of_text(self, outer: int) -> Place | None:
        """Return the place of a text in the element `outer`, None where it is not for readers."""
        place = self._by_element.get(outer, _OUTSIDE)
        href = self._links.get(outer)
        if place is None or href is None:
            return place
        hidden, struck, maybe_struck, strong, region, _, undrawn = place
        return Place(hidden, struck, maybe_struck, strong, region, href, undrawn)

    def enter(self, node: LexborNode, number: int, tag: str, outer: int) -> None:
        """Keep the place within `node`, which stands in the element `outer`."""
        above, href, attributes = (
            self._by_element.get(outer, _OUTSIDE),
            self._links.get(outer),
            node.attributes,
        )
        if above is None:
            place = None
        elif tag in _MEANINGFUL_TAGS or not _MEANINGFUL_ATTRIBUTES.isdisjoint(attributes):
            place = self._place_by_attributes(node, tag, attributes, above)
        else:
            place = self._place_by_class(above, attributes["class"] or "") if "class" in attributes else above
        self._by_element[number] = place
        if tag == "a":
            href = attributes.get("href") or href
        if href is not None:
            self._links[number] = href

    def _place_by_class(self, above: Place, names: str) -> Place:
        """Return the place in an element of which only the class matters."""
        key = id(above), names
        place = self._cache.get(key)
        if place is None:
            struck, undrawn = (
                above.maybe_struck or _is_struck_class(names),
                above.undrawn or _is_undrawn_class(names),
            )
            same = (struck, undrawn) == (above.maybe_struck, above.undrawn)
            place = self._cache[key] = above if same else above._replace(maybe_struck=struck, undrawn=undrawn)
        return place

    def _place_by_attributes(
        self, node: LexborNode, tag: str, attributes: Attributes, above: Place
    ) -> Place | None:
        """Return the place in an element of which the tag or other attributes than class and link matter."""
        value = attributes.get
        key = (
            id(above),
            tag,
            "hidden" in attributes,
            value("class"),
            value("style"),
            value("role"),
            value("aria-hidden"),
        )
        if key in self._cache and tag != "header":
            return self._cache[key]
        place = self._cache[key] = (
            None if tag in _NO_TEXT_TAGS else _place_inside(node, tag, attributes, above)
        )
        return place


def _place_inside(node: LexborNode, tag: str, attributes: Attributes, above: Place) -> Place:
    style, names = attributes.get("style") or "", attributes.get("class") or ""
    undrawn = above.undrawn or _is_undrawn_class(names)
    aria_hidden = attributes.get("aria-hidden") == "true"
    place = Place(
        hidden=above.hidden or "hidden" in attributes or _is_hidden_style(style) or (undrawn and aria_hidden),
        struck=above.struck or tag in _STRUCK or "line-through" in style,
        maybe_struck=above.maybe_struck or _is_struck_class(names),
        strong=max(above.strong, _STRONG.get(tag, 0)),
        region=_region(node, tag) or _ROLES.get(attributes.get("role") or "") or above.region,
        undrawn=undrawn,
    )
    return above if place == above else place


def _region(node: LexborNode, tag: str) -> str:
    """Return the region an element opens; a header counts only where it is the whole page's."""
    if tag != "header":
        return _REGIONS.get(tag, "")
    parent = node.parent
    top = parent is not None and (
        parent.tag == "body" or (parent.parent is not None and parent.parent.tag == "body")
    )
    return "header" if top else ""


@lru_cache(maxsize=4096)
def _is_hidden_style(style: str) -> bool:
    return bool(style) and _HIDDEN_STYLE.search(style) is not None


@lru_cache(maxsize=4096)
def _is_undrawn_class(names: str) -> bool:
    lowered = names.lower()
    return any(part in lowered for part in _UNDRAWN_PARTS)


@lru_cache(maxsize=4096)
def _is_struck_class(names: str) -> bool:
    lowered = names.lower()  # most names are told from these at once, at a tenth of the pattern's cost
    return any(part in lowered for part in _STRUCK_PARTS) and _STRUCK_CLASS.search(lowered) is not None


_OUTSIDE = Place()
_STRUCK_PARTS = (
    "price",
    "old",
    "strike",
    "struck",
    "cross",
    "through",
    "was",
    "rrp",
    "uvp",
    "before",
    "previous",
)
#: Names by which style sheets take a text out of sight and leave it to screen readers.
_UNDRAWN_PARTS = ("visually-hidden", "visuallyhidden", "sr-only", "screen-reader", "offscreen", "off-screen")
_BUTTONS = ("input", "button")
#: Tags that give their text a property.
_MEANINGFUL_TAGS = _STRUCK | _STRONG.keys() | _REGIONS.keys() | _NO_TEXT_TAGS
#: Elements in which no text stands.
_EMPTY = frozenset({"img", "br", "hr", "link", "meta", "source", "wbr", "path", "use", "area", "col"})
_MEANINGFUL_ATTRIBUTES = frozenset({"hidden", "style", "role", "aria-hidden"})
