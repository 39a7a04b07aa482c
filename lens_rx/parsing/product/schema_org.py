"""What schema.org nodes (JSON-LD, microdata, RDFa) claim of the products on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from html import unescape

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.prices import PriceHint
from lens_rx.parsing.product.claims import OfferClaim, ProductClaim
from lens_rx.parsing.product.json_ld import Node
from lens_rx.parsing.product.lenient_json import Json
from lens_rx.parsing.product.machine_amounts import currency_code, machine_amount
from lens_rx.parsing.product.stock_terms import in_stock, sold_out

_PRODUCT = re.compile(
    r"Product|Vehicle|^Car$|^Book$|^Movie$|^SoftwareApplication$|^Drug$|Event$|^Service$|^Course$"
)
_OFFER = re.compile(r"Offer$|^Demand$")
_ORGANIZATION = re.compile(r"Organization|WebSite|Corporation|Store$|^Brand$")
_TAG = re.compile(r"<[^>]{0,2000}>")
#: How often a shop encodes the entities of a text.
_MAX_ENCODED = 2
#: Properties by which variants differ.
_OPTIONS = ("color", "size")
_GTINS = ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "isbn")
#: Price types of schema.org and GoodRelations that are not the current price.
_OTHER_PRICES = re.compile(
    r"ListPrice|SRP|MSRP|Strikethrough|Regular|MinimumAdvertised|Invoice", re.IGNORECASE
)
_IN_STOCK = re.compile(
    r"(?<!not)instock|^notsold$|limitedavailability|onlineonly|preorder|presale|backorder|madetoorder|instoreonly|^(?:true|yes|available|1|in stock)$",
    re.IGNORECASE,
)
_OUT = re.compile(
    r"outofstock|notinstock|notavailable|nostock|soldout|discontinued|unavailable|oos$|^(?:false|0|no|sold)$",
    re.IGNORECASE,
)


def products(nodes: list[Node], source: str, hint: PriceHint) -> list[ProductClaim]:
    """Return the products among `nodes` in order; offers without a product make one without a name."""
    found = [_product(node, source, hint) for node in nodes if is_product(node)]
    if not found:
        loose = tuple(offer for node in nodes if _has_type(node, _OFFER) for offer in _offers(node, hint))
        return [ProductClaim(source, offers=loose)] if loose else []
    return found


def is_product(node: Node) -> bool:
    """Return whether a node is something for sale: by its type, or by having a name and offers."""
    return (_has_type(node, _PRODUCT) and not _has_type(node, _OFFER)) or (
        "offers" in node and bool(text_value(node.get("name")))
    )


def is_organization(node: Node) -> bool:
    """Return whether a node tells of who is behind a site: an organisation, a shop, a brand, or the site itself."""
    return _has_type(node, _ORGANIZATION)


def availability_of(text: str) -> str | None:
    """Return `InStock` or `OutOfStock` for an availability in any notation, None where it is neither."""
    word = text.strip().rstrip("/").rsplit("/", 1)[-1]
    compact = word.replace("_", "").replace("-", "").replace(" ", "")
    if _OUT.search(compact) or _OUT.search(word) or sold_out(text):
        return "OutOfStock"
    return "InStock" if _IN_STOCK.search(compact) or _IN_STOCK.search(word) or in_stock(text) else None


def _product(node: Node, source: str, hint: PriceHint) -> ProductClaim:
    variants = tuple(
        _variant(part, source, hint) for part in _parts(node.get("hasVariant")) if part is not node
    )
    return ProductClaim(
        source=source,
        name=_first(node, "name"),
        url=_first(node, "url", "@id"),
        sku=_code(node, "sku"),
        product_id=_code(node, "productID", "productId", "identifier"),
        mpn=_code(node, "mpn"),
        gtin=_code(node, *_GTINS),
        brand=_first(node, "brand", "manufacturer"),
        description=_first(node, "description"),
        material=_first(node, "material"),
        images=tuple(_urls(node.get("image"))),
        specs=_specs(node),
        offers=tuple(offer for part in _parts(node.get("offers")) for offer in _offers(part, hint)),
        variants=variants,
        listed=bool(node.get("_listed")),
        group=bool(variants) or _has_type(node, re.compile("^ProductGroup$")),
    )


def _offers(node: Node, hint: PriceHint) -> Iterator[OfferClaim]:
    """Yield the offers of an offer node: itself, its price specifications, the parts of an aggregate."""
    inner = [
        offer for part in _parts(node.get("offers")) if part is not node for offer in _offers(part, hint)
    ]
    low = node.get("lowPrice")
    prices = [] if low is not None else list(_prices(node))
    if inner and (low is None and not prices):
        yield from inner
        return
    currency = currency_code(_first(node, "priceCurrency", "currency", "priceCurency"))
    for value, its_currency in prices or [(low, currency)]:
        code = its_currency or currency
        yield OfferClaim(
            price=_amount(value, code, hint),
            high=_amount(node.get("highPrice"), code, hint),
            currency=code,
            availability=availability_of(_first(node, "availability")),
            sku=_code(node, "sku"),
            url=_first(node, "url", "@id"),
            name=_first(node, "name"),
            gtin=_code(node, *_GTINS),
        )


def _prices(node: Node) -> Iterator[tuple[Json, str]]:
    """Yield the current prices of an offer, each with its own currency where it has one."""
    if node.get("price") not in (None, "", []):
        yield node["price"], ""
        return
    for part in _parts(node.get("priceSpecification")):
        kind = f"{_first(part, 'priceType')} {_first(part, 'name')}"
        if (
            part.get("price") not in (None, "")
            and not _OTHER_PRICES.search(kind)
            and not part.get("validForMemberTier")
        ):
            yield part["price"], currency_code(_first(part, "priceCurrency"))


def _amount(value: Json, currency: str, hint: PriceHint) -> Decimal | None:
    value = value[0] if isinstance(value, list) and value else value
    return machine_amount(value, currency, hint) if isinstance(value, str | int | float) else None


def _specs(node: Node) -> dict[str, str]:
    pairs = ((_first(part, "name"), _first(part, "value")) for part in _parts(node.get("additionalProperty")))
    return {name: value for name, value in pairs if name and value}


def _variant(node: Node, source: str, hint: PriceHint) -> ProductClaim:
    """Return a variant with the options by which it differs among its specs."""
    claim = _product(node, source, hint)
    options = {name: value for name in _OPTIONS if (value := _first(node, name))}
    return replace(claim, specs={**claim.specs, **options})


def _parts(value: Json) -> list[Node]:
    values: Iterable[Json] = value if isinstance(value, list) else [value]
    return [part for part in values if isinstance(part, dict)]


def _has_type(node: Node, kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    kinds = types if isinstance(types, list) else [types]
    return any(kind.search(str(one).rsplit("/", 1)[-1].rsplit(":", 1)[-1]) for one in kinds if one)


def _code(node: Node, *names: str) -> str:
    text = _first(node, *names)
    for prefix in ("sku:", "mpn:", "isbn:", "ean:", "gtin:", "id:", "asin:", "upc:"):
        text = text.removeprefix(prefix)
    return text.strip() if len(text) <= 80 else ""


def _first(node: Node, *names: str) -> str:
    return next((text for name in names if (text := text_value(node.get(name)))), "")


def text_value(value: Json) -> str:
    """Return the words of a value: of a text, a named thing, or the first of several."""
    if isinstance(value, list):
        return next((text for part in value if (text := text_value(part))), "")
    if isinstance(value, dict):
        return _first(value, "name", "@value", "value", "@id", "url")
    if value is None or isinstance(value, bool):
        return ""
    text = str(value)
    for _ in range(_MAX_ENCODED):
        if "&" in text:
            text = unescape(text)
    return normalize_space(_TAG.sub(" ", text) if "<" in text else text)


def _urls(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for part in value[:40]:
            yield from _urls(part)
    elif isinstance(value, dict):
        yield from _urls(value.get("contentUrl") or value.get("url") or value.get("@id"))
    elif isinstance(value, str) and value:
        yield value
