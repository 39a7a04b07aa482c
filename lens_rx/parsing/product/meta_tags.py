"""OpenGraph, product and Twitter metas."""

from __future__ import annotations

from lens_rx.parsing.html.tree import attribute, normalize_space
from lens_rx.parsing.product.claims import OfferClaim, ProductClaim
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.machine_amounts import currency_code, machine_amount, read
from lens_rx.parsing.product.schema_org import availability_of

#: Prefixes under which the same names stand.
_PREFIXES = ("product:", "og:product:", "og:", "product.", "")
_PRICES = (
    "sale_price:amount",
    "price:sale_amount",
    "price:amount",
    "price",
    "price.amount",
    "pretax_price:amount",
)
_CURRENCIES = ("sale_price:currency", "price:currency", "currency", "price:currency_code")


def metas(document: Document) -> dict[str, str]:
    """Return the page's metas by lower-case name; of several equal names the first."""
    found: dict[str, str] = {}
    for node in document.tree.css("meta[property][content],meta[name][content]")[:500]:
        name = (attribute(node, "property") or attribute(node, "name")).strip().lower()
        found.setdefault(name, normalize_space(attribute(node, "content")))
    return found


def product(document: Document, said: dict[str, str]) -> ProductClaim | None:
    """Return what the metas claim of the page's product, None where they claim nothing."""
    offer = _offer(document, said)
    claim = ProductClaim(
        source="meta",
        name=said.get("og:title", "") or said.get("twitter:title", ""),
        url=said.get("og:url", ""),
        sku=_get(said, "retailer_item_id", "sku"),
        gtin=_get(said, "gtin", "gtin13", "ean", "isbn", "upc"),
        mpn=_get(said, "mfr_part_no", "mpn"),
        brand=_get(said, "brand"),
        description=said.get("og:description", "") or said.get("description", ""),
        material=_get(said, "material"),
        images=tuple(filter(None, (said.get("og:image:secure_url") or said.get("og:image", ""),))),
        offers=(offer,) if offer else (),
    )
    return claim if claim.name or offer else None


def _offer(document: Document, said: dict[str, str]) -> OfferClaim | None:
    currency = currency_code(_get(said, *_CURRENCIES))
    text = _get(said, *_PRICES) or _labelled(said)
    amount = machine_amount(text, currency, document.hint)
    stock = availability_of(_get(said, "availability") or "")
    if amount is None and stock is None:
        return None
    if text and not currency:
        currency = read(text, document.hint).currency or ""
    return OfferClaim(price=amount, currency=currency, availability=stock)


def _labelled(said: dict[str, str]) -> str:
    """Return Twitter's `data` whose `label` is about a price."""
    for number in ("1", "2"):
        if "price" in said.get(f"twitter:label{number}", "").lower():
            return said.get(f"twitter:data{number}", "")
    return ""


def _get(said: dict[str, str], *names: str) -> str:
    keys = (prefix + name for name in names for prefix in _PREFIXES)
    return next((said[key] for key in keys if said.get(key)), "")
