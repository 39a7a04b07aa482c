"""Parses HTML, however broken or hostile; the only module that does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from operator import sub

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.nesting import spans_below

#: Elements deeper than this are taken out; browsers stop at 512, real pages stay below 100.
MAX_DEPTH = 256
MAX_ATTRIBUTES = 1000

_TAG = re.compile(r"</?[A-Za-z][\w:-]*")
#: Tags that make no page deep: void ones, and those whose end tag HTML lets out.
_FLAT_TAGS = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd option optgroup tr td th thead tbody tfoot colgroup rt rp html head body".split()
)
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{4000,}")
_CLIMB = 40


def parse_html(html: str) -> LexborHTMLParser:
    """Return the tree of `html`: no text, however broken or hostile, raises or takes quadratic time."""
    return LexborHTMLParser(_bounded_html(html))


def elements_by_tag(tree: LexborHTMLParser, tags: Iterable[str]) -> dict[str, list[LexborNode]]:
    """Return the elements of each of `tags` in document order: one walk, where each selector would take its own."""
    found: dict[str, list[LexborNode]] = {tag: [] for tag in tags}
    root = tree.root
    for node in root.traverse() if root is not None else ():
        if node.tag in found:
            found[node.tag].append(node)
    return found


def text_of(node: LexborNode | None) -> str:
    """Return the text of `node` with runs of white space (non-breaking too) as one space."""
    return normalize_space(node.text(separator=" ")) if node is not None else ""


def short_text(node: LexborNode, longest: int) -> str:
    """Return the text of `node` as `text_of` does; "" where it is longer, without reading all of it."""
    parts: list[str] = []
    left = longest
    for leaf in node.traverse(include_text=True):
        if leaf.tag == "-text" and (text := normalize_space(leaf.text_content or "")):
            parts.append(text)
            left -= len(text)
        if left < 0:
            return ""
    return " ".join(parts)


def normalize_space(text: str) -> str:
    """Return `text` with every run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def attribute(node: LexborNode, name: str) -> str:
    """Return an attribute's value; "" where it is missing or has none."""
    return node.attributes.get(name) or ""


def ancestors(node: LexborNode, limit: int = _CLIMB) -> Iterator[LexborNode]:
    """Yield the elements around `node`, nearest first, `limit` at most."""
    parent = node.parent
    while parent is not None and limit > 0 and parent.tag not in ("html", "-undef", "-document"):
        yield parent
        parent, limit = parent.parent, limit - 1


@lru_cache(maxsize=2)  # several parsers read the same page, one after the other
def _bounded_html(html: str) -> str:
    return _without_deep_tags(_LONG_TAG.sub(_drop_attributes, html))


def _drop_attributes(tag: re.Match[str]) -> str:
    """Take the attributes from a tag that has thousands: lexbor compares each with all before it."""
    parts = tag[0].split(None, MAX_ATTRIBUTES)
    return tag[0] if len(parts) <= MAX_ATTRIBUTES else parts[0]


def _without_deep_tags(html: str) -> str:
    """Take out the tags that nest too deep: lexbor walks up all open elements at each block's start."""
    if _deepest(html) <= MAX_DEPTH:
        return html
    kept: list[str] = []
    last = 0
    for start, end in spans_below(html, MAX_DEPTH):
        kept.append(html[last:start])
        last = end
    return "".join((*kept, html[last:]))


def _deepest(html: str) -> int:
    """Return how deep tags nest at most, where those that close more than is open count for nothing."""
    depths = list(accumulate(map(_Steps().__getitem__, _TAG.findall(html)), initial=0))
    if max(depths) - min(depths) <= MAX_DEPTH:
        return MAX_DEPTH  # as deep at most: no need to know it closer
    lowest = accumulate(depths, min)
    deepest: int = max(map(sub, depths, lowest))
    return deepest


class _Steps(dict[str, int]):
    """What each spelling of a tag adds to the depth, worked out once for a page."""

    def __missing__(self, tag: str) -> int:
        closes = tag.startswith("</")
        step = 0 if tag.strip("</").lower() in _FLAT_TAGS else -1 if closes else 1
        self[tag] = step
        return step
