"""The hosts that a page names as its own site's: its canonical address, its other languages, its organisation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import attribute
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.product import json_ld
from lens_rx.parsing.product.document import Document, document_from_html
from lens_rx.parsing.product.lenient_json import Json
from lens_rx.parsing.product.schema_org import is_organization

_MAX_LINKS = 100


def claimed_hosts(html: str, url: str) -> frozenset[str]:
    """Return the hosts that a page says belong to its site, its own where it says so; never raises."""
    document = document_from_html(html, url)
    links = (document.link(target) for target in _claims(document) if target)
    return frozenset(host for link in links if (host := host_of(link)))


def _claims(document: Document) -> Iterator[str]:
    for node in islice(filter(_names_site, document.by_tag["link"]), _MAX_LINKS):
        yield attribute(node, "href")
    addresses = (node for node in document.by_tag["meta"] if attribute(node, "property") == "og:url")
    yield from (attribute(node, "content") for node in islice(addresses, 1))
    for found in json_ld.nodes(document):
        if is_organization(found):
            yield from _texts(found.get("url"))
            yield from _texts(found.get("sameAs"))


def _names_site(link: LexborNode) -> bool:
    """Return whether a link leads to the page's own address, or to the page in another language."""
    kind = attribute(link, "rel").lower()
    return kind == "canonical" or (kind == "alternate" and "hreflang" in link.attributes)


def _texts(value: Json) -> Iterator[str]:
    """Yield a text, or the texts of a list."""
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str):
            yield text
