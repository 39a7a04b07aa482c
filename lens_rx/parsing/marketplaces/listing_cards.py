"""Finds the cards of a result page: the largest parts of the page that link to one listing only.

No class names of a site are needed; those that say "hidden" or "struck out" are hints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lens_rx.parsing.html.tree import ancestors, attribute

#: Elements that hold many things: no card extends beyond one.
_CONTAINERS = frozenset({"ul", "ol", "main", "body", "html", "form", "table", "tbody", "header", "section"})
_SKIPPED = frozenset({"script", "style", "svg", "noscript", "template", "-comment", "select", "button"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ASIDE_TAGS = frozenset({"nav", "aside", "footer", "header", "dialog", "template", "noscript"})
_ASIDE_ROLES = frozenset({"dialog", "navigation", "complementary", "banner", "contentinfo"})
_STRUCK = frozenset({"s", "del", "strike"})
_HIDDEN_HINTS = ("clipped", "visually-hidden", "sr-only")

#: Bounds far above those of real pages, so that a hostile page costs no more than a real one.
MAX_NESTING, _MOST_LINKS, _MOST_CARDS = 100, 1_200, 400
_LONGEST_TEXT, _MOST_TEXTS = 500, 200
_SHORTEST_WORDS = 5

ListingId = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class CardText:
    """One text node of a card, and how it is shown."""

    text: str
    struck: bool = False
    heading: bool = False
    hidden: bool = False  # for screen readers only
    linked: bool = False  # part of the link to the listing


@dataclass(frozen=True, slots=True)
class Card:
    """The part of a page that shows one listing, with its texts in reading order."""

    id: str
    href: str
    node: LexborNode
    texts: tuple[CardText, ...]
    image: str
    image_text: str


def is_aside(node: LexborNode) -> bool:
    """Tell whether an element is hidden, or part of navigation, a dialog, a header or a footer."""
    return any(map(_marks_aside, (node, *ancestors(node, MAX_NESTING))))


def _marks_aside(node: LexborNode) -> bool:
    if node.tag in _ASIDE_TAGS:
        return True
    attributes = node.attributes
    hidden = "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", "")
    return hidden or attributes.get("role") in _ASIDE_ROLES


def cards(tree: LexborHTMLParser, listing_id: ListingId) -> list[Card]:
    """Return the cards of a page in its order; one listing may have several.

    `listing_id` gives the id of the listing that a link opens, None for any other link.
    """
    every = ((a, listing_id(attribute(a, "href"))) for a in tree.css("a[href]"))
    links = list(islice(((a, id_) for a, id_ in every if id_), _MOST_LINKS))
    inside = _listings_inside(links)
    roots: dict[int, Card] = {}
    for link, id_ in links:
        root = _root(link, inside)
        if root.mem_id not in roots and len(roots) < _MOST_CARDS:
            own = partial(_opens, listing_id, id_)
            roots[root.mem_id] = card_at(root, attribute(link, "href"), id_, own)
    return list(roots.values())


def _opens(listing_id: ListingId, id_: str, href: str) -> bool:
    return listing_id(href) == id_


def _listings_inside(links: list[tuple[LexborNode, str]]) -> dict[int, set[str]]:
    """Map each element around a link to the listings that are linked inside it."""
    inside: dict[int, set[str]] = {}
    for link, id_ in links:
        for around in (link, *ancestors(link, MAX_NESTING)):
            inside.setdefault(around.mem_id, set()).add(id_)
    return inside


def _root(link: LexborNode, inside: dict[int, set[str]]) -> LexborNode:
    """Return the largest element around a link without a second listing in it."""
    root = link
    for around in ancestors(link, MAX_NESTING):
        if len(inside[around.mem_id]) > 1 or around.tag in ("body", "html", "main"):
            break
        if around.tag in _CONTAINERS and _has_digits(root):
            break
        root = around
    return root


def _has_digits(node: LexborNode) -> bool:
    return node.tag != "a" and any(letter.isdigit() for letter in node.text())


def card_at(root: LexborNode, href: str, id_: str, is_own_link: Callable[[str], bool]) -> Card:
    """Return the card at an element that shows the listing `id_`, which `href` opens."""
    picture, picture_text = _picture(root)
    texts = tuple(islice(card_texts(root, is_own_link), _MOST_TEXTS))
    return Card(id_, href, root, texts, picture, picture_text)


def without_boilerplate(cards: Sequence[Card]) -> list[Card]:
    """Mark as hidden the words that the links of most cards share, where a link has another text.

    Amounts and signs of currencies are shared as well, and stay.
    """
    counts = Counter(text for card in cards for text in {it.text for it in card.texts if it.linked})
    most = max(2, len(cards) / 2)
    boilerplate = {text for text, count in counts.items() if count > most and _is_words(text)}
    return [_hide(card, boilerplate) for card in cards]


def _is_words(text: str) -> bool:
    return len(text) >= _SHORTEST_WORDS and not any(map(str.isdigit, text))


def _hide(card: Card, boilerplate: set[str]) -> Card:
    linked = {text.text for text in card.texts if text.linked and not text.hidden}
    if not linked & boilerplate or linked <= boilerplate:
        return card
    texts = (
        replace(text, hidden=True) if text.linked and text.text in boilerplate else text
        for text in card.texts
    )
    return replace(card, texts=tuple(texts))


def _picture(root: LexborNode) -> tuple[str, str]:
    """Return the address of the first picture and its alternative text."""
    for img in root.css("img"):
        for name in ("src", "data-src", "data-defer-load"):
            address = attribute(img, name)
            if address.startswith(("http", "//")):
                return address, " ".join(attribute(img, "alt").split())
    return "", ""


def card_texts(root: LexborNode, is_own_link: Callable[[str], bool] = bool) -> Iterator[CardText]:
    """Yield the texts below `root` in reading order, scripts and controls left out."""
    waiting: list[tuple[LexborNode, CardText]] = [(root, CardText(""))]
    while waiting:
        node, state = waiting.pop()
        if node.is_text_node:
            text = " ".join((node.text_content or "")[:_LONGEST_TEXT].replace("\u200b", "").split())
            if text:
                yield CardText(text, state.struck, state.heading, state.hidden, state.linked)
        elif node.tag not in _SKIPPED:
            inner = _state(node, state, is_own_link)
            waiting.extend((child, inner) for child in reversed(list(node.iter(include_text=True))))


def _state(node: LexborNode, outer: CardText, is_own_link: Callable[[str], bool]) -> CardText:
    tag, attributes = node.tag or "", node.attributes
    value = attributes.get
    struck, heading, hidden = _marks(tag, value("class") or "", value("style") or "", value("role") or "")
    hidden = hidden or "hidden" in attributes
    linked = tag == "a" and not outer.linked and is_own_link(value("href") or "")
    if not (struck or heading or hidden or linked):
        return outer
    return CardText(
        "",
        struck=outer.struck or struck,
        heading=outer.heading or heading,
        hidden=outer.hidden or hidden,
        linked=outer.linked or linked,
    )


@lru_cache(maxsize=4096)  # cards repeat their elements
def _marks(tag: str, classes: str, style: str, role: str) -> tuple[bool, bool, bool]:
    """Return whether an element strikes its text, makes it a heading, hides it."""
    classes, style = classes.lower(), style.replace(" ", "").lower()
    return (
        tag in _STRUCK or "strik" in classes or "line-through" in style,
        tag in _HEADINGS or role == "heading",
        "display:none" in style or any(hint in classes for hint in _HIDDEN_HINTS),
    )
