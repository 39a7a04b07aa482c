"""JSON-LD blocks as a flat list of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lens_rx.parsing.html.tree import attribute
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.lenient_json import Json, loads

Node = dict[str, Json]

_MAX_DEPTH = 12
#: Properties under which other things than the page's own stand.
OTHER_PRODUCTS = frozenset({
    "itemListElement", "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor", "isConsumableFor",
    "hasVariant", "isVariantOf", "review", "itemOffered", "makesOffer", "hasOfferCatalog",
})  # fmt: skip
_MAX_BLOCKS = 300
_MAX_NODES = 5_000


def nodes(document: Document) -> list[Node]:
    """Return every typed node of the page's JSON-LD, outermost first, with `@id` references resolved."""
    found: list[Node] = []
    scripts = (node for node in document.by_tag["script"] if "ld+json" in attribute(node, "type").lower())
    for script in islice(scripts, _MAX_BLOCKS):
        for node in _walk(loads(script.text()), 0, listed=False):
            found.append(node)
            if len(found) >= _MAX_NODES:
                return found
    return _resolved(found)


def _walk(value: Json, depth: int, *, listed: bool) -> Iterator[Node]:
    """Yield the nodes in `value`; those of a list of things, or of things related, are marked `_listed`."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth, listed=listed)
    elif isinstance(value, dict):
        for key in [key for key in value if key[:1].isupper()]:
            value.setdefault(f"{key[0].lower()}{key[1:]}", value.pop(key))
        if "@type" in value or "@id" in value or "offers" in value:
            if listed:
                value["_listed"] = True
            yield value
        for key, part in list(value.items()):
            if isinstance(part, dict | list):
                yield from _walk(part, depth + 1, listed=listed or key in OTHER_PRODUCTS)


def _resolved(found: list[Node]) -> list[Node]:
    """Put the node in the place of a mere reference to it (`{"@id": …}` and nothing else)."""
    known: dict[str, Node] = {}
    for node in found:
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > 1:
            known.setdefault(identity, node)
    for node in found:
        for key, value in node.items():
            if isinstance(value, dict) and len(value) == 1 and value.get("@id") in known:
                node[key] = known[str(value["@id"])]
    return [node for node in found if len(node) > 1]
