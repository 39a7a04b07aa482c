"""Reads any list of offers by meaning; also the base of most marketplaces' readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from selectolax.lexbor import LexborHTMLParser

from lens_rx.facts import Condition, Offer
from lens_rx.parsing.html.tree import attribute, parse_html, short_text
from lens_rx.parsing.html.urls import join_url, public_host_of, site_name
from lens_rx.parsing.marketplaces import offer_phrases
from lens_rx.parsing.marketplaces.card_amounts import (
    CardAmount,
    asking_price,
    find_money,
    price_among_words,
)
from lens_rx.parsing.marketplaces.card_titles import card_title, picture_name
from lens_rx.parsing.marketplaces.condition import grade
from lens_rx.parsing.marketplaces.embedded_offers import embedded_offers
from lens_rx.parsing.marketplaces.listing_cards import (
    Card,
    CardText,
    ListingId,
    cards,
    is_aside,
    without_boilerplate,
)
from lens_rx.parsing.marketplaces.repeated_cards import repeated_cards
from lens_rx.parsing.marketplaces.sale_dates import read_day
from lens_rx.parsing.prices import PriceHint, parse_price

_MOST_LABELS = 40
_STATEMENTS = "h1, h2, h3, h4, [role=heading], [role=status], [role=alert]"
_POSTCODE = re.compile(r"\d{4,5} [^\W\d_]")
_LONGEST_BADGE = 60
#: In JSON and in microdata: `"priceCurrency": "SEK"`, `itemprop="priceCurrency" content="SEK"`; from the second letter
#: on, as one scan for a word in either case is far quicker than one for it in any.
_CURRENCIES = tuple(
    re.compile(rf"""{word}(?i:_?(?:code|id))?\\?["']\s*(?::|content=)\s*\\?["']([A-Z]{{3}})\b""")
    for word in ("urrency", "URRENCY")
)
_LEFTOVER = re.compile(r"\{\{|\}\}|\$\{|\[object ")


@dataclass(frozen=True, slots=True)
class OfferReader:
    """Reads any list of offers by meaning: cards with a link, a picture, a title, an amount, a condition.

    `name` is the marketplace's. `listing_id` gives the id of the listing that a link opens, None for any other
    link. `currency` (ISO 4217) is what a bare sign means there, empty where the host tells. Cards are found by
    repetition, and where that finds none, as the parts of the page around each listing's links; those come
    first with `by_links`.
    """

    name: str = ""
    listing_id: ListingId | None = None
    currency: str = ""
    by_links: bool = False

    def offers(self, html: str, url: str) -> list[Offer]:
        """Return the offers of a page in its order, none where it says that nothing matches."""
        tree = parse_html(html)
        if says_no_match(tree, headings_only=self.listing_id is None):
            return []
        root = tree.css_first("html")
        currency = self.currency or _declared_currency(html)
        hint = PriceHint(attribute(root, "lang") if root else "", public_host_of(url), currency)
        offers: dict[str, Offer] = {}
        for card, price in self._priced(self._cards(tree, url), hint):
            if card.id not in offers and (offer := self._offer(card, price, url, hint)):
                offers[card.id] = offer
        if offers or self.listing_id is not None:
            return list(offers.values())
        return embedded_offers(tree, url, hint, self.name or site_name(url))

    def _cards(self, tree: LexborHTMLParser, url: str) -> list[Card]:
        listing_id = self.listing_id
        if listing_id is None:
            return without_boilerplate(repeated_cards(tree, url))
        if not self.by_links:
            named = ((card, listing_id(card.href)) for card in repeated_cards(tree, url))
            if found := [replace(card, id=id_) for card, id_ in named if id_]:
                return without_boilerplate(found)
        return [card for card in cards(tree, listing_id) if not is_aside(card.node)]

    def _priced(
        self, found: Sequence[Card], hint: PriceHint
    ) -> Iterator[tuple[Card, tuple[CardAmount | None, int]]]:
        """Yield each card with its price and the index of its text.

        Where most cards state a price alone, an amount among words is none: what a thing cost new, say.
        """
        prices = [_stated_price(card, hint) for card in found]
        loosely = self.listing_id is None and 2 * sum(amount is not None for amount, _ in prices) < len(found)
        for card, (amount, at) in zip(found, prices, strict=True):
            if amount is None and loosely:
                yield card, (price_among_words(card.texts, hint), at)
            else:
                yield card, (amount, at)

    def _offer(
        self, card: Card, price: tuple[CardAmount | None, int], url: str, hint: PriceHint
    ) -> Offer | None:
        amount, at = price
        title = card_title(card)
        others = [it.text for it in card.texts if it.text != title]
        amount = amount or _without_price(others, hint)
        if amount is None or not title or _LEFTOVER.search(title):
            return None
        condition, words = _condition(card.texts, at, title)
        costs = (offer_phrases.shipping(text, hint) for text in others)
        return Offer(
            id=card.id,
            title=title,
            link=self._link(card, url),
            price=amount.low,
            price_high=amount.high,
            currency=amount.currency,
            condition=condition,
            condition_text=words,
            sold=any(map(offer_phrases.is_sold_label, _labels(card)))
            or any(map(offer_phrases.is_sold, filter(_is_short, others))),
            shipping=next((cost for cost in costs if cost is not None), None),
            best_offer=any(map(offer_phrases.is_negotiable, others)),
            wanted=any(map(offer_phrases.is_wanted, (title, *others))),
            business_seller=any(map(offer_phrases.is_business_badge, others)),
            location=next(filter(None, map(_location, others)), ""),
            listed_at=next(filter(None, map(read_day, filter(_is_short, others))), None),
            image=card.image,
            marketplace=self.name or site_name(url),
        )

    def _link(self, card: Card, url: str) -> str:
        """Return the listing's address: without parameters where its path alone tells it from others."""
        address = join_url(url, card.href)
        return address.split("?")[0] if self.listing_id is not None else address


def _stated_price(card: Card, hint: PriceHint) -> tuple[CardAmount | None, int]:
    """Return a card's price and the index of its text, else that of its labels for screen readers."""
    amount, at = asking_price(card.texts, hint)
    if amount is None:
        labels = (money for label in _labels(card) if (money := find_money(label)))
        amount, _ = asking_price([CardText(money) for money in labels], hint)
    return amount, at


def _declared_currency(html: str) -> str:
    """Return the currency that a page's data names, "" where it names none or several."""
    named = {found[1] for pattern in _CURRENCIES for found in pattern.finditer(html)}
    return named.pop() if len(named) == 1 else ""


def _without_price(texts: Sequence[str], hint: PriceHint) -> CardAmount | None:
    """Return an amount of 0 where a card says that its price is open, or a swap; what is given away is no offer."""
    currency = parse_price("1", hint).currency
    is_open = any(offer_phrases.is_negotiable(it) or offer_phrases.is_exchange(it) for it in texts)
    return CardAmount(Decimal(0), None, currency) if currency and is_open else None


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST_BADGE


def _location(text: str) -> str:
    """Return the place in a text: behind a postcode, or before a date ("Kraków - 9 lipca 2025")."""
    if not _is_short(text):
        return ""
    if _POSTCODE.match(text):
        return text
    place, dash, day = text.rpartition(" - ")
    return place if dash and read_day(day) else ""


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of any marketplace's result page, in its order. Never raises."""
    return OfferReader().offers(html, url)


def says_no_match(tree: LexborHTMLParser, *, headings_only: bool = False) -> bool:
    """Tell whether a visible text of a page, outside its frame and listings, says that nothing matches."""
    if headings_only:
        headings = (it for it in tree.css(_STATEMENTS) if offer_phrases.is_no_match(short_text(it, 240)))
        return any(not is_aside(heading) for heading in headings)
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


def _labels(card: Card) -> Iterator[str]:
    """Yield the labels for screen readers of a card's parts, without the picture's name."""
    named = picture_name(card)
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
