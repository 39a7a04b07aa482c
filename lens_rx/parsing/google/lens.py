"""The visual matches of a Google Lens result page, by role and position: its class names rotate.

A match is a link to a host outside Google with a heading in it. Its card is the largest element around
it that holds no other page's link: picture, price and stock are read there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.facts import Match
from lens_rx.parsing.google import no_results
from lens_rx.parsing.google.lazy_images import lazy_images
from lens_rx.parsing.google.lens_card import in_stock, picture, price, source, texts
from lens_rx.parsing.google.redirects import anchor_target, redirect_targets
from lens_rx.parsing.html.links import is_ad, is_google, is_opaque
from lens_rx.parsing.html.tree import ancestors, attribute, normalize_space, parse_html, short_text
from lens_rx.parsing.html.urls import host_of, query_params
from lens_rx.parsing.terms import load_pattern

_EXACT_TAB = "48"
_EXACT = load_pattern("lens_rx.parsing.google", "lens_phrases", "exact")
_CITATION = load_pattern("lens_rx.parsing.google", "lens_phrases", "citation")
_IDS = ("data-docid", "data-item-id", "data-product-id", "data-productid", "data-cid", "data-preview-id")
_CARD_LEVELS = 8
#: A real page shows some 60.
_MOST = 300
_LONGEST_SECTION = 60


@dataclass(frozen=True, slots=True)
class _MatchLink:
    """A link that may be a match, and whether it stands beneath a heading that says "exact"."""

    anchor: LexborNode
    link: str
    exact: bool


def matches_from_html(html: str, url: str) -> list[Match]:
    """Return the visual matches on the page read at `url`, in its order, each link once. Never raises."""
    tree = parse_html(html)
    links = _Links(url, redirect_targets(tree))
    match_links = _match_links(tree, links)
    cards = _Cards(tree, links)
    images = lazy_images(tree)
    language = attribute(tree.root, "lang") if tree.root is not None else ""
    found: dict[str, Match] = {}
    for match_link in match_links:
        title = _title(match_link.anchor)
        if title and match_link.link not in found:
            found[match_link.link] = _match(
                match_link, title, cards.around(match_link.anchor), images, language
            )
    return list(found.values())


def says_none(html: str) -> bool:
    """Tell whether the page says, in whatever language, that it has no matches."""
    return no_results.says_none(parse_html(html))


def _match(
    match_link: _MatchLink, title: str, card: LexborNode, images: dict[str, str], language: str
) -> Match:
    return Match(
        title=title,
        link=match_link.link,
        source=source(match_link.anchor, title),
        thumbnail=picture(card, images),
        price=price(card, language, host_of(match_link.link)),
        in_stock=in_stock(card),
        exact=match_link.exact,
        id=_id(match_link.anchor, card),
    )


def _match_links(tree: LexborHTMLParser, links: _Links) -> list[_MatchLink]:
    """Return the links that are matches: those with a heading; on a page without any, those with a picture."""
    headed = list(islice(_walk(tree, links, _has_heading), _MOST))
    return headed or list(islice(_walk(tree, links, _has_picture), _MOST))


def _walk(
    tree: LexborHTMLParser, links: _Links, is_match: Callable[[LexborNode], bool]
) -> Iterator[_MatchLink]:
    """Yield the matches in document order; a section's heading tells whether those beneath are exact."""
    tab_is_exact = _EXACT_TAB in query_params(links.url).get("udm", [])
    beneath_exact = tab_is_exact
    for node in tree.css("a[href], h2, [role=heading]"):
        if node.tag != "a":
            beneath_exact = _section(node, beneath_exact, tab_is_exact)
        elif is_match(node) and (link := links.outside(node)):
            yield _MatchLink(node, link, beneath_exact)


def _section(heading: LexborNode, current: bool, default: bool) -> bool:
    """Return whether the part that `heading` opens is one of exact matches; a card's own title opens none."""
    text = short_text(heading, _LONGEST_SECTION)
    if not text or any(node.tag == "a" for node in ancestors(heading, 12)):
        return current
    return default or _EXACT.search(text) is not None


def _has_heading(anchor: LexborNode) -> bool:
    return anchor.css_first("[role=heading]") is not None


def _has_picture(anchor: LexborNode) -> bool:
    """Tell whether a link shows a picture with words; the sources that an overview cites do not count."""
    if _CITATION.search(attribute(anchor, "aria-label")) or anchor.css_first("h3") is not None:
        return False
    return anchor.css_first("img") is not None and len(_title(anchor)) > 3


def _title(anchor: LexborNode) -> str:
    """Return the text of the link's heading, or else its longest run of text."""
    heading = anchor.css_first("[role=heading]")
    if heading is not None and (text := normalize_space(heading.text())):
        return text
    return max(texts(anchor), key=len, default=normalize_space(attribute(anchor, "aria-label")))


def _id(anchor: LexborNode, card: LexborNode) -> str:
    """Return the page's own id of the match, wherever the card carries one."""
    for name in _IDS:
        for node in (anchor, card, *card.css(f"[{name}]")):
            if value := attribute(node, name):
                return value
    opener = card.css_first("[role=button][id]")
    return attribute(opener, "id") if opener is not None else ""


class _Links:
    """Resolves the links of the page at `url`; `targets` are those of its opaque redirects."""

    def __init__(self, url: str, targets: Mapping[str, str]) -> None:
        self.url = url
        self._targets = targets
        self._own_host = host_of(url)

    def outside(self, anchor: LexborNode) -> str:
        """Return where a link leads outside Google and the page's own host; "" where it does not."""
        link = anchor_target(anchor, self.url, self._targets)
        host = host_of(link)
        leaves = is_opaque(link) or (host != self._own_host and not is_google(host))
        return link if host and leaves and not is_ad(link) else ""


class _Cards:
    """Finds the card of a link: the largest element around it without a link to another page."""

    def __init__(self, tree: LexborHTMLParser, links: _Links) -> None:
        self._links: dict[int, str | None] = {}
        for anchor in tree.css("a[href]"):
            if link := links.outside(anchor):
                self._mark(anchor, link)

    def _mark(self, anchor: LexborNode, link: str) -> None:
        for node in ancestors(anchor, _CARD_LEVELS):
            known = self._links.setdefault(node.mem_id, link)
            if known != link:
                self._links[node.mem_id] = None

    def around(self, anchor: LexborNode) -> LexborNode:
        """Return the card of `anchor`, at most some levels up: the link itself where nothing is its own."""
        card = anchor
        for node in ancestors(anchor, _CARD_LEVELS):
            if self._links.get(node.mem_id) is None or node.tag in ("body", "main"):
                break
            card = node
        return card
