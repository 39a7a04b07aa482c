"""Microdata and RDFa as nodes of the same shape as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, text_of
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.json_ld import OTHER_PRODUCTS, Node
from lens_rx.parsing.product.lenient_json import Json

_MAX_ITEMS = 4_000
_LINKS = {"a": "href", "link": "href", "area": "href", "img": "src", "source": "src", "object": "data"}


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What microdata and RDFa call the same things."""

    selector: str
    prop: str
    scope: str
    kind: str


_MICRODATA = _Dialect("[itemprop],[itemscope]", "itemprop", "itemscope", "itemtype")
_RDFA = _Dialect("[property],[typeof]", "property", "typeof", "typeof")


def nodes(document: Document) -> list[Node]:
    """Return every item of the page's microdata, in document order."""
    return _nodes(document, _MICRODATA)


def rdfa_nodes(document: Document) -> list[Node]:
    """Return every typed node of the page's RDFa; OpenGraph's metas have no type and stay out."""
    if document.tree.css_first("[typeof]") is None:
        return []
    return _nodes(document, _RDFA)


def _nodes(document: Document, dialect: _Dialect) -> list[Node]:
    """Fill each item with its properties.

    Some shops close a product's element before its parts: properties outside of every item make an
    untitled product of their own, so that the main one may be completed from it.
    """
    items: dict[int, Node | None] = {}
    stray: Node = {"@type": "Product"}
    for element in document.tree.css(dialect.selector)[:_MAX_ITEMS]:
        attributes = element.attributes
        names = [_local_name(name) for name in (attributes.get(dialect.prop) or "").split()]
        owner = _owner(element, items) if names else None
        item = items[element.mem_id] = (
            _item(attributes, dialect, names) if dialect.scope in attributes else None
        )
        for name in names:
            _add(stray if owner is None else owner, name, _value(element) if item is None else item)
    found = [item for item in items.values() if item is not None]
    return [*found, stray] if len(stray) > 2 and found else found


def _item(attributes: Mapping[str, str | None], dialect: _Dialect, names: list[str]) -> Node:
    """Return an item without its properties; one that stands in a list of things is marked `_listed`."""
    item: Node = {"@type": _type(attributes.get(dialect.kind) or "")}
    if identity := attributes.get("itemid") or attributes.get("resource"):
        item["@id"] = identity
    if any(name in OTHER_PRODUCTS for name in names):
        item["_listed"] = True
    return item


def _owner(element: LexborNode, items: dict[int, Node | None]) -> Node | None:
    for above in ancestors(element):
        if (item := items.get(above.mem_id)) is not None:
            return item
    return None


def _add(item: Node, name: str, value: Json) -> None:
    if value in ("", None):
        return
    before = item.get(name)
    if before is None:
        item[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        item[name] = [before, value]


def _value(element: LexborNode) -> str:
    attributes = element.attributes
    for name in ("content", _LINKS.get(element.tag or "", ""), "datetime", "value"):
        if name and attributes.get(name):
            return str(attributes[name]).strip()
    return text_of(element)[:20_000]


def _type(types: str) -> str:
    return _local_name(types.split(None, 1)[0]) if types.split() else ""


def _local_name(name: str) -> str:
    return name.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]
