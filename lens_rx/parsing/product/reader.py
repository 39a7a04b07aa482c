"""Reads a shop's page: what is sold, for how much, and whether it can be had."""

from __future__ import annotations

from dataclasses import replace

from lens_rx.facts import PageKind, PageSnapshot, Product
from lens_rx.parsing.instructions import is_instruction
from lens_rx.parsing.product import description as prose
from lens_rx.parsing.product import labels, product_details, product_numbers
from lens_rx.parsing.product.claims import ProductClaim
from lens_rx.parsing.product.document import document_from_html
from lens_rx.parsing.product.page_evidence import PageEvidence, is_selected
from lens_rx.parsing.product.page_kind import is_html, page_kind
from lens_rx.parsing.product.price_resolution import resolve
from lens_rx.parsing.product.stock import DISABLED_BUTTON

_MAX_IMAGES = 20
_UNPRICED = (PageKind.LISTING, PageKind.FAMILY, PageKind.NOT_FOUND, PageKind.NOT_HTML)


def product_from_html(html: str, url: str, *, snapshot: PageSnapshot | None = None) -> Product:
    """Return the product of the page at `url`; never raises.

    Structured data, embedded state and the visible page are weighed against each other; `sources`
    names the source of each field. A page that is no product has another `kind` and no price.
    `snapshot` is what rendering knows of the page, where Chromium gave it.
    """
    if not is_html(html):
        return Product(kind=PageKind.NOT_HTML, canonical_url=url)
    evidence = PageEvidence(document_from_html(html, url), snapshot)
    product = _product_details(evidence)
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


def _product_details(evidence: PageEvidence) -> Product:
    """Return all but price, availability and kind."""
    found = {
        "name": _name(evidence),
        "sku": product_numbers.sku(evidence),
        "brand": product_details.brand(evidence),
        "gtin": product_numbers.gtin(evidence),
        "description": _description(evidence),
        "material": product_details.material(evidence),
    }
    values = {field: value for field, (value, _) in found.items()}
    specs = {
        **labels.specs_from_tables(evidence.labelled_values),
        **{k: v for claim in reversed(evidence.claims) for k, v in claim.specs.items()},
    }
    return Product(
        name=values["name"],
        sku=values["sku"] or None,
        brand=values["brand"] or None,
        gtin=values["gtin"] or None,
        description=values["description"],
        material=values["material"],
        specs=specs,
        images=_images(evidence),
        canonical_url=evidence.document.canonical_url,
        sources={field: source for field, (value, source) in found.items() if value},
    )


def _name(evidence: PageEvidence) -> product_details.Found:
    for claim in evidence.claims:
        if claim.name and claim.source != "meta":
            return claim.name, claim.source
    document = evidence.document
    if document.heading:
        return document.heading, "heading"
    title = evidence.meta_tags.get("og:title") or document.title
    return title, "meta" if title else ""


def _description(evidence: PageEvidence) -> product_details.Found:
    for claim in evidence.claims:
        if claim.description and not is_instruction(claim.description):
            return claim.description, claim.source
    visible = prose.description(evidence.text, evidence.landmarks)
    return visible, "visible text" if visible else ""


def _images(evidence: PageEvidence) -> tuple[str, ...]:
    links = (evidence.document.link(image) for claim in evidence.claims for image in claim.images)
    return tuple(dict.fromkeys(filter(None, links)))[:_MAX_IMAGES]


def _stock(evidence: PageEvidence) -> tuple[str | None, str]:
    """Return the availability and its source: that of markup, else of state and page, the worse of both.

    Markup is often written by the theme whatever the stock, so a disabled button that reads "sold out" overrules it.
    """
    if evidence.visible_stock[1] == DISABLED_BUTTON:
        return evidence.visible_stock
    claimed = [
        (stock, claim.source)
        for claim in evidence.claims
        if (stock := _claimed_stock(claim, evidence.document.url))
    ]
    markup = [one for one in claimed if one[1] != "state"]
    if markup:
        return markup[0]
    stated = [*claimed[:1], *([evidence.visible_stock] if evidence.visible_stock[0] else [])]
    return next((one for one in stated if one[0] == "OutOfStock"), stated[0] if stated else (None, ""))


def _claimed_stock(claim: ProductClaim, page: str) -> str | None:
    """Return the availability of a claim's offers, else of its variants: of the selected one, else in stock if any is."""
    offers = [offer for offer in claim.offers if offer.availability]
    offers = offers or [offer for variant in claim.variants for offer in variant.offers if offer.availability]
    chosen = [offer for offer in offers if is_selected(page, offer.sku, offer.url)]
    states = {offer.availability for offer in (chosen if len(chosen) == 1 else offers)}
    if not states:
        return None
    return "InStock" if "InStock" in states else "OutOfStock"
