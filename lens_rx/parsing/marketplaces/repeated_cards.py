"""Finds the cards of any list of offers by repetition: neighbours of one form, each with an amount and a link.

Nothing is known of the site. From every amount on the page the search goes outwards, to the element that has
a sibling with an amount and with a link of its own: that element is a card.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute
from lens_rx.parsing.html.urls import join_url, site_name, split_url
from lens_rx.parsing.marketplaces.amount_nodes import amount_nodes
from lens_rx.parsing.marketplaces.listing_cards import MAX_NESTING, Card, card_at, is_aside

#: Bounds far above those of real pages.
_MOST_LINKS, _MOST_AMOUNTS, _MOST_CARDS = 4_000, 3_000, 600
#: With fewer cards a page is read again, for amounts that stand among other words.
_FEWEST_CARDS = 3
_NO_CARDS = frozenset({"body", "html", "main"})
_ID = re.compile(r"\d{6,}")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)


def repeated_cards(tree: LexborHTMLParser, url: str) -> list[Card]:
    """Return the cards of the largest list of offers on a page, in its order."""
    page = _Page(tree, url)
    largest = page.largest_list(amount_nodes(tree))
    if len(largest) < _FEWEST_CARDS:
        largest = page.largest_list(amount_nodes(tree, loosely=True)) or largest
    nodes = page.with_unpriced(largest) if largest else []
    counts = Counter(form for node in nodes for form in page.forms_in(node))
    forms = frozenset(form for form, count in counts.items() if 2 * count >= len(nodes))
    return _of_one_site([card for node in nodes if (card := page.card(node, forms))], url)


def _of_one_site(cards: list[Card], url: str) -> list[Card]:
    """Return the cards without those that lead to another site than most: advertisements stand between them."""
    sites = [site_name(join_url(url, card.href)) for card in cards]
    for site, count in Counter(sites).most_common(1):
        if 2 * count > len(cards):
            return [card for card, own in zip(cards, sites, strict=True) if own == site]
    return cards


def _largest_list(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """Return the cards of the largest list among those on a page."""
    lists: dict[tuple[str, ...], list[LexborNode]] = {}
    for node in nodes:
        lists.setdefault(_path(node), []).append(node)
    return max(lists.values(), key=lambda it: (sum(map(_weight, it)), len(it)), default=[])


def _container(nodes: Sequence[LexborNode]) -> int | None:
    """Return the id of the innermost element around all of `nodes`, None where that is the page itself."""
    around = [{it.mem_id for it in ancestors(node, MAX_NESTING)} for node in nodes]
    common = set.intersection(*around)
    innermost = next(it for it in ancestors(nodes[0], MAX_NESTING) if it.mem_id in common)
    return None if innermost.tag in _NO_CARDS else innermost.mem_id


_Form = tuple[str, int, str, bool]


def _form(target: str) -> _Form:
    """Return what the addresses of listings have in common: host, depth, first word, whether a number is in it."""
    parts = split_url(target)
    segments = [segment for segment in parts.path.split("/") if segment]
    first = segments[0] if len(segments) > 1 and segments[0].isalpha() else ""
    return parts.netloc, len(segments), first, any(map(str.isdigit, parts.path))


def _weight(node: LexborNode) -> int:
    """Return how much an element looks like a card: filters and menus show no pictures."""
    return 3 if node.css_first("img, picture, [style*=url]") is not None else 1


def _path(node: LexborNode) -> tuple[str, ...]:
    """Return the tags from an element outwards: cards of one list have the same."""
    return (node.tag or "", *(around.tag or "" for around in ancestors(node, MAX_NESTING)))


class _Page:
    """The links and amounts of a page, with the elements that hold them."""

    def __init__(self, tree: LexborHTMLParser, url: str) -> None:
        self._url = url
        self._addresses: dict[str, str] = {}
        self._targets: dict[int, set[str]] = {}
        self._count: Counter[str] = Counter()
        for anchor in islice(tree.css("a[href]"), _MOST_LINKS):
            if target := self._target(anchor):
                self._count[target] += 1
                for around in (anchor, *ancestors(anchor, MAX_NESTING)):
                    self._targets.setdefault(around.mem_id, set()).add(target)

    def largest_list(self, amounts: Iterable[LexborNode]) -> list[LexborNode]:
        """Return the cards of the largest list of the page, with those in it that are wrapped otherwise.

        Those link to addresses of the same form, as a promoted listing does; an advertisement does not.
        """
        nodes = list(self.card_nodes(amounts))
        largest = _largest_list(nodes)
        if len(largest) < _FEWEST_CARDS or (container := _container(largest)) is None:
            return largest
        forms = {form for node in largest for form in self.forms_in(node)}
        listed = {node.mem_id for node in largest}
        return [
            node
            for node in nodes
            if node.mem_id in listed
            or (
                self.forms_in(node) & forms
                and any(it.mem_id == container for it in ancestors(node, MAX_NESTING))
            )
        ]

    def card_nodes(self, amounts: Iterable[LexborNode]) -> Iterator[LexborNode]:
        """Yield the elements that are cards around amounts, in page order."""
        priced = list(islice(amounts, _MOST_AMOUNTS))
        rivals = self._priced_children(priced)
        seen: set[int] = set()
        for amount in priced:
            node = self._outermost(amount, rivals)
            if node is not None and node.mem_id not in seen and len(seen) < _MOST_CARDS:
                seen.add(node.mem_id)
                if not is_aside(node):
                    yield node

    def with_unpriced(self, nodes: list[LexborNode]) -> list[LexborNode]:
        """Return the cards of a list with their siblings of the same tag that give no amount, in page order."""
        parents = {node.parent.mem_id: node.parent for node in nodes if node.parent is not None}
        listed = {node.mem_id for node in nodes}
        children = (child for parent in parents.values() for child in parent.iter())
        tag = nodes[0].tag
        cards = (
            child
            for child in children
            if child.mem_id in listed or (child.tag == tag and child.mem_id in self._targets)
        )
        return list(islice(cards, _MOST_CARDS))

    def forms_in(self, node: LexborNode) -> set[_Form]:
        """Return the forms of the addresses that are linked in one card only."""
        anchors = (node, *node.css("a[href]"))
        inside = Counter(target for anchor in anchors if (target := self._target(anchor)))
        return {_form(target) for target in inside if self._is_own(target, inside)}

    def card(self, node: LexborNode, forms: frozenset[_Form]) -> Card | None:
        """Return the card at an element, None without a link.

        Its link is one of its own, of one of the `forms` that most cards have: sellers and categories recur.
        """
        anchors = [(a, target) for a in (node, *node.css("a[href]")) if (target := self._target(a))]
        if not anchors:
            return None
        inside = Counter(target for _, target in anchors)
        anchor, target = max(
            anchors,
            key=lambda it: (
                self._is_own(it[1], inside),
                _form(it[1]) in forms,
                _prominence(it[0]),
                inside[it[1]],
                len(it[0].text()),
            ),
        )
        return card_at(
            node,
            attribute(anchor, "href"),
            _listing_id(target),
            lambda href: join_url(self._url, href) == target,
        )

    def _is_own(self, target: str, inside: Counter[str]) -> bool:
        """Tell whether a link is found in this card only."""
        return inside[target] >= self._count[target]

    def _target(self, anchor: LexborNode) -> str:
        """Return the address that a link opens, "" where it stays on the page, shows a picture or is no link."""
        href = attribute(anchor, "href") if anchor.tag == "a" else ""
        if href not in self._addresses:
            self._addresses[href] = self._address(href.strip())
        return self._addresses[href]

    def _address(self, href: str) -> str:
        if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            return ""
        target = join_url(self._url, href)
        parts = split_url(target)
        is_page = (
            parts.scheme in ("http", "https") and parts.path.strip("/") and not _PICTURE.search(parts.path)
        )
        return target if is_page else ""

    def _priced_children(self, amounts: list[LexborNode]) -> dict[int, dict[int, set[str]]]:
        """Map each element to those of its children that hold an amount and a link, with their targets."""
        children: dict[int, dict[int, set[str]]] = {}
        seen: set[int] = set()
        for amount in amounts:
            for node in (amount, *ancestors(amount, MAX_NESTING)):
                if node.mem_id in seen or node.parent is None:
                    break
                seen.add(node.mem_id)
                if targets := self._targets.get(node.mem_id):
                    children.setdefault(node.parent.mem_id, {})[node.mem_id] = targets
        return children

    def _outermost(self, amount: LexborNode, rivals: dict[int, dict[int, set[str]]]) -> LexborNode | None:
        """Return the element around an amount beside which others hold an amount and another link."""
        node = amount
        for around in ancestors(amount, MAX_NESTING):
            own = self._targets.get(node.mem_id)
            beside = rivals.get(around.mem_id, {})
            if own and any(id_ != node.mem_id and targets - own for id_, targets in beside.items()):
                return None if node.tag in _NO_CARDS else node
            node = around
        return None


def _prominence(anchor: LexborNode) -> int:
    """Rank a link by what it shows: a heading, then a picture, then any text."""
    if anchor.css_first("h1, h2, h3, h4, h5, h6, [role=heading]") is not None or _in_heading(anchor):
        return 3
    return 2 if anchor.css_first("img, picture") is not None else int(bool(anchor.text().strip()))


def _in_heading(anchor: LexborNode) -> bool:
    parent = anchor.parent
    return parent is not None and (parent.tag or "") in ("h1", "h2", "h3", "h4", "h5", "h6")


def _listing_id(target: str) -> str:
    """Return what tells a listing from others in its address: a long number, else the last part of its path."""
    parts = split_url(target)
    segments = [segment for segment in parts.path.split("/") if segment]
    numbers = [found[0] for part in (*reversed(segments), parts.query) if (found := _ID.search(part))]
    return numbers[0] if numbers else segments[-1]
