"""Where a text stands on a page: hidden, struck, emphasised, linked, in which region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.hidden_style import is_collapsed, is_hidden_style, is_white_on_nothing
from lens_rx.parsing.html.tree import ancestors

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
_MAX_HEADINGS = 8
_NOT_DISPLAYED = re.compile(r"(?<![\w-])display\s*:\s*none", re.IGNORECASE)
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


class PlaceIndex:
    """The places within a page's elements by `mem_id`; elements with equal properties share one place.

    Links are stored separately, as nearly each has its own target. `shown` are elements that count as visible.
    """

    def __init__(self, shown: frozenset[int] = frozenset()) -> None:
        self._shown = shown
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
                above.maybe_struck or is_struck_class(names),
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
        place = None if tag in _NO_TEXT_TAGS else _place_inside(node, tag, attributes, above)
        if place is not None and node.mem_id in self._shown:
            return place._replace(hidden=above.hidden)
        self._cache[key] = place
        return place


def elements_shown_by_script(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the elements (by `mem_id`) around the first main heading that a style hides, where it hides them all.

    Such a page hides its content until its script has run.
    """
    around = [list(ancestors(node)) for node in tree.css("h1")[:_MAX_HEADINGS]]
    if not around or not all(any(map(_waits_for_script, above)) for above in around):
        return frozenset()
    return frozenset(one.mem_id for one in around[0] if _waits_for_script(one))


def _waits_for_script(node: LexborNode) -> bool:
    return _NOT_DISPLAYED.search(node.attributes.get("style") or "") is not None


def _is_hidden(attributes: Attributes) -> bool:
    return "hidden" in attributes or is_hidden_style(attributes.get("style") or "")


def _place_inside(node: LexborNode, tag: str, attributes: Attributes, above: Place) -> Place:
    style, names = attributes.get("style") or "", attributes.get("class") or ""
    undrawn = above.undrawn or _is_undrawn_class(names) or is_white_on_nothing(style) or is_collapsed(style)
    aria_hidden = attributes.get("aria-hidden") == "true"
    place = Place(
        hidden=above.hidden or _is_hidden(attributes) or (undrawn and aria_hidden),
        struck=above.struck or tag in _STRUCK or "line-through" in style,
        maybe_struck=above.maybe_struck or is_struck_class(names),
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
def _is_undrawn_class(names: str) -> bool:
    lowered = names.lower()
    return any(part in lowered for part in _UNDRAWN_PARTS)


@lru_cache(maxsize=4096)
def is_struck_class(names: str) -> bool:
    """Return whether class names suggest a struck amount, such as `old-price`."""
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
#: Tags that give their text a property.
_MEANINGFUL_TAGS = _STRUCK | _STRONG.keys() | _REGIONS.keys() | _NO_TEXT_TAGS
#: Elements in which no text stands.
VOID_TAGS = frozenset({"img", "br", "hr", "link", "meta", "source", "wbr", "path", "use", "area", "col"})
_MEANINGFUL_ATTRIBUTES = frozenset({"hidden", "style", "role", "aria-hidden"})
