"""The results of a Google search page, by role and position, never by class names (they rotate)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.facts import SearchResult
from lens_rx.pages import nothing_found
from lens_rx.pages.links import host_of, is_ad, is_google, target
from lens_rx.pages.tree import ancestors, attribute, parse, text_of

#: The parts of a results page that hold no organic result, by id, role or data attribute.
_APART_IDS = frozenset({"tads", "tadsb", "bottomads", "taw", "rhs", "bres", "sfooter", "searchform", "foot"})
_APART_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "search", "dialog"})
_APART_MARKS = ("data-text-ad", "data-q", "data-initq", "data-pla", "data-is-ad")
_APART_TAGS = frozenset({"nav", "aside", "footer", "noscript", "template"})
#: Google's own services that point to a search of theirs, not to a page about the query.
_SERVICES = frozenset({"www", "maps", "translate", "accounts", "policies", "consent", "webcache", "images"})
#: A real page shows some ten results, or a hundred where it is asked to.
_MOST_LINKS = 300
_SNIPPET_LEVELS = 8
_SHORTEST_SNIPPET = 25
_LONGEST_SNIPPET = 600


def results_from_html(html: str, url: str) -> list[SearchResult]:
    """Return the organic results of the page read at `url`, best first, each link once."""
    tree = parse(html)
    found = _results(tree, url, "h3")
    return found if found or nothing_found.says_none(tree) else _results(tree, url, "[role=heading]")


def says_none(html: str) -> bool:
    """Tell whether the page says, in whatever language, that nothing matches the query."""
    tree = parse(html)
    return nothing_found.says_none(tree) or _echoes_query_alone(tree)


def _echoes_query_alone(tree: LexborHTMLParser) -> bool:
    """Tell whether the place for results is there and empty, and a heading repeats the query."""
    place = tree.css_first("#search")
    if place is None or place.css_first("a[href]") is not None:
        return False
    return tree.css_first("[role=main] [role=heading] em") is not None


def _results(tree: LexborHTMLParser, url: str, heading: str) -> list[SearchResult]:
    """Return the links that hold a `heading`, outside the page's other parts."""
    headed = [(anchor, head) for anchor in tree.css("a[href]") if (head := anchor.css_first(heading))]
    headed = [(anchor, head) for anchor, head in headed[:_MOST_LINKS] if not _is_apart(anchor)]
    shared = Counter(node.mem_id for anchor, _ in headed for node in ancestors(anchor, _SNIPPET_LEVELS))
    found: dict[str, SearchResult] = {}
    for anchor, head in headed:
        title, link = text_of(head), target(attribute(anchor, "href"), url)
        if title and link not in found and _is_result(link, url):
            found[link] = SearchResult(title, link, _snippet(anchor, shared))
    return list(found.values())


def _is_result(link: str, page_url: str) -> bool:
    host = host_of(link)
    if not host or is_ad(link) or host == host_of(page_url):
        return False
    return not (is_google(host) and (host.split(".", 1)[0] in _SERVICES or host.startswith("google.")))


def _is_apart(anchor: LexborNode) -> bool:
    return any(_marks_apart(node) for node in (anchor, *ancestors(anchor)))


def _marks_apart(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        node.tag in _APART_TAGS
        or attributes.get("id") in _APART_IDS
        or attributes.get("role") in _APART_ROLES
        or any(mark in attributes for mark in _APART_MARKS)
    )


def _snippet(anchor: LexborNode, shared: Counter[int]) -> str:
    """Return the first longer text after the title, within what is around this result alone."""
    branch = anchor
    for around in ancestors(anchor, _SNIPPET_LEVELS):
        if shared[around.mem_id] > 1:
            return ""
        texts = (text_of(node) for node in _following(branch) if _may_be_snippet(node))
        found = next((text for text in texts if len(text) >= _SHORTEST_SNIPPET), "")
        if found:
            return found[:_LONGEST_SNIPPET]
        branch = around
    return ""


def _following(node: LexborNode) -> Iterator[LexborNode]:
    sibling = node.next
    while sibling is not None:
        yield sibling
        sibling = sibling.next


def _may_be_snippet(node: LexborNode) -> bool:
    """Leave out scripts and the line that repeats the address beneath a title."""
    return node.tag not in ("script", "style", "-comment", "-text") and node.css_first("cite") is None
