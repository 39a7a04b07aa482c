"""The title of a card: its heading, the name of its picture, or what the listing's address repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from lens_rx.parsing.html.tree import attribute
from lens_rx.parsing.html.urls import split_url
from lens_rx.parsing.marketplaces.card_amounts import amounts_in, without_lead
from lens_rx.parsing.marketplaces.listing_cards import Card
from lens_rx.parsing.prices.normalize import fold_key

_PICTURE_OF = re.compile(r"^thumbnail of |(?:の(?:サムネイル|画像).*| (?:thumbnail|image))$", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_CODE = re.compile(r"\d{5,}|[0-9a-f]{16,}")
#: An address with fewer words says nothing about the title.
_FEW_WORDS = 3


def picture_name(card: Card) -> str:
    """Return what the card's picture is named after, "" without a name."""
    return _PICTURE_OF.sub("", card.image_text)


def card_title(card: Card) -> str:
    """Return the heading, the text that the picture or the link is named after, or what the address repeats."""
    seen = [text for text in card.texts if not text.hidden and not amounts_in(without_lead(text.text))]
    named = picture_name(card)
    headings = [it.text for it in seen if it.heading]
    linked = sorted((it.text for it in seen if it.linked), key=len, reverse=True)
    found = next((text for text in linked if named and (text in named or named in text)), "")
    title = _best(headings, named, card.href) or found or _label(card) or named or next(iter(linked), "")
    if not title:
        spoken = [text for label in _spoken(card) for text in (it.text for it in seen) if text in label]
        title = max(spoken, key=len, default="")
    return _title_by_address(title, card.href, [it.text for it in seen])


def _best(headings: Sequence[str], named: str, href: str) -> str:
    """Return the heading that shares most words with the picture's name and the address; badges share none."""
    words = {*_WORD.findall(fold_key(named)), *address_words(href)}
    return max(headings, key=lambda text: len(_shared(text, words)), default="")


def _title_by_address(title: str, href: str, texts: Sequence[str]) -> str:
    """Return a title, or the text that the listing's address repeats better: a brand may head the card.

    Where the address repeats no text, its own words are the title.
    """
    words = address_words(href)
    if len(words) < _FEW_WORDS:
        return title
    best = max(texts, key=lambda text: len(_shared(text, words)), default="")
    shared, most = len(_shared(title, words)), len(_shared(best, words))
    if title and shared and most < shared + 2:
        return title
    return best if most >= 2 else title if shared else " ".join(_slug_words(href))


def _shared(text: str, words: Iterable[str]) -> set[str]:
    return set(_WORD.findall(fold_key(text))) & set(words)


def address_words(href: str) -> list[str]:
    """Return the words of the longest part of an address's path, numbers and codes left out."""
    return [fold_key(word) for word in _slug_words(href) if len(word) > 1]


def _slug_words(href: str) -> list[str]:
    segments = split_url(href).path.split("/")
    slug = max(segments, key=lambda segment: segment.count("-") + segment.count("_"), default="")
    return [word for word in re.split(r"[-_]", unquote(slug)) if word.isalnum() and not _CODE.fullmatch(word)]


def _spoken(card: Card) -> Iterator[str]:
    """Yield what a card and its links are called for screen readers ("Go to the advert: nice coat")."""
    yield from (text.text for text in card.texts if text.hidden and text.linked)
    for node in (card.node, *card.node.css("a[aria-label], a [title]")):
        yield f"{attribute(node, 'aria-label')} {attribute(node, 'title')}"


def _label(card: Card) -> str:
    """Return the link's own label up to its first attribute ("Nice coat, brand: Zara, …")."""
    label = next((attribute(link, "title") for link in card.node.css("a[title]")), "")
    return re.split(r", ?[^\W\d]+ ?: ", label)[0]
