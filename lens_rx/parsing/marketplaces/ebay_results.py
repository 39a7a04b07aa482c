"""Tells the results of a search on an eBay page from the other cards on it.

Recommendations stand in blocks with a heading of their own; what matches only some of the words stands
below a heading that says so, in eBay's many languages, or below as many cards as the page counts results.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute, short_text
from lens_rx.parsing.html.urls import query_param
from lens_rx.parsing.marketplaces.listing_cards import (
    MAX_NESTING,
    Card,
    cards,
    is_aside,
    without_boilerplate,
)
from lens_rx.parsing.marketplaces.offer_phrases import is_abroad, is_fewer_words, is_no_match

#: An item's address, and a catalogue page's that opens one item. Real ids have nine digits and more.
_ITEM = re.compile(r"/itm/(?:[^/?#]*/)?(\d{9,15})(?=[/?#]|$)|/p/[^?#]*\?(?:[^#]*&)?iid=(\d{9,15})")
#: Elements of the page's own words; the class is a hint for languages that are not in the lists.
_STATEMENTS = "h2, h3, h4, [role=heading], [role=status], [class*=REWRITE_START]"
_LONGEST_NOTICE = 300
_HEADINGS = "h2, h3, h4, [role=heading]"
_COUNT = re.compile(r"\d{1,3}(?:[.,\s\u00a0\u202f]\d{3})+|\d+")


def listing_id(href: str) -> str | None:
    """Return the id of the item that an address opens, None where it opens something else."""
    found = _ITEM.search(href)
    return (found[1] or found[2]) if found else None


@dataclass(frozen=True, slots=True)
class DeclaredCount:
    """How many results a page says there are; `at_least` where it writes "1,200+"."""

    count: int
    at_least: bool = False


def declared_count(tree: LexborHTMLParser) -> DeclaredCount | None:
    """Return the count in the page's main heading, the searched words left out; None without one."""
    field = tree.css_first("input[name=_nkw]")
    searched = attribute(field, "value").strip() if field else ""
    for heading in tree.css("h1"):
        text = " ".join(heading.text(separator=" ").split())
        if searched:
            text = re.sub(re.escape(searched), " ", text, flags=re.IGNORECASE)
        if found := _COUNT.search(text):
            count = int(re.sub(r"\D", "", found[0])[:12])
            return DeclaredCount(count, at_least=text[found.end() :].lstrip().startswith("+"))
    return None


def result_cards(tree: LexborHTMLParser, url: str) -> list[Card]:
    """Return the cards that answer the search, in page order; an item may have several."""
    found = [card for card in cards(tree, listing_id) if not is_aside(card.node)]
    return without_boilerplate(_Results(tree, url, found).cards()) if found else []


class _Results:
    """The cards of one page, and where among its other parts they stand."""

    def __init__(self, tree: LexborHTMLParser, url: str, found: list[Card]) -> None:
        self._url = url
        self._found = found
        self._stated = declared_count(tree)
        self._order, self._texts = _reading_order(tree)
        self._statements = tree.css(_STATEMENTS)
        self._roots = {card.node.mem_id for card in found}
        plain = [card for card in found if _carousel(card.node) is None] or found
        self._main = Counter(map(_list_of, plain)).most_common(1)[0][0]
        self._listed = [card for card in found if _list_of(card) == self._main]
        self._first = min(map(self._place, self._listed))
        self._blocks: dict[int, bool] = {}
        self._around_listed = {
            around.mem_id for card in self._listed for around in ancestors(card.node, MAX_NESTING)
        }

    def cards(self) -> list[Card]:
        end = self._end()
        kept = [card for card in self._found if self._place(card) < end and self._is_result(card)]
        return sorted(kept, key=self._place)

    def _place(self, card: Card) -> int:
        return self._order.get(card.node.mem_id, 0)

    def _is_result(self, card: Card) -> bool:
        if _list_of(card) == self._main or _is_laid_out_in_full(card.node):
            return True
        block = self._block(card)
        if block.mem_id not in self._blocks:
            self._blocks[block.mem_id] = self._answers_the_search(
                block, in_slides=_carousel(card.node) is not None
            )
        return self._blocks[block.mem_id]

    def _answers_the_search(self, block: LexborNode, *, in_slides: bool) -> bool:
        """Tell whether a block beside the main list holds results: by its heading, or because it has none."""
        headings = [node for node in block.css(_HEADINGS) if not self._belongs_to_card(node)]
        if not headings:
            return not in_slides
        return any(is_abroad(node.text()) or _opens_same_search(node, self._url) for node in headings)

    def _block(self, card: Card) -> LexborNode:
        """Return the largest part of the page around a card that holds no card of the main list."""
        outside = (
            around for around in ancestors(card.node, MAX_NESTING) if around.mem_id not in self._around_listed
        )
        return next(reversed(list(outside)), card.node)

    def _belongs_to_card(self, node: LexborNode) -> bool:
        return any(around.mem_id in self._roots for around in ancestors(node, MAX_NESTING))

    def _end(self) -> float:
        """Return the place in the page after which nothing matches the whole search."""
        if self._stated is not None and self._stated.count == 0:
            return -1
        notices = (
            self._order[node.mem_id] for node in (*self._texts, *self._statements) if self._is_notice(node)
        )
        return min(self._counted_end(), *notices, float("inf"))

    def _is_notice(self, node: LexborNode) -> bool:
        text = (node.text_content or "") if node.is_text_node else short_text(node, _LONGEST_NOTICE)
        says_so = is_fewer_words(text) or (self._stated is None and is_no_match(text))
        if not says_so and not (self._is_marked_break(node) and text and not is_abroad(text)):
            return False
        return not (
            node.parent is None
            or node.parent.tag in ("script", "style", "option")
            or self._belongs_to_card(node)
            or node.css_first('a[href*="/itm/"]') is not None
            or is_aside(node)
        )

    def _is_marked_break(self, node: LexborNode) -> bool:
        """Tell whether eBay marks a row as the start of another search's results, below some of this one's.

        Above the first card the same mark stands for the notice that similar results are left out.
        """
        return "REWRITE_START" in attribute(node, "class") and self._order[node.mem_id] > self._first

    def _counted_end(self) -> float:
        """Return where a headed break in the main list follows as many cards as there are results."""
        parent = self._listed[0].node.parent
        if parent is None or self._stated is None or self._stated.at_least:
            return float("inf")
        passed = 0
        for child in parent.iter():
            passed += child.mem_id in self._roots
            if self._stated.count <= passed < len(self._listed) and self._is_break(child):
                return self._order[child.mem_id]
        return float("inf")

    def _is_break(self, node: LexborNode) -> bool:
        """Tell a child of the list that heads what follows: a heading, no item, no word of sellers abroad."""
        headed = node.tag in ("h2", "h3", "h4") or node.css_first(_HEADINGS) is not None
        own = node.mem_id in self._roots or node.css_first('a[href*="/itm/"]') is not None
        return headed and not own and not is_abroad(node.text())


def _reading_order(tree: LexborHTMLParser) -> tuple[dict[int, int], list[LexborNode]]:
    """Return every node's place in the page, and its short texts."""
    order: dict[int, int] = {}
    texts: list[LexborNode] = []
    root = tree.root
    for place, node in enumerate(root.traverse(include_text=True) if root else ()):
        order[node.mem_id] = place
        if node.is_text_node and 6 < len(node.text_content or "") < 300:
            texts.append(node)
    return order, texts


def _list_of(card: Card) -> int:
    return card.node.parent.mem_id if card.node.parent else 0


def _carousel(node: LexborNode) -> LexborNode | None:
    described = (
        (around, attribute(around, "aria-roledescription").lower()) for around in ancestors(node, MAX_NESTING)
    )
    return next((around for around, role in described if "carousel" in role), None)


def _is_laid_out_in_full(node: LexborNode) -> bool:
    """Tell a card in a list of its own inside a slide: a filtered view of the results, not a teaser."""
    slide = next((around for around in ancestors(node, MAX_NESTING) if around.tag == "li"), None)
    return node.tag == "li" and slide is not None and _carousel(slide) is not None


def _opens_same_search(heading: LexborNode, url: str) -> bool:
    searched = query_param(url, "_nkw")
    links = [around for around in ancestors(heading, MAX_NESTING) if around.tag == "a"] + heading.css("a")
    return any(searched and query_param(attribute(link, "href"), "_nkw") == searched for link in links)
