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

_SILENT = frozenset(
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


Said = Mapping[str, str | None]


class Place(NamedTuple):
    """What the elements around a text say of it."""

    hidden: bool = False
    struck: bool = False
    maybe_struck: bool = False  # only a class name says so
    strong: int = 0
    region: str = ""
    href: str = ""
    unread: bool = False  # not drawn: for screen readers, or for nobody


class TextRun(NamedTuple):
    """One run of text: its words, its number in document order, its element and its place."""

    text: str
    order: int
    node: LexborNode
    place: Place


@dataclass(frozen=True, slots=True)
class Outline:
    """The runs of a page, hidden ones included; `marks` counts the runs before each element (by `mem_id`)."""

    runs: list[TextRun]
    marks: dict[int, int]

    @property
    def visible(self) -> list[TextRun]:
        """The runs that a reader sees, as far as the markup tells."""
        return [run for run in self.runs if not run.place.hidden]

    def order_of(self, node: LexborNode) -> int:
        """Return the number of the first run in `node`, or after it."""
        return self.marks.get(node.mem_id, len(self.runs))


def outline(tree: LexborHTMLParser) -> Outline:
    """Return the page's runs of text in document order; button labels in attributes are runs too."""
    found = Outline([], {})
    root = tree.body or tree.root
    if root is None:
        return found
    places = _Places()
    runs, marks = found.runs, found.marks
    for node in islice(root.traverse(include_text=True, skip_empty=True), MAX_NODES):
        parent = node.parent
        outer = parent.mem_id if parent is not None else 0
        if node.is_text_node:
            place = places.of_text(outer)
            if place is not None and parent is not None and (words := (node.text_content or "").split()):
                runs.append(TextRun(" ".join(words), len(runs), parent, place))
        elif node.is_element_node:
            number, tag = node.mem_id, node.tag or ""
            marks[number] = len(runs)
            if tag not in _EMPTY:
                places.enter(node, number, tag, outer)
            if tag in _BUTTONS:
                _add_label(runs, node, places.of_text(number))
        if len(runs) >= MAX_RUNS:
            break
    return found


def _add_label(runs: list[TextRun], node: LexborNode, place: Place | None) -> None:
    said = node.attributes
    label = said.get("value") if said.get("type") in ("submit", "button") else None
    if place is not None and (text := normalize_space(label or said.get("aria-label") or "")):
        runs.append(TextRun(text, len(runs), node, place))


class _Places:
    """The places within a page's elements, by `mem_id`: elements that say the same share one, found once.

    Links are kept apart, as nearly each of them leads elsewhere.
    """

    def __init__(self) -> None:
        self._inside: dict[int, Place | None] = {}
        self._links: dict[int, str] = {}
        self._known: dict[tuple[object, ...], Place | None] = {}

    def of_text(self, outer: int) -> Place | None:
        """Return the place of a text in the element `outer`, None where it is not for readers."""
        place = self._inside.get(outer, _OUTSIDE)
        href = self._links.get(outer)
        if place is None or href is None:
            return place
        hidden, struck, maybe_struck, strong, region, _, unread = place
        return Place(hidden, struck, maybe_struck, strong, region, href, unread)

    def enter(self, node: LexborNode, number: int, tag: str, outer: int) -> None:
        """Keep the place within `node`, which stands in the element `outer`."""
        above, href, said = self._inside.get(outer, _OUTSIDE), self._links.get(outer), node.attributes
        if above is None:
            place = None
        elif tag in _TELLING or not _TELLING_ATTRIBUTES.isdisjoint(said):
            place = self._told(node, tag, said, above)
        else:
            place = self._named(above, said["class"] or "") if "class" in said else above
        self._inside[number] = place
        if tag == "a":
            href = said.get("href") or href
        if href is not None:
            self._links[number] = href

    def _named(self, above: Place, names: str) -> Place:
        """Return the place in an element of which only its class may say something."""
        key = id(above), names
        place = self._known.get(key)
        if place is None:
            struck, unread = above.maybe_struck or _sounds_struck(names), above.unread or _undrawn(names)
            same = (struck, unread) == (above.maybe_struck, above.unread)
            place = self._known[key] = above if same else above._replace(maybe_struck=struck, unread=unread)
        return place

    def _told(self, node: LexborNode, tag: str, said: Said, above: Place) -> Place | None:
        """Return the place in an element whose tag or attributes speak of more than class and link."""
        told = said.get
        key = (
            id(above),
            tag,
            "hidden" in said,
            told("class"),
            told("style"),
            told("role"),
            told("aria-hidden"),
        )
        if key in self._known and tag != "header":
            return self._known[key]
        place = self._known[key] = None if tag in _SILENT else _inside(node, tag, said, above)
        return place


def _inside(node: LexborNode, tag: str, said: Said, above: Place) -> Place:
    style, names = said.get("style") or "", said.get("class") or ""
    unread = above.unread or _undrawn(names)
    unheard = said.get("aria-hidden") == "true"
    place = Place(
        hidden=above.hidden or "hidden" in said or _hides(style) or (unread and unheard),
        struck=above.struck or tag in _STRUCK or "line-through" in style,
        maybe_struck=above.maybe_struck or _sounds_struck(names),
        strong=max(above.strong, _STRONG.get(tag, 0)),
        region=_region(node, tag) or _ROLES.get(said.get("role") or "") or above.region,
        unread=unread,
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
def _hides(style: str) -> bool:
    return bool(style) and _HIDDEN_STYLE.search(style) is not None


@lru_cache(maxsize=4096)
def _undrawn(names: str) -> bool:
    folded = names.lower()
    return any(part in folded for part in _UNDRAWN_PARTS)


@lru_cache(maxsize=4096)
def _sounds_struck(names: str) -> bool:
    folded = names.lower()  # most names are told from these at once, at a tenth of the pattern's cost
    return any(part in folded for part in _STRUCK_PARTS) and _STRUCK_CLASS.search(folded) is not None


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
#: Elements that say something of their text by their tag.
_TELLING = _STRUCK | _STRONG.keys() | _REGIONS.keys() | _SILENT
#: Elements in which no text stands.
_EMPTY = frozenset({"img", "br", "hr", "link", "meta", "source", "wbr", "path", "use", "area", "col"})
_TELLING_ATTRIBUTES = frozenset({"hidden", "style", "role", "aria-hidden"})
