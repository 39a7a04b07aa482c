"""Where a text stands on a page: hidden, struck, emphasised, linked, in which region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborNode

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
    r"|(?:was|list|regular|original|compare|previous|rrp|full)[-_]?(?:at[-_]?)?price"
)
#: Names by which style sheets take a text out of sight and leave it to screen readers.
_UNDRAWN_CLASS = re.compile("visually-?hidden|sr-only|screen-reader|off-?screen")
#: What is in all names that the two find: most names are told from it, at a third of the cost.
_MEANINGFUL_CLASS = re.compile(
    f"price|old|strike|struck|cross|through|was|rrp|uvp|msrp|before|previous|{_UNDRAWN_CLASS.pattern}"
)


class Place(NamedTuple):
    """Properties of a text that its surrounding elements determine."""

    hidden: bool = False
    struck: bool = False
    maybe_struck: bool = False  # only a class name says so
    strong: int = 0
    region: str = ""
    href: str = ""
    undrawn: bool = False  # not drawn: for screen readers, or for nobody


#: The place of what stands in no element.
OUTSIDE = Place()


class _Traits(NamedTuple):
    """What an element's tag and attributes say of the text within; `role` is the region by its role."""

    hidden: bool = False
    aria_hidden: bool = False
    struck: bool = False
    maybe_struck: bool = False
    strong: int = 0
    region: str = ""
    role: str = ""
    undrawn: bool = False


#: The traits of most elements, and what stands for those that were not read yet.
_PLAIN, _UNKNOWN = _Traits(), _Traits()
#: What matters of an element: its tag, class, style, role, `aria-hidden`, and whether it is `hidden`.
_Key = tuple[str, str | None, str | None, str | None, str | None, bool]


class PlaceReader:
    """Reads the places of one page's texts; `shown` are elements (by `mem_id`) that count as visible."""

    def __init__(self, shown: frozenset[int]) -> None:
        self._shown = shown
        self._traits: dict[_Key, _Traits | None] = {}  # a page has some 300 forms of elements, each ten times

    def place_inside(self, node: LexborNode, tag: str, above: Place) -> Place | None:
        """Return the place of a text in `node`, which stands in `above`; None where it is not for readers."""
        attributes = node.attributes
        if not attributes and tag not in _MEANINGFUL_TAGS:
            return above
        value = attributes.get
        key = tag, value("class"), value("style"), value("role"), value("aria-hidden"), "hidden" in attributes
        traits = self._traits.get(key, _UNKNOWN)
        if traits is _UNKNOWN:
            traits = self._traits[key] = _traits(key)
        if traits is None:
            return None
        href = (value("href") if tag == "a" else "") or above.href
        if traits is not _PLAIN:
            return self._combine(node, traits, above, href)
        if href == above.href:
            return above
        hidden, struck, maybe_struck, strong, region, _, undrawn = above
        return Place(hidden, struck, maybe_struck, strong, region, href, undrawn)

    def _combine(self, node: LexborNode, traits: _Traits, above: Place, href: str) -> Place:
        undrawn = above.undrawn or traits.undrawn
        hidden = above.hidden or traits.hidden or (undrawn and traits.aria_hidden)
        is_region = traits.region != "header" or _is_top(node)
        return Place(
            hidden=above.hidden if hidden and node.mem_id in self._shown else hidden,
            struck=above.struck or traits.struck,
            maybe_struck=above.maybe_struck or traits.maybe_struck,
            strong=max(above.strong, traits.strong),
            region=(traits.region if is_region else "") or traits.role or above.region,
            href=href,
            undrawn=undrawn,
        )


def _traits(key: _Key) -> _Traits | None:
    """Return what an element says of the text within, `_PLAIN` for nothing; None where no text of it is for readers."""
    tag, names, style, role, aria_hidden, hidden = key
    if tag in _NO_TEXT_TAGS:
        return None
    names, style = names or "", style or ""
    is_named = names != "" and _MEANINGFUL_CLASS.search(names.lower()) is not None
    if not (is_named or style or role or aria_hidden or hidden or tag in _MEANINGFUL_TAGS):
        return _PLAIN
    traits = _Traits(
        hidden=hidden or (style != "" and is_hidden_style(style)),
        aria_hidden=aria_hidden == "true",
        struck=tag in _STRUCK or "line-through" in style,
        maybe_struck=is_named and is_struck_class(names),
        strong=_STRONG.get(tag, 0),
        region=_REGIONS.get(tag, ""),
        role=_ROLES.get(role or "", ""),
        undrawn=(is_named and _UNDRAWN_CLASS.search(names.lower()) is not None)
        or (style != "" and (is_white_on_nothing(style) or is_collapsed(style))),
    )
    return _PLAIN if traits == _PLAIN else traits


def _is_top(node: LexborNode) -> bool:
    """Return whether an element stands in the body or in a child of it."""
    parent = node.parent
    return parent is not None and (
        parent.tag == "body" or (parent.parent is not None and parent.parent.tag == "body")
    )


def elements_shown_by_script(headings: Sequence[LexborNode]) -> frozenset[int]:
    """Return the elements (by `mem_id`) around the first main heading that a style hides, where it hides them all.

    Such a page hides its content until its script has run.
    """
    around = [list(ancestors(node)) for node in headings[:_MAX_HEADINGS]]
    if not around or not all(any(map(_waits_for_script, above)) for above in around):
        return frozenset()
    return frozenset(one.mem_id for one in around[0] if _waits_for_script(one))


def _waits_for_script(node: LexborNode) -> bool:
    return _NOT_DISPLAYED.search(node.attributes.get("style") or "") is not None


def is_struck_class(names: str) -> bool:
    """Return whether class names suggest a struck amount, such as `old-price`."""
    return _STRUCK_CLASS.search(names.lower()) is not None


#: Tags that give their text a property.
_MEANINGFUL_TAGS = _STRUCK | _STRONG.keys() | _REGIONS.keys() | _NO_TEXT_TAGS
