"""The state that scripts carry: JSON blocks, assignments, pushes to a data layer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.product.claims import OfferClaim, ProductClaim
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.lenient_json import Json, loads
from lens_rx.parsing.product.machine_amounts import currency_code, machine_amount
from lens_rx.parsing.product.schema_org import availability_of
from lens_rx.parsing.product.similarity import similarity, url_contains

#: Characters of script that are read, scripts, values tried in each, objects looked at.
MAX_SCRIPT = 1_500_000
_MAX_SCRIPTS = 300
_MAX_VALUES = 40
_MAX_OBJECTS = 20_000
_MAX_LITERAL = 60_000
_MAX_LITERALS = 250_000

_START = re.compile(
    r"(?:[\w$\])\"']\s*=|JSON\.parse\(|[.\w](?:push|init|track|setup|render|create)\w*\(|\(\s*['\"]\w+['\"],)\s*(?=[{\[\"'])"
)
_BRACKETS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[{}\[\]]")
_PRODUCT_KEYS = ("price", "Price", "PRICE", "sku", "Sku", "SKU")
_TAG = re.compile(r"<[^>]{0,2000}>")
_MAX_PROSE = 5_000
_DECODER = json.JSONDecoder(strict=False)

_PRICE = re.compile(
    r"^(?:current|sale|sales|final|special|discount(?:ed)?|offer|selling|unit|display|min|lowest|active|buy|actual)?[_-]?price"
    r"(?:[_-]?(?:value|amount|current|sale|final|incl\w*|with_?tax|raw|numeric|eur|gbp|usd))?$",
    re.IGNORECASE,
)
_CURRENT = re.compile(r"current|sale|final|special|discount|offer|selling|actual|active", re.IGNORECASE)
_AMOUNT = ("current", "now", "sale", "final", "value", "amount", "price", "numeric", "raw", "min")
_NAME = ("name", "productName", "product_name", "title", "displayName", "item_name")
_SKU = (
    "sku",
    "productSku",
    "articleNumber",
    "article_number",
    "itemNumber",
    "productId",
    "product_id",
    "item_id",
    "productID",
    "id",
)
_GTIN = ("gtin", "gtin13", "ean", "ean13", "upc", "isbn", "barcode", "productEan")
_BRAND = (
    "brand",
    "brandName",
    "brand_name",
    "item_brand",
    "manufacturer",
    "manufacturerName",
    "productBrand",
    "vendor",
)
_STOCK = tuple(
    """
    availability inStock in_stock isInStock is_in_stock isAvailable available stockStatus
    availabilityStatus stock_status availableForSale isSaleable is_saleable salable purchasable
    is_purchasable orderable soldOut isSoldOut sold_out stock
    """.split()
)
#: Keys of the state in an object that describes stock.
_STATE = ("status", "stockLevelStatus", "state", "code", "orderable", "available", "isAvailable", "inStock")
_CURRENCY = ("currency", "currencyCode", "priceCurrency", "currency_code", "currencyIso", "currencyId")


def products(document: Document) -> list[ProductClaim]:
    """Return what embedded objects claim of the page's own product: same name, or an id of the address."""
    found: list[ProductClaim] = []
    for value in script_values(document.tree):
        for one, currency in _objects(value):
            claim = _claim(one, currency, document)
            if claim is not None:
                found.append(claim)
    return found[:50]


def script_values(tree: LexborHTMLParser) -> Iterator[Json]:
    """Yield the objects and lists in the page's scripts that may hold a price."""
    budget = MAX_SCRIPT
    for script in tree.css("script:not([src])")[:_MAX_SCRIPTS]:
        kind = (script.attributes.get("type") or "").lower()
        text = "" if "ld+json" in kind or budget <= 0 else script.text()
        if not text or not _may_hold_product(text):
            continue
        text = text[:budget]
        budget -= len(text)
        if "json" in kind:
            yield loads(text)
        else:
            yield from _assigned_values(text)


def _may_hold_product(text: str) -> bool:
    return any(word in text for word in _PRODUCT_KEYS)


def _assigned_values(text: str) -> Iterator[Json]:
    at = spent = 0
    for _ in range(_MAX_VALUES):
        start = _START.search(text, at)
        if start is None or spent > _MAX_LITERALS:
            return
        value, at, cost = _decode(text, start.end())
        spent += cost
        if isinstance(value, str) and value[:1] in "{[":
            value = loads(value)
        if isinstance(value, dict | list):
            yield value


def _decode(text: str, start: int) -> tuple[Json, int, int]:
    """Return the value that starts at `start`, where it ends, and the characters read as a literal."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        literal = _literal(text, start)
        value = loads(literal) if _may_hold_product(literal) else None
        return value, start + max(len(literal), 1), len(literal) or _MAX_LITERAL
    return value, end, 0


def _literal(text: str, start: int) -> str:
    """Return the bracketed text at `start`, empty where it does not close within `_MAX_LITERAL`."""
    depth = 0
    for token in _BRACKETS.finditer(text, start, start + _MAX_LITERAL):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth <= 0:
            return text[start : token.end()]
    return ""


def _objects(value: Json) -> Iterator[tuple[dict[str, Json], str]]:
    """Yield the objects in `value`, each with the currency that it or the nearest one around it names."""
    stack = [(value, "")]
    for _ in range(_MAX_OBJECTS):
        if not stack:
            return
        one, currency = stack.pop()
        parts = list(one.values()) if isinstance(one, dict) else one[:400] if isinstance(one, list) else []
        if isinstance(one, dict):
            currency = _text_value(one, _CURRENCY) or currency
            yield one, currency
        stack.extend((part, currency) for part in reversed(parts) if isinstance(part, dict | list))


def _claim(one: dict[str, Json], named_currency: str, document: Document) -> ProductClaim | None:
    name = _text_value(one, _NAME)
    sku = _text_value(one, _SKU)
    price = _price(one)
    if len(name) < 3 or (price is None and not sku):
        return None
    named = (
        max(similarity(name, document.heading or document.title), similarity(name, document.title))
        if len(name) > 5
        else 0
    )
    if named < 0.75 and not (url_contains(sku, document.url) and named > 0.3):
        return None
    currency = currency_code(_price_currency(one) or named_currency)
    amount = machine_amount(price, currency, document.hint) if price is not None else None
    offer = OfferClaim(price=amount, currency=currency, availability=_stock(one))
    return ProductClaim(
        source="state",
        name=name,
        sku=sku,
        gtin=_text_value(one, _GTIN),
        brand=_text_value(one, _BRAND),
        description=_plain_text(one.get("description")),
        offers=(offer,),
    )


def _price(one: dict[str, Json]) -> str | int | float | None:
    """Return the object's price: one named current before a plain one, never an old one."""
    keys = [key for key in one if _PRICE.match(key)]
    for key in sorted(keys, key=lambda key: not _CURRENT.search(key)):
        value = one[key]
        for _ in range(2):
            if isinstance(value, dict):
                value = next((value[name] for name in _AMOUNT if value.get(name)), None)
        if (
            isinstance(value, str | int | float)
            and not isinstance(value, bool)
            and str(value).strip() not in ("", "0")
        ):
            return value
    return None


def _price_currency(one: dict[str, Json]) -> str:
    """Return the currency that stands beside the amount in an object's price, empty where none does."""
    for key, value in one.items():
        if isinstance(value, dict) and _PRICE.match(key):
            parts = (value, *(part for part in value.values() if isinstance(part, dict)))
            return next((word for part in parts if (word := _text_value(part, _CURRENCY))), "")
    return ""


def _stock(one: dict[str, Json]) -> str | None:
    """Return the availability that an object states, in a value of its own or in a nested object."""
    for key in _STOCK:
        value = one.get(key)
        for _ in range(2):
            if isinstance(value, dict):
                value = next((value[name] for name in _STATE if name in value), None)
        if isinstance(value, bool):
            return "InStock" if value != ("sold" in key.lower()) else "OutOfStock"
        if isinstance(value, str) and (stock := availability_of(value)):
            return stock
    return None


def _plain_text(value: Json) -> str:
    """Return a text without its markup, empty for what is no text."""
    text = value[:_MAX_PROSE] if isinstance(value, str) else ""
    return normalize_space(_TAG.sub(" ", text) if "<" in text else text)


def _text_value(one: dict[str, Json], names: tuple[str, ...]) -> str:
    for name in names:
        value = one.get(name)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) < 300:
            return normalize_space(str(value))
    return ""
