"""The fixed points of a product page: its heading, buy buttons, where other products begin, repeated cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from selectolax.lexbor import LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute, normalize_space, text_of
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.buttons import find_buy_buttons, is_buy_text, is_disabled
from lens_rx.parsing.product.document import Document, absolute_url
from lens_rx.parsing.product.money_text import find_money
from lens_rx.parsing.product.similarity import alnum_key, is_same_page, similarity
from lens_rx.parsing.product.text_runs import PageText, TextRun

#: Characters of a card's text, blanks and all; what is longer is a part of the page.
_MAX_CARD = 1_500
#: Siblings of one form from which they are cards.
_LEAST_CARDS = 3
#: Pictures that may be buttons.
_MAX_PICTURES = 600
#: Runs after a heading of the box to buy in which its price stands.
_PRICE_WITHIN = 25
#: Runs of a heading that are looked at.
_HEADING_RUNS = 8
#: Letters of a title, elements above an amount in which its card begins, and how like two titles of one product are.
_SHORTEST_TITLE = 12
_CARD_CLIMB = 5
#: Runs from the heading on in which no other products begin.
_HEADING_BOX = 4
#: Runs after the heading that are the product's own.
_OWN_RUNS = 60
_SAME_TITLE = 0.5
#: Elements that are part of any text or table; only a name makes cards of them.
_PARTS = frozenset({"td", "tr", "tbody", "p", "span", "b", "strong", "a"})
_TITLE_NAME = re.compile(r"title|head|caption", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
#: Letters of which a few make a title.
_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True)
class Landmarks:
    """Numbers of the runs that give a page its shape; None and empty where they are missing.

    `waiting_buttons` are buy buttons that cannot be pressed yet: before a choice, or before the page's script has run.
    """

    url: str = ""
    heading: int | None = None
    buy_buttons: list[int] = field(default_factory=list)
    waiting_buttons: list[int] = field(default_factory=list)
    related_start: int | None = None
    around_heading: frozenset[int] = frozenset()
    title: str = ""
    heading_key: str | None = None
    _others: dict[int, bool] = field(default_factory=dict)
    _links: dict[str, bool] = field(default_factory=dict)
    _cards: dict[tuple[int, str | None, str], bool] = field(default_factory=dict)
    _known: dict[int, bool] = field(default_factory=dict)

    def is_name(self, order: int, page: PageText) -> bool:
        """Return whether a run is the heading or a part of it such as the brand, or does not exist."""
        if order < 0 or order == self.heading:
            return True
        if self.heading is None or not order - 6 <= self.heading <= order + 6:
            return False
        name = alnum_key(page.runs[order].text)
        return not name or name in alnum_key(page.runs[self.heading].text)

    def leads_away(self, href: str) -> bool:
        """Return whether a link leads to another page."""
        if not href or href.startswith(("#", "javascript:", "?")):
            return False
        if href not in self._links:
            target = absolute_url(self.url, href)
            self._links[href] = not target or not is_same_page(target, self.url)
        return self._links[href]

    def in_card(self, run: TextRun) -> bool:
        """Return whether a run is in a card: one of at least three siblings of the same form that link to other pages."""
        return any(map(self._is_card, ancestors(run.node, 8)))

    def is_heading(self, run: TextRun) -> bool:
        """Return whether a run repeats the main heading, or is that heading and has no price set apart."""
        if self.heading_key is None or len(run.text) < _SHORTEST_TITLE:
            return False
        return self.heading_key in alnum_key(run.text)

    def in_other_card(self, run: TextRun) -> bool:
        """Return whether a run is in an element with a picture and a title that links to another product."""
        if self.heading is None or self.heading <= run.order <= self.heading + _OWN_RUNS:
            return False
        for node in (run.node, *ancestors(run.node, _CARD_CLIMB)):
            if node.mem_id in self.around_heading:
                return False
            if node.mem_id not in self._others:
                self._others[node.mem_id] = self._is_other_card(node)
            if self._others[node.mem_id]:
                return True
        return False

    def _is_other_card(self, node: LexborNode) -> bool:
        if node.css_first("img,picture") is None:
            return False
        links = (link for link in node.css("a[href]")[:4] if self.leads_away(attribute(link, "href")))
        titles = (title for link in links if len(title := text_of(link)) >= _SHORTEST_TITLE)
        title = next(titles, "")
        return bool(title) and similarity(title, self.title) < _SAME_TITLE

    def _is_card(self, node: LexborNode) -> bool:
        number = node.mem_id
        if number not in self._known:
            self._known[number] = self._is_among_cards(node)
        return self._known[number]

    def _is_among_cards(self, node: LexborNode) -> bool:
        parent = node.parent
        if parent is None or node.mem_id in self.around_heading:
            return False
        name = _element_name(node)
        if name[0] in _PARTS and not name[1]:
            return False
        key = parent.mem_id, *name
        if key not in self._cards:
            self._cards[key] = self._has_cards(parent, name)
        return self._cards[key]

    def _has_cards(self, parent: LexborNode, name: tuple[str | None, str]) -> bool:
        like = [one for one in parent.iter() if _element_name(one) == name]
        if len(like) < _LEAST_CARDS or any(one.mem_id in self.around_heading for one in like):
            return False  # too few, or columns of the page, one of which holds its heading
        is_card = _has_number if name[1] else _has_price
        cards = (
            one for one in islice(like, 12) if self._links_away(one) and is_card(one.text(separator=" "))
        )
        return next(islice(cards, _LEAST_CARDS - 1, None), None) is not None

    def _links_away(self, node: LexborNode) -> bool:
        link = node.css_first("a[href]")
        return link is not None and self.leads_away(attribute(link, "href"))


def _has_number(text: str) -> bool:
    return len(text) <= _MAX_CARD and _DIGITS.search(text) is not None


def _has_price(text: str) -> bool:
    """Return whether a small element without a class holds a price."""
    return _has_number(text) and bool(find_money(normalize_space(text)))


def _element_name(node: LexborNode) -> tuple[str | None, str]:
    return node.tag, attribute(node, "class")[:40]


def find_landmarks(document: Document, page: PageText) -> Landmarks:
    """Find the fixed points of a page."""
    landmarks = Landmarks(url=document.url)
    landmarks.heading = _heading(document, page)
    start = landmarks.heading
    if landmarks.heading is not None:
        node = page.runs[landmarks.heading].node
        landmarks.title = page.runs[landmarks.heading].text
        landmarks.heading_key = alnum_key(landmarks.title) or None
        landmarks.around_heading = frozenset(one.mem_id for one in (node, *ancestors(node)))
    for run in find_buy_buttons(page.runs, document.by_tag):
        if not run.place.hidden and not landmarks.in_card(run):
            buttons = landmarks.waiting_buttons if is_disabled(run) else landmarks.buy_buttons
            buttons.append(run.order)
    if start is not None:
        after = page.runs[start + _HEADING_BOX :]
        landmarks.related_start = next((run.order for run in after if _is_related_heading(run)), None)
    landmarks.buy_buttons.extend(sorted(_image_buttons(document, page)))
    if landmarks.related_start is not None and landmarks.heading is not None:
        landmarks.buy_buttons = [
            order for order in landmarks.buy_buttons if order < landmarks.related_start
        ] or landmarks.buy_buttons
    return landmarks


def _image_buttons(document: Document, page: PageText) -> Iterator[int]:
    """Yield where buttons stand that are pictures with a label."""
    inputs = (node for node in document.by_tag["input"] if attribute(node, "type") == "image")
    for node in islice(chain(document.by_tag["img"], inputs), _MAX_PICTURES):
        label = attribute(node, "alt") or attribute(node, "value")
        if label and is_buy_text(label.strip(" .!")):
            yield page.first_run_in(node)


def _heading(document: Document, page: PageText) -> int | None:
    """Return the run that holds the main heading, else the first that the title is made of."""
    wanted = document.heading or document.title
    if not wanted:
        return None
    headings = list(_main_headings(document, page, wanted))
    if headings:
        return next((order for order in headings if _is_before_price(order, page)), headings[0])
    alike = (
        run.order
        for run in page.runs
        if not run.place.hidden
        and run.place.region in ("", "main")
        and len(run.text) > (3 if _WIDE.search(run.text) else 8)
        and similarity(run.text, wanted) > 0.8
    )
    return next(alike, None)


def _main_headings(document: Document, page: PageText, wanted: str) -> Iterator[int]:
    """Yield the runs of the headings that repeat the page's main one: of its head, its menu, its box to buy."""
    for node in document.by_tag["h1"][:8]:
        inside = [
            run for run in page.runs[page.first_run_in(node) :][:_HEADING_RUNS] if _is_inside(run, node)
        ]
        longest = max(inside, key=lambda run: len(run.text), default=None)
        if longest is not None and similarity(longest.text, wanted) > 0.6:
            yield longest.order


def _is_before_price(order: int, page: PageText) -> bool:
    return any(
        find_money(run.text) for run in page.runs[order + 1 : order + _PRICE_WITHIN] if not run.place.hidden
    )


def _is_inside(run: TextRun, node: LexborNode) -> bool:
    return any(one.mem_id == node.mem_id for one in (run.node, *ancestors(run.node, 6)))


def _is_related_heading(run: TextRun) -> bool:
    if run.place.hidden or len(run.text) > 70 or run.place.href or _DIGITS.search(run.text):
        return False
    titled = run.place.strong >= 1 or _is_title_class(attribute(run.node, "class"))
    return titled and words.RELATED.occurs_in(run.text)


@lru_cache(maxsize=8192)
def _is_title_class(names: str) -> bool:
    return _TITLE_NAME.search(names) is not None
