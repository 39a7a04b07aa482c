"""eBay: result pages of offers and of sales, in both layouts and any of its languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser

from lens_rx.facts import Condition, Identity, Offer
from lens_rx.parsing.html.tree import attribute, parse_html
from lens_rx.parsing.html.urls import join_url, public_host_of, query_param, split_url
from lens_rx.parsing.marketplaces import offer_phrases
from lens_rx.parsing.marketplaces.card_amounts import amounts_in, asking_price
from lens_rx.parsing.marketplaces.condition import grade
from lens_rx.parsing.marketplaces.ebay_results import declared_count, result_cards
from lens_rx.parsing.marketplaces.ebay_sites import site
from lens_rx.parsing.marketplaces.listing_cards import Card, CardText
from lens_rx.parsing.marketplaces.marketplace import Marketplace, search_words
from lens_rx.parsing.marketplaces.sale_dates import read_day
from lens_rx.parsing.prices import PriceHint

NAME = "ebay"
HOST_NAMES = ("ebay",)
SEARCH_PATH = re.compile(r"/sch/")

#: Everything that has had an owner, or may have had one; not what shops sell new, not spare parts.
SECOND_HAND = "1500|1750|2000|2010|2020|2030|2500|2750|2990|3000|3010|4000|5000|6000"
#: A sentence is the seller's own: "Neu: Sonstige (siehe Artikelbeschreibung)" is the longest of eBay's.
_LONGEST_CONDITION = 60
_PLACEHOLDER = re.compile(
    r"^(?:shop on ebay|ebay)?$|\{\{|\}\}|\$\{|<%|\[object |^undefined$|^null$", re.IGNORECASE
)


def serves(country: str) -> bool:  # noqa: ARG001  # every marketplace answers this
    """Tell whether eBay sells in a country: it does in all."""
    return True


def search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of second-hand offers, on the site that serves a country."""
    asked_for = {"_nkw": search_words(identity), "_sacat": 0, "LH_ItemCondition": SECOND_HAND, "_ipg": 60}
    return f"https://{site(country).host}/sch/i.html?{urlencode(asked_for)}"


def sold_search_url(identity: Identity, country: str) -> str:
    """Return the address of the first page of second-hand sales, on the site that serves a country."""
    return f"{search_url(identity, country)}&LH_Sold=1&LH_Complete=1"


def says_none(html: str) -> bool:
    """Tell whether a page says that nothing matches the whole search."""
    tree = parse_html(html)
    said = declared_count(tree)
    if said is not None:
        return said.count == 0
    headings = tree.css("h1, h2, h3, [role=heading], [role=status], [role=alert]")
    return any(offer_phrases.is_no_match(" ".join(node.text().split())) for node in headings)


def offers_from_html(html: str, url: str) -> list[Offer]:
    """Return the offers of a result page, best match first, without recommendations and partial matches.

    A page for sold listings (`LH_Sold`) gives sold offers with their day. Never raises.
    """
    tree = parse_html(html)
    context = _context(tree, url)
    offers: dict[str, Offer] = {}
    for card in result_cards(tree, url):
        if card.id not in offers and (offer := _offer(card, context)):
            offers[card.id] = offer
    return list(offers.values())


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for all cards of a page."""

    url: str
    hint: PriceHint
    all_sold: bool


def _context(tree: LexborHTMLParser, url: str) -> _Context:
    root = tree.css_first("html")
    language = attribute(root, "lang") if root else ""
    return _Context(url, PriceHint(language, public_host_of(url)), query_param(url, "LH_Sold") == "1")


def _offer(card: Card, context: _Context) -> Offer | None:
    title_at = _title_at(card)
    title = _title(card, title_at)
    rest = _after_title(card.texts, title_at)
    amount, at = asking_price(rest, context.hint)
    if amount is None or _PLACEHOLDER.search(title):
        return None
    condition, words = _condition(rest, at, title)
    titles = [it.text for at, it in enumerate(card.texts) if at == title_at or (it.heading and it.linked)]
    others = [it.text for it in card.texts if it.text not in titles]
    is_sold, day = _sale(others, all_sold=context.all_sold)
    costs = (offer_phrases.shipping(text, context.hint) for text in others)
    return Offer(
        id=card.id,
        title=title,
        link=_link(card, context.url),
        price=amount.low,
        price_high=amount.high,
        currency=amount.currency,
        condition=condition,
        condition_text=words,
        sold=is_sold,
        sold_at=day,
        shipping=next((cost for cost in costs if cost is not None), None),
        bids=next((count for text in others if (count := offer_phrases.bids(text)) is not None), None),
        best_offer=amount.struck or any(map(offer_phrases.is_best_offer, others)),
        price_is_upper_bound=is_sold and amount.struck,
        image=card.image,
        marketplace=NAME,
    )


def _title(card: Card, title_at: int) -> str:
    """Return the title of a card without hints for screen readers and badges."""
    linked = " ".join(it.text for it in card.texts if it.heading and it.linked and _may_be_title(it))
    title = linked or (card.texts[title_at].text if title_at >= 0 else card.image_text)
    if card.image_text in title and len(card.image_text) > len(title) / 2:
        title = card.image_text
    return offer_phrases.without_badges(title)


def _title_at(card: Card) -> int:
    """Return the place of a card's title: the heading in its link, else what the picture is named after.

    Else it is the longest text that is linked, or heads what stands before the price; -1 without any.
    """
    able = [(at, it) for at, it in enumerate(card.texts) if _may_be_title(it)]
    headed = [at for at, it in able if it.heading and it.linked]
    named = [at for at, it in able if it.text == card.image_text]
    if headed or named:
        return max(headed) if headed else named[0]
    price_at = next((at for at, it in enumerate(card.texts) if amounts_in(it.text)), len(card.texts))
    marked = [(len(it.text), -at) for at, it in able if it.linked or (it.heading and at < price_at)]
    return -max(marked, default=(0, 1))[1]


def _may_be_title(text: CardText) -> bool:
    return not text.hidden and not offer_phrases.is_new_tab_hint(text.text) and not amounts_in(text.text)


def _after_title(texts: Sequence[CardText], title_at: int) -> Sequence[CardText]:
    """Return the texts that follow the title, all of them where no amount can follow it."""
    after = texts[title_at + 1 :]
    return after if any(c.isdigit() for it in after for c in it.text) else texts


def _condition(rest: Sequence[CardText], price_at: int, title: str) -> tuple[Condition, str]:
    """Return the condition and its words: the last ones before the price, where eBay puts them, or after it.

    Between title and price also stand the seller's own words; eBay's come last, and are short.
    """
    around = [*reversed(rest[:price_at]), *rest[price_at + 1 :]]
    texts = [it.text for it in around if not it.hidden and len(it.text) < _LONGEST_CONDITION]
    for text in texts:
        if title not in text and (found := grade(text)) is not Condition.UNKNOWN:
            return found, text.strip(" ·|")
    return Condition.UNKNOWN, ""


def _sale(texts: Sequence[str], *, all_sold: bool) -> tuple[bool, datetime | None]:
    """Tell whether a card shows a sale, and its day; what only ended, unsold, is none."""
    said = [text for text in texts if offer_phrases.is_sold(text)]
    day = next((found for text in said if (found := read_day(text))), None)
    if not said and any(offer_phrases.is_ended(text) for text in texts):
        return False, None
    if day is None and all_sold:
        day = next(
            (found for text in texts if not offer_phrases.is_ended(text) and (found := read_day(text))), None
        )
    return all_sold or day is not None, day


def _link(card: Card, url: str) -> str:
    """Return the item's address without tracking parameters."""
    address = join_url(url, card.href)
    parts, variant = split_url(address), query_param(address, "var")
    chosen = f"?var={variant}" if variant.isdecimal() and variant != "0" else ""
    return f"{parts.scheme}://{parts.netloc}/itm/{card.id}{chosen}"


#: What eBay sold: the same pages, filtered by the sites themselves.
SOLD = Marketplace("ebay-sold", sold_search_url, offers_from_html, serves, says_none, HOST_NAMES, SEARCH_PATH)
