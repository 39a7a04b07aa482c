"""Reads a shop's page: what is sold, for how much, and whether it can be had."""

from __future__ import annotations

from dataclasses import replace

from lens_rx.facts import PageKind, PageSnapshot, Product
from lens_rx.parsing.product import description as prose
from lens_rx.parsing.product import labels
from lens_rx.parsing.product import product_ids as identity
from lens_rx.parsing.product.claims import ProductClaim
from lens_rx.parsing.product.document import document_from_html
from lens_rx.parsing.product.page_evidence import Evidence, selects
from lens_rx.parsing.product.page_kind import is_html, page_kind
from lens_rx.parsing.product.price_resolution import resolve
from lens_rx.parsing.product.stock import DEAD_BUTTON

_MAX_IMAGES = 20
_UNPRICED = (PageKind.LISTING, PageKind.FAMILY, PageKind.NOT_FOUND, PageKind.NOT_HTML)


def product_from_html(html: str, url: str, *, snapshot: PageSnapshot | None = None) -> Product:
    """Return what the page at `url` says of its product; never raises.

    Structured data, embedded state and the visible page are weighed against each other; `sources`
    says where each field was read. A page that is no product says so in `kind` and has no price.
    `snapshot` is what rendering knows of the page, where Chromium gave it.
    """
    if not is_html(html):
        return Product(kind=PageKind.NOT_HTML, canonical_url=url)
    evidence = Evidence(document_from_html(html, url), snapshot)
    product = _described(evidence)
    stock, stock_source = _stock(evidence)
    price = resolve(evidence)
    kind = page_kind(evidence, stock, priced=price is not None)
    product = replace(product, kind=kind)
    if kind in _UNPRICED:
        return product
    if stock:
        product = replace(
            product, availability=stock, sources={**product.sources, "availability": stock_source}
        )
    if price is None:
        return product
    sources = {**product.sources, "price": price.source}
    if price.currency:
        sources["currency"] = price.currency_source
    return replace(product, price=price.amount, currency=price.currency, sources=sources)


def _described(evidence: Evidence) -> Product:
    """Return all but price, availability and kind."""
    found = {
        "name": _name(evidence),
        "sku": identity.sku(evidence),
        "brand": identity.brand(evidence),
        "gtin": identity.gtin(evidence),
        "description": _description(evidence),
        "material": identity.material(evidence),
    }
    told = {field: value for field, (value, _) in found.items()}
    specs = {
        **labels.specs(evidence.pairs),
        **{k: v for claim in reversed(evidence.claims) for k, v in claim.specs.items()},
    }
    return Product(
        name=told["name"],
        sku=told["sku"] or None,
        brand=told["brand"] or None,
        gtin=told["gtin"] or None,
        description=told["description"],
        material=told["material"],
        specs=specs,
        images=_images(evidence),
        canonical_url=evidence.document.canonical_url,
        sources={field: source for field, (value, source) in found.items() if value},
    )


def _name(evidence: Evidence) -> identity.Found:
    for claim in evidence.claims:
        if claim.name and claim.source != "meta":
            return claim.name, claim.source
    document = evidence.document
    if document.heading:
        return document.heading, "heading"
    title = evidence.metas.get("og:title") or document.title
    return title, "meta" if title else ""


def _description(evidence: Evidence) -> identity.Found:
    for claim in evidence.claims:
        if claim.description and not prose.is_order(claim.description):
            return claim.description, claim.source
    seen = prose.description(evidence.page, evidence.marks)
    return seen, "visible text" if seen else ""


def _images(evidence: Evidence) -> tuple[str, ...]:
    links = (evidence.document.link(image) for claim in evidence.claims for image in claim.images)
    return tuple(dict.fromkeys(filter(None, links)))[:_MAX_IMAGES]


def _stock(evidence: Evidence) -> tuple[str | None, str]:
    """Return the availability and its source: that of markup, else of state and page, the worse of both.

    Markup that themes write whatever the stock gives way to the thing's own button that says it is sold out.
    """
    if evidence.stock[1] == DEAD_BUTTON:
        return evidence.stock
    told = [
        (stock, claim.source) for claim in evidence.claims if (stock := _told(claim, evidence.document.url))
    ]
    markup = [one for one in told if one[1] != "state"]
    if markup:
        return markup[0]
    said = [*told[:1], *([evidence.stock] if evidence.stock[0] else [])]
    return next((one for one in said if one[0] == "OutOfStock"), said[0] if said else (None, ""))


def _told(claim: ProductClaim, page: str) -> str | None:
    """Return what a claim's offers, else its variants', say: the one that the address selects, else any to be had."""
    offers = [offer for offer in claim.offers if offer.availability]
    offers = offers or [offer for variant in claim.variants for offer in variant.offers if offer.availability]
    chosen = [offer for offer in offers if selects(page, offer.sku, offer.url)]
    told = {offer.availability for offer in (chosen if len(chosen) == 1 else offers)}
    if not told:
        return None
    return "InStock" if "InStock" in told else "OutOfStock"
