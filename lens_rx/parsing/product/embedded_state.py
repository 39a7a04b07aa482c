"""The state that scripts carry: JSON blocks, assignments, pushes to a data layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.html.urls import host_of
from lens_rx.parsing.product.claims import OfferClaim, ProductClaim
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.lenient_json import Json
from lens_rx.parsing.product.machine_amounts import currency_code, machine_amount
from lens_rx.parsing.product.schema_org import availability_of
from lens_rx.parsing.product.script_values import LEAST_JSON, decoded_text, script_values
from lens_rx.parsing.product.similarity import alnum_key, similarity, url_contains

_MAX_OBJECTS = 20_000
#: How many times longer than an object's name the heading may be.
_SHORTEST_SHARE = 4
#: Letters of a name, how like the heading it is, and how like where the address holds the object's number.
_SHORTEST_NAME = 3
_LIKE = 0.75
_LEAST_LIKE = 0.3
_CONTAINERS = (dict, list)

_TAG = re.compile(r"<[^>]{0,2000}>")
_MAX_PROSE = 5_000

_PRICE = re.compile(
    r"^(?:current|sale|sales|final|special|discount(?:ed)?|offer|selling|unit|display|min|lowest|active|buy|actual)?[_-]?price"
    r"(?:[_-]?(?:value|amount|current|sale|final|incl\w*|with_?tax|raw|numeric|eur|gbp|usd))?$"
    r"|^(?:formatted_?)?current_?retail$",
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
    likeness = _Likeness(document)
    for value in script_values(document.tree):
        for one, currency in _objects(value):
            claim = _claim(one, currency, document, likeness.of)
            if claim is not None:
                found.append(claim)
    return found[:50]


def _objects(value: Json) -> Iterator[tuple[dict[str, Json], str]]:
    """Yield the objects in `value`, each with the currency that it or the nearest one around it names."""
    stack = [(value, "")]
    for _ in range(_MAX_OBJECTS):
        if not stack:
            return
        one, currency = stack.pop()
        parts: Iterable[Json] = ()
        if isinstance(one, dict):
            currency = _text_value(one, _CURRENCY) or currency
            yield one, currency
            parts = one.values()
        elif isinstance(one, list):
            parts = one[:400]
        inner = []
        for part in parts:
            value = decoded_text(part) if isinstance(part, str) and len(part) >= LEAST_JSON else part
            if isinstance(value, _CONTAINERS):
                inner.append((value, currency))
        stack.extend(reversed(inner))


def _claim(
    one: dict[str, Json], named_currency: str, document: Document, likeness: Callable[[str], float]
) -> ProductClaim | None:
    name = _text_value(one, _NAME)
    named = likeness(name) if len(name) >= _SHORTEST_NAME else 0.0
    if named <= _LEAST_LIKE:
        return None
    sku = _text_value(one, _SKU)
    if named < _LIKE and not url_contains(sku, document.url):
        return None
    price = _price(one)
    if price is None and not sku:
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


class _Likeness:
    """How like a page's heading or title the names of objects are; hundreds of objects share a few names."""

    def __init__(self, document: Document) -> None:
        self._texts = (document.heading or document.title, document.title)
        self._heading = alnum_key(document.heading)
        self._host = alnum_key(host_of(document.url))
        self._known: dict[str, float] = {}

    def of(self, name: str) -> float:
        """Return 0..1; 0 for a name far shorter than the heading, such as the shop's own."""
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def _compute(self, name: str) -> float:
        key = alnum_key(name)
        if len(name) <= 5 or _SHORTEST_SHARE * len(key) < len(self._heading) or key in self._host:
            return 0.0
        return max(similarity(name, text) for text in self._texts)


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
    if one.keys().isdisjoint(names):
        return ""
    for name in names:
        value = one.get(name)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) < 300:
            return normalize_space(str(value))
    return ""
