"""Changes a result page without changing what it says: names, scripts, the order of its cards."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

_NAMES = re.compile(r"\s(class|id|data-[\w-]+)=(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")

Mutation = Callable[[str, Iterable[str]], str]


def rename_classes(html: str, _ids: Iterable[str]) -> str:
    """Return the page with every class, id and data attribute under a random name."""
    rng = random.Random(1)
    names: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        words = found[2].strip("\"'").split()
        new = [names.setdefault(word, f"x{rng.randrange(10**8)}") for word in words]
        return f' {found[1] if found[1] in ("class", "id") else "data-x"}="{" ".join(new)}"'

    return _NAMES.sub(renamed, html)


def strip_scripts(html: str, _ids: Iterable[str]) -> str:
    """Return the page without its scripts and styles."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript"])
    return tree.html or ""


def reorder_cards(html: str, ids: Iterable[str]) -> str:
    """Return the page with the cards of the listings `ids` in another order, list by list."""
    tree = LexborHTMLParser(html)
    lists: dict[int, list[LexborNode]] = {}
    for card in _cards(tree, ids):
        if card.parent is not None:
            lists.setdefault(card.parent.mem_id, []).append(card)
    texts: list[str] = []
    for number, cards in enumerate(lists.values()):
        order = [card.html or "" for card in cards]
        random.Random(number).shuffle(order)
        for card, text in zip(cards, order, strict=True):
            card.replace_with(f"CARD{len(texts)}END")
            texts.append(text)
    return re.sub(r"CARD(\d+)END", lambda found: texts[int(found[1])], tree.html or "")


def _cards(tree: LexborHTMLParser, ids: Iterable[str]) -> list[LexborNode]:
    """Return the largest elements that link to one of `ids` alone, in page order, none inside another."""
    inside: dict[int, set[str]] = {}
    links: list[tuple[LexborNode, str]] = []
    known = [id_ for id_ in ids if len(id_) > 4]
    for anchor in tree.css("a[href]"):
        href = anchor.attributes["href"] or ""
        found = next((id_ for id_ in known if id_ in href), None)
        if found is None:
            continue
        links.append((anchor, found))
        node: LexborNode | None = anchor
        while node is not None:
            inside.setdefault(node.mem_id, set()).add(found)
            node = node.parent
    cards: dict[int, LexborNode] = {}
    for anchor, _ in links:
        card = anchor
        while card.parent is not None and card.parent.tag != "body" and len(inside[card.parent.mem_id]) == 1:
            card = card.parent
        cards.setdefault(card.mem_id, card)
    return list(cards.values())


MUTATIONS: dict[str, Mutation] = {
    "classes renamed": rename_classes,
    "scripts stripped": strip_scripts,
    "cards reordered": reorder_cards,
    "all of it": lambda html, ids: strip_scripts(rename_classes(reorder_cards(html, ids), ids), ids),
}
