"""Reads result pages whose cards hold a picture, a title, an amount and a word on condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from lens_rx.facts import Condition, Offer
from lens_rx.parsing.html.tree import attribute, parse_html
from lens_rx.parsing.html.urls import join_url, public_host_of
from lens_rx.parsing.marketplaces import offer_phrases
from lens_rx.parsing.marketplaces.card_amounts import CardAmount, amounts_in, asking_price, find_money
from lens_rx.parsing.marketplaces.condition import grade
from lens_rx.parsing.marketplaces.listing_cards import Card, CardText, ListingId, cards, is_aside
from lens_rx.parsing.prices import PriceHint

_PICTURE_OF = re.compile(r"^thumbnail of |(?:の(?:サムネイル|画像).*| (?:thumbnail|image))$", re.IGNORECASE)
_MOST_LABELS = 40
_LEFTOVER = re.compile(r"\{\{|\}\}|\$\{|\[object ")


@dataclass(frozen=True, slots=True)
class CardGrid:
    """A marketplace's result pages: its name, and which links open a listing.

    `currency` (ISO 4217) is what a bare sign means there, empty where the host tells.
    """

    name: str
    listing_id: ListingId
    currency: str = ""

    def offers(self, html: str, url: str) -> list[Offer]:
        """Return the offers of a page in its order, none where it says that nothing matches."""
        tree = parse_html(html)
        if says_no_match(tree):
            return []
        root = tree.css_first("html")
        hint = PriceHint(attribute(root, "lang") if root else "", public_host_of(url), self.currency)
        offers: dict[str, Offer] = {}
        for card in cards(tree, self.listing_id):
            if card.id not in offers and not is_aside(card.node) and (offer := self._offer(card, url, hint)):
                offers[card.id] = offer
        return list(offers.values())

    def _offer(self, card: Card, url: str, hint: PriceHint) -> Offer | None:
        amount, at = asking_price(card.texts, hint)
        if amount is None:
            amount, _ = asking_price(
                [CardText(money) for label in _labels(card) if (money := find_money(label))], hint
            )
        title = _title(card, amount)
        if amount is None or not title or _LEFTOVER.search(title):
            return None
        condition, words = _condition(card.texts, at, title)
        others = [it.text for it in card.texts if it.text != title]
        costs = (offer_phrases.shipping(text, hint) for text in others)
        return Offer(
            id=card.id,
            title=title,
            link=join_url(url, card.href).split("?")[0],
            price=amount.low,
            price_high=amount.high,
            currency=amount.currency,
            condition=condition,
            condition_text=words,
            sold=any(map(offer_phrases.is_sold_label, _labels(card)))
            or any(map(offer_phrases.is_sold, others)),
            shipping=next((cost for cost in costs if cost is not None), None),
            image=card.image,
            marketplace=self.name,
        )


def says_no_match(tree: LexborHTMLParser) -> bool:
    """Tell whether a visible text of a page, outside its frame and listings, says that nothing matches."""
    root = tree.body
    for node in root.traverse(include_text=True) if root else ():
        if (
            node.tag != "-text"
            or node.parent is None
            or node.parent.tag in ("script", "style", "option", "a")
        ):
            continue
        if offer_phrases.is_no_match((node.text_content or "").strip()) and not is_aside(node.parent):
            return True
    return False


def _title(card: Card, amount: CardAmount | None) -> str:
    """Return the heading, or the linked text that the picture is named after, or the longest one."""
    seen = [text for text in card.texts if not text.hidden and not amounts_in(text.text)]
    named = _PICTURE_OF.sub("", card.image_text)
    headings = [it.text for it in seen if it.heading]
    linked = sorted((it.text for it in seen if it.linked), key=len, reverse=True)
    found = next((text for text in linked if named and (text in named or named in text)), "")
    title = next(iter(headings), "") or found or _label(card) or named or next(iter(linked), "")
    return title if amount else ""


def _label(card: Card) -> str:
    """Return the link's own label up to its first attribute ("Nice coat, brand: Zara, …")."""
    label = next((attribute(link, "title") for link in card.node.css("a[title]")), "")
    return re.split(r", ?[^\W\d]+ ?: ", label)[0]


def _labels(card: Card) -> Iterator[str]:
    """Yield the labels for screen readers of a card's parts, without the picture's name."""
    named = _PICTURE_OF.sub("", card.image_text)
    for node in card.node.css("[aria-label]")[:_MOST_LABELS]:
        label = attribute(node, "aria-label")
        yield (label.replace(named, " ") if named else label)[:60]


def _condition(texts: Sequence[CardText], price_at: int, title: str) -> tuple[Condition, str]:
    """Return the condition and its words: those nearest to the price, else those in the title."""
    around = [*texts[price_at + 1 :], *reversed(texts[:price_at])]
    near = [it.text for it in around if it.text != title and len(it.text) < 40]
    graded = ((grade(text), text) for text in near)
    found = next((it for it in graded if it[0] is not Condition.UNKNOWN), None)
    titled = grade(title)
    if found is None and titled in (Condition.FOR_PARTS, Condition.REFURBISHED):
        return titled, ""
    return found or (Condition.UNKNOWN, "")
