"""Cards of a result page, found by what they hold: a link to one listing, a title, an amount.

Nothing here knows a site's class names beyond hints; a card is the largest part of a page that speaks
of one listing only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Parts of a page that hold many things, so that no card reaches over them.
_CONTAINERS = frozenset({"ul", "ol", "main", "body", "html", "form", "table", "tbody", "header", "section"})
_UNREAD = frozenset({"script", "style", "svg", "noscript", "template", "-comment", "select", "button"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ASIDE_TAGS = frozenset({"nav", "aside", "footer", "header", "dialog", "template", "noscript"})
_ASIDE_ROLES = frozenset({"dialog", "navigation", "complementary", "banner", "contentinfo"})
_STRUCK = frozenset({"s", "del", "strike"})
_HIDDEN_HINTS = ("clipped", "visually-hidden", "sr-only")

#: Bounds that no real page comes near, so that a hostile one costs no more than it.
_DEEPEST, _MOST_LINKS, _MOST_CARDS = 100, 1_200, 400
_LONGEST_TEXT, _MOST_RUNS = 500, 200

ListingId = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class CardText:
    """One unbroken text of a card, as its reader sees it."""

    text: str
    struck: bool = False
    heading: bool = False
    unseen: bool = False  # read out, but not shown
    linked: bool = False  # part of the link to the listing


@dataclass(frozen=True, slots=True)
class Card:
    """The part of a page that speaks of one listing, with its texts in reading order."""

    id: str
    href: str
    node: LexborNode
    runs: tuple[CardText, ...]
    image: str
    image_text: str


def attribute(node: LexborNode, name: str) -> str:
    """Return an attribute's text, empty where it is absent or has no value."""
    return node.attributes.get(name) or ""


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around a node, the nearest first, as far as a page made by people nests them."""
    around = node.parent
    for _ in range(_DEEPEST):
        if around is None or around.tag in ("-document", "-undef"):
            return
        yield around
        around = around.parent


def is_aside(node: LexborNode) -> bool:
    """Tell whether a part of a page is hidden, or belongs to its frame: navigation, dialogs, footer."""
    return any(map(_is_frame, (node, *ancestors(node))))


def _is_frame(node: LexborNode) -> bool:
    if node.tag in _ASIDE_TAGS:
        return True
    attributes = node.attributes
    hidden = "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", "")
    return hidden or attributes.get("role") in _ASIDE_ROLES


def cards(tree: LexborHTMLParser, listing_id: ListingId) -> list[Card]:
    """Return the cards of a page in its order; one listing may have several."""
    every = ((a, listing_id(attribute(a, "href"))) for a in tree.css("a[href]"))
    links = list(islice(((a, found) for a, found in every if found), _MOST_LINKS))
    spoken_of = _spoken_of(links)
    roots: dict[int, Card] = {}
    for link, found in links:
        root = _root(link, spoken_of)
        if root.mem_id not in roots and len(roots) < _MOST_CARDS:
            roots[root.mem_id] = _card(root, link, found, listing_id)
    return list(roots.values())


def _spoken_of(links: list[tuple[LexborNode, str]]) -> dict[int, set[str]]:
    """Map each element around a link to the listings that are linked inside it."""
    inside: dict[int, set[str]] = {}
    for link, found in links:
        for around in (link, *ancestors(link)):
            inside.setdefault(around.mem_id, set()).add(found)
    return inside


def _root(link: LexborNode, spoken_of: dict[int, set[str]]) -> LexborNode:
    root, bounded = link, False
    for around in ancestors(link):
        if len(spoken_of[around.mem_id]) > 1 or around.tag in ("body", "html", "main"):
            break
        bounded = bounded or (around.tag in _CONTAINERS and _says_an_amount(root))
        if bounded:
            break
        root = around
    return root


def _says_an_amount(node: LexborNode) -> bool:
    return node.tag != "a" and any(letter.isdigit() for letter in node.text())


def _card(root: LexborNode, link: LexborNode, found: str, listing_id: ListingId) -> Card:
    picture, picture_text = _picture(root)
    texts = tuple(islice(runs(root, lambda href: listing_id(href) == found), _MOST_RUNS))
    return Card(found, attribute(link, "href"), root, texts, picture, picture_text)


def without_boilerplate(cards: Sequence[Card]) -> list[Card]:
    """Mark as not seen what the links of most cards say alike, beside what each says of its own."""
    said = Counter(text for card in cards for text in {run.text for run in card.runs if run.linked})
    refrains = {text for text, times in said.items() if times > max(2, len(cards) / 2)}
    return [_unsaid(card, refrains) for card in cards]


def _unsaid(card: Card, refrains: set[str]) -> Card:
    linked = {run.text for run in card.runs if run.linked and not run.unseen}
    if not linked & refrains or linked <= refrains:
        return card
    told = (replace(run, unseen=True) if run.linked and run.text in refrains else run for run in card.runs)
    return replace(card, runs=tuple(told))


def _picture(root: LexborNode) -> tuple[str, str]:
    for img in root.css("img"):
        for name in ("src", "data-src", "data-defer-load"):
            address = attribute(img, name)
            if address.startswith(("http", "//")):
                return address, " ".join(attribute(img, "alt").split())
    return "", ""


def runs(root: LexborNode, is_own_link: Callable[[str], bool] = bool) -> Iterator[CardText]:
    """Yield the texts below `root` in reading order, scripts and controls left out."""
    waiting: list[tuple[LexborNode, CardText]] = [(root, CardText(""))]
    while waiting:
        node, state = waiting.pop()
        if node.tag == "-text":
            text = " ".join((node.text_content or "")[:_LONGEST_TEXT].replace("\u200b", "").split())
            if text:
                yield CardText(text, state.struck, state.heading, state.unseen, state.linked)
        elif node.tag not in _UNREAD:
            inner = _state(node, state, is_own_link)
            waiting.extend((child, inner) for child in reversed(list(node.iter(include_text=True))))


def _state(node: LexborNode, outer: CardText, is_own_link: Callable[[str], bool]) -> CardText:
    attributes = node.attributes
    classes = (attributes.get("class") or "").lower()
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return CardText(
        "",
        struck=outer.struck or node.tag in _STRUCK or "strik" in classes or "line-through" in style,
        heading=outer.heading or node.tag in _HEADINGS or attributes.get("role") == "heading",
        unseen=outer.unseen
        or "hidden" in attributes
        or "display:none" in style
        or any(hint in classes for hint in _HIDDEN_HINTS),
        linked=outer.linked or (node.tag == "a" and is_own_link(attributes.get("href") or "")),
    )
