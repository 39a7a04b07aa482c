"""OpenGraph, product and Twitter metas."""

from __future__ import annotations

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.product.claims import OfferClaim, ProductClaim
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.machine_amounts import currency_code, machine_amount, parse_cached
from lens_rx.parsing.product.schema_org import availability_of

_MAX_METAS = 500
#: Prefixes under which the same names stand.
_PREFIXES = ("product:", "og:product:", "og:", "product.", "")
_PRICES = (
    "sale_price:amount",
    "price:sale_amount",
    "price:amount",
    "price",
    "price.amount",
)
_CURRENCIES = ("sale_price:currency", "price:currency", "currency", "price:currency_code")


def metas(document: Document) -> dict[str, str]:
    """Return the page's metas by lower-case name; of several equal names the first."""
    found: dict[str, str] = {}
    for node in document.by_tag["meta"][:_MAX_METAS]:
        attributes = node.attributes
        if "content" in attributes and ("property" in attributes or "name" in attributes):
            name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            found.setdefault(name, normalize_space(attributes["content"] or ""))
    return found


def product(document: Document, tags: dict[str, str]) -> ProductClaim | None:
    """Return what the metas claim of the page's product, None where they claim nothing."""
    offer = _offer(document, tags)
    claim = ProductClaim(
        source="meta",
        name=tags.get("og:title", "") or tags.get("twitter:title", ""),
        url=tags.get("og:url", ""),
        sku=_first_of(tags, "retailer_item_id", "sku"),
        gtin=_first_of(tags, "gtin", "gtin13", "ean", "isbn", "upc"),
        mpn=_first_of(tags, "mfr_part_no", "mpn"),
        brand=_first_of(tags, "brand"),
        description=tags.get("og:description", "") or tags.get("description", ""),
        material=_first_of(tags, "material"),
        images=tuple(filter(None, (tags.get("og:image:secure_url") or tags.get("og:image", ""),))),
        offers=(offer,) if offer else (),
    )
    return claim if claim.name or offer else None


def _offer(document: Document, tags: dict[str, str]) -> OfferClaim | None:
    currency = currency_code(_first_of(tags, *_CURRENCIES))
    text = _first_of(tags, *_PRICES) or _twitter_price(tags)
    amount = machine_amount(text, currency, document.hint)
    stock = availability_of(_first_of(tags, "availability") or "")
    if amount is None and stock is None:
        return None
    if text and not currency:
        currency = parse_cached(text, document.hint).currency or ""
    return OfferClaim(price=amount, currency=currency, availability=stock)


def _twitter_price(tags: dict[str, str]) -> str:
    """Return Twitter's `data` whose `label` is about a price."""
    for number in ("1", "2"):
        if "price" in tags.get(f"twitter:label{number}", "").lower():
            return tags.get(f"twitter:data{number}", "")
    return ""


def _first_of(tags: dict[str, str], *names: str) -> str:
    keys = (prefix + name for name in names for prefix in _PREFIXES)
    return next((tags[key] for key in keys if tags.get(key)), "")
