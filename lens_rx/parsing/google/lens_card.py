"""The source, picture, price and stock of one card of a Lens result page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from lens_rx.facts import Money
from lens_rx.parsing.html.tree import ancestors, attribute, normalize_space, text_of
from lens_rx.parsing.prices import PriceHint, PriceKind, parse_price
from lens_rx.parsing.terms import LazyPattern, load_pattern

_LONGEST_PRICE = 40
_LONGEST_NOTE = 60
#: Data addresses above this are photos of their own, and a match is not the place to carry them.
_LARGEST_PICTURE = 64_000
_PLACEHOLDER = re.compile(r"data:image/(?:gif;base64,R0lGOD|svg\+xml)|^data:,?$", re.IGNORECASE)

_CURRENCY = (
    r"(?:(?:US|CA|AU|NZ|HK|NT|S|A|C|R|MX)?\$|[€£¥￥₹₩￦₽₺₴₪₫฿₱₦₡₲₵]|"
    r"\b(?:EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|BGN|JPY|CNY|CAD|AUD|NZD|SGD|HKD|INR|BRL|MXN|TRY|AED|SAR"
    r"|ZAR|ILS|KRW|TWD|UAH|RUB|Rs\.?|Fr\.|kr|zł|Kč|Ft|lei|лв|TL|Rp|RM|грн|руб)(?![a-z])|円|元|원|kr\.|zł|Kč)"
)
_NUMBER = r"\d[\d.,'’\s\u00a0\u202f]*(?:[-–]{1,2})?"
_LEAD = r"(?:(?:from|ab|dès|desde|da|vanaf|od|fra|från|price:?|preis:?)\s+)?"
_AMOUNT = rf"(?:{_CURRENCY}\s*{_NUMBER}|{_NUMBER}\s*{_CURRENCY})\s*\*?"
_PRICE_ONLY = LazyPattern(lambda: re.compile(f"{_LEAD}{_AMOUNT}", re.IGNORECASE))
_PRICE_WITHIN = LazyPattern(lambda: re.compile(rf"(?<![\w+(]){_AMOUNT}", re.IGNORECASE))
_OTHER_AMOUNT = load_pattern("lens_rx.parsing.google", "lens_phrases", "other_amount")
_ASKED = (PriceKind.SINGLE, PriceKind.RANGE, PriceKind.FROM, PriceKind.WAS_NOW)
_SOLD_OUT = load_pattern("lens_rx.parsing.google", "lens_phrases", "sold_out")
_IN_STOCK = load_pattern("lens_rx.parsing.google", "lens_phrases", "in_stock")


def source(anchor: LexborNode, title: str) -> str:
    """Return the name of the site: the first text in the link beside its title that is no price."""
    heading = anchor.css_first("[role=heading]")
    beside = list(texts(anchor))
    for own in texts(heading) if heading is not None else (title,):
        if own in beside:
            beside.remove(own)
    return next((text for text in beside if _is_name(text)), "")


def _is_name(text: str) -> bool:
    return any(map(str.isalpha, text)) and not _PRICE_ONLY.fullmatch(text)


def picture(card: LexborNode, lazy: dict[str, str]) -> str:
    """Return the address of the card's picture, the first one; the site's icon comes after it."""
    for image in card.css("img"):
        names = ("data-src", "src", "data-lzysrc", "data-iurl")
        addresses = (lazy.get(attribute(image, "id"), ""), *(attribute(image, name) for name in names))
        found = next((address for address in addresses if _is_picture(address)), "")
        if found:
            return found
    return ""


def price(card: LexborNode, language: str, host: str) -> Money | None:
    """Return the card's price, where a text of it (not of its title) is a price in a known currency."""
    texts = [text for text in _notes(card, _LONGEST_PRICE) if not _OTHER_AMOUNT.search(text)]
    whole = [text for text in texts if _PRICE_ONLY.fullmatch(text)]
    within = [found[0] for text in texts if (found := _PRICE_WITHIN.search(text))]
    for text in (*whole, *within):
        reading = parse_price(text.rstrip("* "), PriceHint(language=language, host=host))
        if reading.kind in _ASKED and reading.amounts and reading.currency:
            return Money(reading.amounts[0], reading.currency)
    return None


def in_stock(card: LexborNode) -> bool | None:
    """Return whether the card says that the thing is in stock; None where it says neither."""
    notes = list(_notes(card, _LONGEST_NOTE))
    if any(_SOLD_OUT.search(note) for note in notes):
        return False
    return True if any(_IN_STOCK.search(note) for note in notes) else None


def _is_picture(address: str) -> bool:
    if address.startswith("data:"):
        return len(address) <= _LARGEST_PICTURE and not _PLACEHOLDER.search(address)
    return address.startswith(("https://", "http://"))


def texts(node: LexborNode) -> Iterator[str]:
    """Yield the element's runs of text, in order."""
    for leaf in node.traverse(include_text=True):
        text = normalize_space(leaf.text_content or "") if leaf.tag == "-text" else ""
        if text:
            yield text


def _notes(card: LexborNode, longest: int) -> Iterator[str]:
    """Yield the short texts of the card's elements, outermost first, without titles and struck ones."""
    for node in card.css("*"):
        is_mixed = node.css_first("[role=heading], h3, del, s, strike, script, style") is not None
        text = normalize_space(node.text(deep=False)) if is_mixed else text_of(node)
        if 0 < len(text) <= longest and not _is_struck_or_title(node):
            yield text
        label = attribute(node, "aria-label")
        if 0 < len(label) <= longest and node.tag != "a":
            yield normalize_space(label)


def _is_struck_or_title(node: LexborNode) -> bool:
    return any(_strikes(around) for around in (node, *ancestors(node, 8)))


def _strikes(node: LexborNode) -> bool:
    return (
        node.tag in ("del", "s", "strike", "h3", "script", "style")
        or attribute(node, "role") == "heading"
        or "line-through" in attribute(node, "style")
    )
