"""Groups of product cards on a page: elements of one form, each with a link of its own, a price or a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute
from lens_rx.parsing.product.document import Document, absolute_url, path_of
from lens_rx.parsing.product.money_text import find_money
from lens_rx.parsing.product.text_runs import PageText, TextRun

#: Links and priced runs that are looked at.
_MAX_LINKS = 800
_MAX_PRICED = 200
#: Elements above a price in which its card's link is looked for, and above a link up to its card.
_CLIMB = 8
#: Cards from which elements of one form are a group.
_LEAST = 3
#: Links of an element that are looked at for the one of its card.
_LINKS_OF_CARD = 8
_LONGEST_PRICE = 80
_SCHEMES = ("http://", "https://")

#: The cards of each form: by element, its first run, its link, its region.
_Cards = dict[int, dict[int, tuple[int, str, str]]]


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards of one form: the first run of each in document order, and how many of them hold a price."""

    orders: tuple[int, ...]
    links: frozenset[str]
    priced: bool
    region: str

    @property
    def size(self) -> int:
        """The number of pages that the cards link to."""
        return len(self.links)


def find_card_groups(document: Document, page: PageText, own: frozenset[int]) -> list[CardGroup]:
    """Return the groups of at least three cards that link to different pages, largest first.

    `own` holds the elements (by `mem_id`) around the page's main heading: they are no cards.
    """
    found = [*_priced_groups(document, page, own), *_picture_groups(document, page)]
    return sorted(found, key=lambda group: -group.size)


def _priced_groups(document: Document, page: PageText, own: frozenset[int]) -> Iterator[CardGroup]:
    by_form: _Cards = defaultdict(dict)
    known: dict[int, str] = {}
    forms = _Forms()
    for run in _priced_runs(page):
        card, link = _card_of_price(run, document, known)
        if card is not None and card.mem_id not in own:
            cards = by_form[forms.number(card)]
            cards.setdefault(card.mem_id, (page.first_run_in(card), link, run.place.region))
    yield from _groups(by_form, priced=True)


def _priced_runs(page: PageText) -> Iterator[TextRun]:
    count = 0
    for run in page.runs:
        if run.place.hidden or len(run.text) > _LONGEST_PRICE or not find_money(run.text):
            continue
        yield run
        count += 1
        if count >= _MAX_PRICED:
            return


def _card_of_price(run: TextRun, document: Document, known: dict[int, str]) -> tuple[LexborNode | None, str]:
    """Return the smallest element around a price that links away and has a picture or a title, and its link."""
    for node in (run.node, *ancestors(run.node, _CLIMB)):
        if node.mem_id not in known:
            known[node.mem_id] = _card_link(node, document)
        if known[node.mem_id]:
            return node, known[node.mem_id]
    return None, ""


def _card_link(node: LexborNode, document: Document) -> str:
    """Return the page that a card links to; empty for an element that is no card."""
    if node.tag != "a" and node.css_first("a[href]") is None:
        return ""
    links = [node] if node.tag == "a" else node.css("a[href]")[:_LINKS_OF_CARD]
    link = next((found for one in links if (found := _target(one, document))), "")
    return link if link and node.css_first("img,picture,h2,h3,h4,h5") is not None else ""


def _picture_groups(document: Document, page: PageText) -> Iterator[CardGroup]:
    by_form: _Cards = defaultdict(dict)
    forms = _Forms()
    for link in _links_with_picture(document):
        if target := _target(link, document):
            by_form[forms.number(link)].setdefault(link.mem_id, (page.first_run_in(link), target, ""))
    yield from _groups(by_form, priced=False)


def _links_with_picture(document: Document) -> Iterator[LexborNode]:
    """Yield the links in which a picture stands, in document order."""
    around: set[int] = set()
    for picture in chain(document.by_tag["img"], document.by_tag["picture"]):
        node = picture.parent
        while node is not None and node.mem_id not in around:
            around.add(node.mem_id)
            node = node.parent
    links = (link for link in document.by_tag["a"] if "href" in link.attributes)
    return (link for link in islice(links, _MAX_LINKS) if link.mem_id in around)


def _groups(by_form: _Cards, *, priced: bool) -> Iterator[CardGroup]:
    for cards in by_form.values():
        links = frozenset(link for _, link, _ in cards.values())
        if len(links) >= _LEAST:
            orders = tuple(sorted(order for order, _, _ in cards.values()))
            if not priced and orders[-1] - orders[0] < len(links):
                continue  # pictures in a row without a text between are a gallery
            yield CardGroup(orders, links, priced, next(iter(cards.values()))[2])


class _Forms:
    """Numbers the forms of elements: the tags from each up to the page's root, which like elements share."""

    def __init__(self) -> None:
        self._by_element: dict[int, int] = {}
        self._by_tags: dict[tuple[str, int], int] = {}

    def number(self, node: LexborNode) -> int:
        """Return the number of an element's form."""
        new: list[LexborNode] = []
        above: LexborNode | None = node
        while above is not None and above.mem_id not in self._by_element:
            new.append(above)
            above = above.parent
        form = self._by_element[above.mem_id] if above is not None else 0
        for one in reversed(new):
            form = self._by_tags.setdefault((one.tag or "", form), len(self._by_tags) + 1)
            self._by_element[one.mem_id] = form
        return form


def _target(link: LexborNode, document: Document) -> str:
    """Return the page that a link leads to without query and fragment; empty where it is no other page."""
    href = attribute(link, "href").strip()
    if not href or href.startswith(("#", "?", "javascript:", "mailto:", "tel:")):
        return ""
    own = path_of(document.url).rstrip("/")
    bare = href.partition("#")[0].partition("?")[0]
    if bare.startswith("/") and not bare.startswith("//"):
        return "" if bare.rstrip("/") in ("", own) else bare
    target = bare if bare.startswith(_SCHEMES) else absolute_url(document.url, bare)
    path = path_of(target).rstrip("/")
    return "" if path in ("", own) else target
