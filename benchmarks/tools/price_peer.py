"""The price of a product page as a user of extruct and price-parser reads it, each called as its README shows."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from decimal import Decimal

#: What extruct reads where it is told nothing, and the three that shops mostly use.
DEFAULTS = ("microdata", "json-ld", "opengraph", "microformat", "rdfa", "dublincore")
THREE_SYNTAXES = ("json-ld", "microdata", "opengraph")
#: The syntaxes in which a price may stand, the most trusted first.
_ORDER = ("json-ld", "microdata", "opengraph", "rdfa", "microformat")
_PRICES = ("price", "lowPrice", "product:price:amount", "og:price:amount", "product#price:amount")
#: The first elements named a price, and characters of each.
_NAMED = "//*[contains(translate(@class, 'PRICE', 'price'), 'price')]"
_MOST_ELEMENTS, _LONGEST_TEXT = 5, 60


def peer_price(html: str, url: str, syntaxes: tuple[str, ...] = DEFAULTS) -> Decimal | None:
    """Return the price as extruct finds it, else price-parser's of the first element that lxml finds named a price."""
    price_of = importlib.import_module("price_parser").Price.fromstring
    extract = importlib.import_module("extruct").extract
    found = extract(html, base_url=url, syntaxes=list(syntaxes), errors="ignore", uniform=True)
    stated = (str(value) for name in _ORDER for value in structured_prices(found.get(name)))
    amounts = (price_of(text).amount for texts in (stated, _named_texts(html)) for text in texts)
    return next((Decimal(amount) for amount in amounts if amount is not None), None)


def structured_prices(value: object) -> Iterator[object]:
    """Yield the prices in structured data, in document order."""
    if isinstance(value, list):
        for part in value:
            yield from structured_prices(part)
    elif isinstance(value, dict):
        yield from (price for name, part in value.items() if _is_price(name) for price in _plain_values(part))
        yield from structured_prices(list(value.values()))


def _is_price(name: object) -> bool:
    """Return whether a property is a price; RDFa names it by its whole address."""
    return str(name).rsplit("/", 1)[-1] in _PRICES


def _plain_values(value: object) -> Iterator[object]:
    """Yield what a property's value is, or its values are; RDFa sets each in an object."""
    for part in value if isinstance(value, list) else [value]:
        plain = part.get("@value") if isinstance(part, dict) else part
        if isinstance(plain, str | int | float) and plain:
            yield plain


def _named_texts(html: str) -> Iterator[str]:
    """Yield the texts of the first elements with "price" in their class."""
    parser = importlib.import_module("lxml.html")
    tree = parser.document_fromstring(
        html.encode("utf-8", "replace"), parser=parser.HTMLParser(encoding="utf-8")
    )
    for element in tree.xpath(_NAMED)[:_MOST_ELEMENTS]:
        yield " ".join(element.text_content().split())[:_LONGEST_TEXT]
