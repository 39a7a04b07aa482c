"""The results of a Google search page, by role and position: its class names rotate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.facts import SearchResult
from lens_rx.parsing.google import no_results
from lens_rx.parsing.google.redirects import anchor_target, redirect_targets
from lens_rx.parsing.html.links import is_ad, is_google, is_opaque
from lens_rx.parsing.html.tree import ancestors, parse_html, text_of
from lens_rx.parsing.html.urls import host_of

#: The parts of a results page that hold no organic result, by id, role or data attribute.
_APART_IDS = frozenset({"tads", "tadsb", "bottomads", "taw", "rhs", "bres", "sfooter", "searchform", "foot"})
_APART_ROLES = frozenset({"navigation", "complementary", "contentinfo", "banner", "search", "dialog"})
_APART_MARKS = ("data-text-ad", "data-q", "data-initq", "data-pla", "data-is-ad", "data-pcu")
_APART_TAGS = frozenset({"nav", "aside", "footer", "noscript", "template"})
#: Google's own services that point to a search of theirs, not to a page about the query.
_SERVICES = frozenset({"www", "maps", "translate", "accounts", "policies", "consent", "webcache", "images"})
#: A real page shows some ten results, or a hundred where it is asked to.
_MOST_LINKS = 300
_SNIPPET_LEVELS = 8
_SHORTEST_SNIPPET = 25
_LONGEST_SNIPPET = 600

_HeadedLink = tuple[LexborNode, LexborNode]


def results_from_html(html: str, url: str) -> list[SearchResult]:
    """Return the organic results of the page read at `url`, best first, each link once. Never raises."""
    tree = parse_html(html)
    targets = redirect_targets(tree)
    for headed in (_links_with_heading, _links_in_heading):
        if found := _results(headed(tree, "h3"), url, targets):
            return found
    return (
        []
        if no_results.says_none(tree)
        else _results(_links_with_heading(tree, "[role=heading]"), url, targets)
    )


def says_none(html: str) -> bool:
    """Tell whether the page says, in whatever language, that nothing matches the query."""
    tree = parse_html(html)
    return no_results.says_none(tree) or _echoes_query_alone(tree)


def _echoes_query_alone(tree: LexborHTMLParser) -> bool:
    """Tell whether the place for results is there and empty, and a heading repeats the query."""
    place = tree.css_first("#search")
    if place is None or place.css_first("a[href]") is not None:
        return False
    return tree.css_first("[role=main] [role=heading] em") is not None


def _links_with_heading(tree: LexborHTMLParser, heading: str) -> Iterator[_HeadedLink]:
    """Yield the links that hold a `heading`."""
    return ((anchor, head) for anchor in tree.css("a[href]") if (head := anchor.css_first(heading)))


def _links_in_heading(tree: LexborHTMLParser, heading: str) -> Iterator[_HeadedLink]:
    """Yield the first link of each `heading`, as older pages have it."""
    return ((anchor, head) for head in tree.css(heading) if (anchor := head.css_first("a[href]")))


def _results(headed: Iterable[_HeadedLink], url: str, targets: Mapping[str, str]) -> list[SearchResult]:
    """Return what headed links lead to, those outside the page's other parts."""
    organic = [(anchor, head) for anchor, head in islice(headed, _MOST_LINKS) if not _is_apart(anchor)]
    shared = Counter(node.mem_id for anchor, _ in organic for node in ancestors(anchor, _SNIPPET_LEVELS))
    found: dict[str, SearchResult] = {}
    for anchor, head in organic:
        title, link = text_of(head), anchor_target(anchor, url, targets)
        if title and link not in found and _is_result(link, url):
            found[link] = SearchResult(title, link, _snippet(anchor, shared))
    return list(found.values())


def _is_result(link: str, page_url: str) -> bool:
    host = host_of(link)
    if is_opaque(link):
        return True
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
        texts = (text_of(node) for beside in _following(branch) for node in _beside_address(beside))
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


def _beside_address(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the largest parts of `node` without scripts and without the line that repeats the address."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if part.tag in ("script", "style", "-comment", "-text", "cite"):
            continue
        if part.css_first("cite") is None:
            yield part
        else:
            waiting.extend(reversed(list(part.iter())))
