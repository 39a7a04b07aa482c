"""The content of product pages: structured data and visible text about a thing."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lens_rx.facts import Money
from lens_rx.sandbox.catalogue import ShopForm, Thing
from lens_rx.sandbox.sites.resellers import CLOTHES, SHOES
from lens_rx.sandbox.sites.shop_phrases import format_amount, format_money, phrases_for

STRUCK_PRICE_FACTOR = Decimal("1.25")
SCHEMA = "https://schema.org"


@dataclass(frozen=True, slots=True)
class ProductListing:
    """A thing on one seller's page; `price` is None where it is no longer sold."""

    thing: Thing
    seller: str
    url: str
    name: str
    price: Money | None
    locale: str
    form: ShopForm

    @property
    def rng(self) -> random.Random:
        """A new random generator, seeded by the page's address."""
        return random.Random(self.url)

    @property
    def picture(self) -> str:
        """The address of the product's picture."""
        return f"{self.url.split('/products/')[0].split('/item/')[0]}/img/{self.thing.id}.jpg"

    @property
    def sku(self) -> str:
        """The seller's article number."""
        digest = hashlib.sha256(f"{self.seller}:{self.thing.id}".encode()).hexdigest()
        return f"{self.seller[:2].upper()}-{int(digest[:8], 16) % 10**6:06d}"

    @property
    def gtin(self) -> str:
        """The thing's GTIN-13, with a valid check digit; the same for all sellers."""
        body = f"{int(hashlib.sha256(self.thing.id.encode()).hexdigest()[:12], 16) % 10**12:012d}"
        total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
        return f"{body}{-total % 10}"

    @property
    def state_not_schema(self) -> bool:
        """True where the shop embeds its data as script state instead of JSON-LD."""
        return self.form is ShopForm.JSON_LD and self.rng.random() < 0.25


def page_values(sale: ProductListing, related: Sequence[ProductListing]) -> dict[str, Any]:
    """Return what the product page's template needs."""
    words, rng = phrases_for(sale.locale), sale.rng
    return {
        "sale": sale,
        "thing": sale.thing,
        "language": sale.locale.replace("_", "-"),
        "words": words,
        "price": format_money(sale.price, sale.locale) if sale.price else "",
        "plain_price": _plain_amount(sale.price) if sale.price else "",
        "offer": _surrounding_amounts(sale, words) if sale.price else {},
        "struck": rng.random() < 0.5,
        "sizes": _sizes(sale.thing),
        "related": [(other, format_money(other.price, other.locale)) for other in related if other.price],
        "json_ld": _json_ld(sale) if sale.form is ShopForm.JSON_LD and not sale.state_not_schema else None,
        "state": _state(sale) if sale.state_not_schema else None,
    }


def _surrounding_amounts(sale: ProductListing, words: dict[str, str]) -> dict[str, str]:
    """Return texts with amounts that are not the price: struck price, shipping, instalments, warranty."""
    assert sale.price is not None
    amount, currency, unit = sale.price.amount, sale.price.currency, _smallest_unit(sale.price)

    def said(value: Decimal) -> str:
        return format_amount(value.quantize(unit), currency, sale.locale)

    scale = Decimal(100) if currency == "JPY" else Decimal(10) if currency == "SEK" else Decimal(1)
    return {
        "was": said(amount * STRUCK_PRICE_FACTOR),
        "shipping": words["shipping"].format(amount=said(Decimal("4.90") * scale), limit=said(80 * scale)),
        "instalment": words["instalment"].format(amount=said(amount / 3)),
        "warranty": words["warranty"].format(amount=said(Decimal("19.90") * scale)),
    }


def _smallest_unit(value: Money) -> Decimal:
    """Return the smallest unit of a currency."""
    return Decimal(1) if value.currency == "JPY" else Decimal("0.01")


def _plain_amount(value: Money) -> str:
    """Return an amount as in structured data: `349.00`, `78900`."""
    return str(value.amount.quantize(_smallest_unit(value)))


def _sizes(thing: Thing) -> tuple[str, ...]:
    if thing.kind in CLOTHES:
        return ("S", "M", "L", "XL")
    return ("40", "41", "42", "43", "44") if thing.kind in SHOES else ()


def _json_ld(sale: ProductListing) -> Any:
    """Return the page's JSON-LD: a product, a graph, or a product group."""
    product = _product(sale)
    form = sale.rng.choice(("plain", "graph", "group"))
    if form == "graph":
        crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1}]}
        return {"@context": SCHEMA, "@graph": [{"@type": "WebSite", "name": sale.seller}, crumbs, product]}
    if form == "group" and _sizes(sale.thing) and sale.price:
        return {"@context": SCHEMA, **_product_group(product, _sizes(sale.thing))}
    return {"@context": SCHEMA, **product}


def _product(sale: ProductListing) -> dict[str, Any]:
    thing = sale.thing
    specs = [{"@type": "PropertyValue", "name": key, "value": value} for key, value in thing.specs.items()]
    return {
        "@type": "Product",
        "name": sale.name,
        "brand": {"@type": "Brand", "name": thing.producer},
        "sku": sale.sku,
        "gtin13": sale.gtin,
        "description": thing.description,
        "material": thing.material,
        "color": thing.colour,
        "image": [sale.picture],
        "url": sale.url,
        "additionalProperty": specs,
        "offers": _offer(sale),
    }


def _offer(sale: ProductListing) -> dict[str, Any]:
    """Return the page's offer, discontinued where there is no price."""
    base = {"@type": "Offer", "url": sale.url, "seller": {"@type": "Organization", "name": sale.seller}}
    if sale.price is None:
        return {**base, "availability": f"{SCHEMA}/Discontinued"}
    return {
        **base,
        "price": _plain_amount(sale.price),
        "priceCurrency": sale.price.currency,
        "availability": f"{SCHEMA}/InStock",
        "itemCondition": f"{SCHEMA}/NewCondition",
    }


def _product_group(product: dict[str, Any], sizes: Sequence[str]) -> dict[str, Any]:
    """Return the product as a group with a variant for each size, all at one price."""
    shared = {key: value for key, value in product.items() if key not in ("offers", "sku")}
    variants = [
        {
            "@type": "Product",
            "name": f"{product['name']} - {size}",
            "size": size,
            "sku": f"{product['sku']}-{size}",
            "offers": product["offers"],
        }
        for size in sizes
    ]
    return {**shared, "@type": "ProductGroup", "productGroupID": product["sku"], "hasVariant": variants}


def _state(sale: ProductListing) -> dict[str, Any]:
    """Return the page's data as script frameworks embed it."""
    thing = sale.thing
    offer = {"current": _plain_amount(sale.price), "currency": sale.price.currency} if sale.price else None
    product = {
        "id": sale.sku,
        "ean": sale.gtin,
        "title": sale.name,
        "brand": {"name": thing.producer},
        "description": thing.description,
        "composition": thing.material,
        "attributes": dict(thing.specs),
        "price": offer,
        "inStock": offer is not None,
    }
    return {"page": "product", "locale": sale.locale, "product": product, "cart": {"items": [], "total": 0}}
