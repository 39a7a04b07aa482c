"""Offers in the data of a page's scripts, for result pages whose cards a script would draw.

As cards are found by repetition, so is the data: the longest list of objects, each with a title, a price and a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, TypeGuard

import orjson
from selectolax.lexbor import LexborHTMLParser

from lens_rx.facts import Offer
from lens_rx.parsing.html.urls import join_url
from lens_rx.parsing.prices import PriceHint, PriceKind, parse_price
from lens_rx.parsing.product.script_values import script_values

_TITLES = ("title", "name", "subject", "headline", "heading")
_LINKS = ("url", "link", "href", "webUrl", "permalink", "path")
#: Other names of a link ("canonical_url", "vipUrl", "urlPath"), and those of a picture's or a seller's.
_LINK = re.compile(r"(?:url|link|href|permalink|uri|path)$", re.IGNORECASE)
_OTHER_LINK = re.compile(
    r"image|img|photo|picture|thumb|avatar|logo|icon|api|user|seller|shop|store", re.IGNORECASE
)
_PRICES = (
    "price",
    "offers",
    "salePrice",
    "sale_price",
    "currentPrice",
    "listingPrice",
    "askingPrice",
    "priceInfo",
    "priceDetailed",
    "priceText",
)
_AMOUNTS = ("amount", "value", "price", "lowPrice", "raw")
_CENTS = ("priceCents", "amountCents", "amount_cents", "cents")
_CURRENCIES = ("currency", "priceCurrency", "currency_code", "currencyCode", "currencyId", "currency_id")
_FEWEST = 3
#: Bounds far above those of real pages.
_MOST_SCRIPTS, _MOST_LISTS, _MOST_OFFERS, _DEEPEST, _MOST_ROWS = 60, 20_000, 400, 40, 2_000

Node = Mapping[str, Any]


def embedded_offers(tree: LexborHTMLParser, url: str, hint: PriceHint, marketplace: str) -> list[Offer]:
    """Return the offers of the longest list in the page's JSON, none where it has fewer than three."""
    lists = (found for data in _data(tree) for found in islice(_lists(data), _MOST_LISTS))
    read = (
        [it for node in found[:_MOST_OFFERS] if (it := _offer(node, url, hint, marketplace))]
        for found in lists
    )
    longest = max(read, key=len, default=[])
    return list({it.link: it for it in longest}.values()) if len(longest) >= _FEWEST else []


def _data(tree: LexborHTMLParser) -> Iterator[Any]:
    """Yield the data in a page's scripts: JSON, what is assigned or pushed, and the rows of streamed pages."""
    loaded: set[int] = set()
    for script in tree.css('script[type*="json" i]')[:_MOST_SCRIPTS]:
        with suppress(orjson.JSONDecodeError):
            value = orjson.loads(script.text())
            if not _is_pushed(value):
                loaded.add(script.mem_id)
            yield value
    streamed: list[str] = []
    for value in script_values(tree, skip=loaded):
        if _is_pushed(value):
            streamed.append(value[1])
        else:
            yield value
    yield from _streamed_rows("".join(streamed))


def _is_pushed(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a part of a streamed page: a number and a text."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)


def _streamed_rows(text: str) -> Iterator[Any]:
    """Yield the rows of a page that its server streams as text: each a number, a colon and JSON."""
    for row in text.splitlines()[:_MOST_ROWS]:
        _, _, content = row.partition(":")
        if content[:1] in ("[", "{"):
            with suppress(orjson.JSONDecodeError):
                yield orjson.loads(content)


def _lists(data: object) -> Iterator[list[Node]]:
    """Yield the lists of objects in `data`; an object that only wraps another (`item`) is left out."""
    waiting = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if depth < _DEEPEST:
            waiting.extend((it, depth + 1) for it in inner if isinstance(it, dict | list))
        if isinstance(value, list) and len(value) >= _FEWEST:
            yield [_unwrapped(it) for it in value if isinstance(it, dict)]


def _unwrapped(node: Node) -> Node:
    item = node.get("item", node.get("node"))
    return item if isinstance(item, dict) else node


def _offer(node: Node, url: str, hint: PriceHint, marketplace: str) -> Offer | None:
    title, href = _text(node, _TITLES), _text(node, _LINKS) or _other_link(node)
    if not title or not href.startswith(("http", "/")):
        return None
    amount, currency = next(
        (found for key in _PRICES if (found := _price(node.get(key), node, hint))), (None, "")
    )
    if amount is None:
        return None
    link = join_url(url, href)
    id_ = str(node.get("id") or link.rstrip("/").rpartition("/")[2])
    return Offer(id_, " ".join(title.split()), link, amount, currency, marketplace=marketplace)


def _price(value: object, node: Node, hint: PriceHint) -> tuple[Decimal, str] | None:
    """Return an amount and its currency, as a number beside its currency, a text, or an object of both."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        inner = {**node, **value}
        cents = [Decimal(it) / 100 for key in _CENTS if isinstance(it := value.get(key), int)]
        amounts = [*(value.get(key) for key in _AMOUNTS), *map(str, cents)]
        return next((found for amount in amounts if (found := _price(amount, inner, hint))), None)
    declared = _text(node, _CURRENCIES) or hint.currency
    try:
        amount = (
            Decimal(str(value))
            if isinstance(value, int | float | str) and not isinstance(value, bool)
            else None
        )
    except InvalidOperation:
        amount = None
    if amount is None:
        reading = (
            parse_price(value, PriceHint(hint.language, hint.host, declared))
            if isinstance(value, str)
            else None
        )
        is_price = reading is not None and reading.kind is not PriceKind.NONE and reading.currency
        return (reading.amounts[0], reading.currency or "") if reading and is_price else None
    currency = parse_price("1", PriceHint(hint.language, hint.host, declared)).currency
    return (amount, currency) if currency and amount.is_finite() and amount > 0 else None


def _other_link(node: Node) -> str:
    """Return the first address under a name that ends as that of a link, and is none of a picture or a person."""
    named = ((key, value) for key, value in node.items() if _LINK.search(key) and not _OTHER_LINK.search(key))
    return next(
        (value for _, value in named if isinstance(value, str) and value.startswith(("http", "/"))), ""
    )


def _text(node: Node, keys: tuple[str, ...]) -> str:
    return next((value for key in keys if isinstance(value := node.get(key), str) and value), "")
