"""Everything that a page says of its product, gathered from all sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from lens_rx.facts import PageSnapshot
from lens_rx.parsing.prices import PriceHint
from lens_rx.parsing.product import embedded_state as state
from lens_rx.parsing.product import json_ld, microdata, schema_org
from lens_rx.parsing.product import meta_tags as meta
from lens_rx.parsing.product.claims import ProductClaim
from lens_rx.parsing.product.discounts import discounts
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.labels import Pair, pairs
from lens_rx.parsing.product.landmarks import Landmarks, landmarks
from lens_rx.parsing.product.rendering import rendered
from lens_rx.parsing.product.similarity import folded, in_url, same_page, similarity
from lens_rx.parsing.product.stock import seen_stock
from lens_rx.parsing.product.text_runs import Outline, outline
from lens_rx.parsing.product.visible_prices import VisiblePrice, raise_repeated, seen_prices


@dataclass(frozen=True)
class Evidence:
    """A page, with its rendering where there is one; each source is read once, when it is first asked for."""

    document: Document
    snapshot: PageSnapshot | None = None

    @cached_property
    def page(self) -> Outline:
        """The readable text."""
        return outline(self.document.tree)

    @cached_property
    def marks(self) -> Landmarks:
        """The fixed points of the page."""
        return landmarks(self.document, self.page)

    @cached_property
    def seen(self) -> list[VisiblePrice]:
        """The visible amounts, best first."""
        found = rendered(_weighed(self), self.page, self.snapshot)
        return sorted(found, key=lambda one: (-one.score, one.order))

    @cached_property
    def hint(self) -> PriceHint:
        """What helps to read the visible prices: a currency that markup declares goes before the address."""
        declared = (offer.currency for claim in self.claims for offer in claim.offers if offer.currency)
        return replace(self.document.hint, currency=next(declared, self.document.hint.currency))

    @cached_property
    def stock(self) -> tuple[str | None, str]:
        """What the visible page says of availability, and where."""
        return seen_stock(self.page, self.marks, self.seen)

    @cached_property
    def pairs(self) -> list[Pair]:
        """The labelled values of the visible page."""
        return pairs(self.document.tree, self.page)

    @cached_property
    def structured(self) -> list[ProductClaim]:
        """All products that markup tells of, related ones too."""
        hint = self.document.hint
        return [
            *schema_org.products(json_ld.nodes(self.document), "json-ld", hint),
            *schema_org.products(microdata.nodes(self.document), "microdata", hint),
            *schema_org.products(microdata.rdfa_nodes(self.document), "rdfa", hint),
        ]

    @cached_property
    def metas(self) -> dict[str, str]:
        """The metas by name."""
        return meta.metas(self.document)

    @cached_property
    def claims(self) -> list[ProductClaim]:
        """The claims about the page's own product, most trusted source first."""
        own = own_claims(self.structured, self.document)
        meta_claim = meta.product(self.document, self.metas)
        return [*own, *([meta_claim] if meta_claim else []), *state.products(self.document)]


def _weighed(evidence: Evidence) -> list[VisiblePrice]:
    found = seen_prices(evidence.page, evidence.marks, evidence.hint)
    return raise_repeated(discounts(found, evidence.page))


def own_claims(claims: list[ProductClaim], document: Document) -> list[ProductClaim]:
    """Return the claims that are about the page's own product; none where the page is about several."""
    if not claims:
        return []
    best = max(claims, key=lambda claim: own_score(claim, document))
    if own_score(best, document) < 1 and (best.listed or sum(not claim.listed for claim in claims) > 1):
        return []
    own = [claim for claim in claims if claim is best or _same_thing(claim, best)]
    return [selected(claim, document) for claim in own]


def own_score(claim: ProductClaim, document: Document) -> float:
    """Return how surely a claim is about the page's own product: above 1 by name or address."""
    score = 3 * max(similarity(claim.name, document.heading), 0.8 * similarity(claim.name, document.title))
    pages = (document.url, document.canonical_url)
    if claim.url and any(same_page(claim.url, page) for page in pages):
        score += 2
    if claim.sku and in_url(claim.sku, document.url):
        score += 1
    if any(
        offer.price is not None for offer in (*claim.offers, *(o for v in claim.variants for o in v.offers))
    ):
        score += 0.5
    return score - (2 if claim.listed else 0) + (0.4 if claim.group else 0)


def selected(claim: ProductClaim, document: Document) -> ProductClaim:
    """Return a group's claim with the variant that the address selects in its place, where there is one."""
    chosen = [variant for variant in claim.variants if selects(document.url, variant.sku, variant.url)]
    if len(chosen) != 1:
        return claim
    variant = chosen[0]
    return ProductClaim(
        source=claim.source,
        name=claim.name or variant.name,
        url=variant.url,
        sku=variant.sku,
        product_id=variant.product_id,
        mpn=variant.mpn or claim.mpn,
        gtin=variant.gtin,
        brand=variant.brand or claim.brand,
        description=variant.description or claim.description,
        material=variant.material or claim.material,
        images=variant.images or claim.images,
        specs={**claim.specs, **variant.specs},
        offers=variant.offers or claim.offers,
    )


def selects(page: str, sku: str, url: str) -> bool:
    """Tell whether a page's address names this variant: by its code, or by the same path and query."""
    if sku and in_url(sku, page):
        return True
    bare, _, query = url.partition("#")[0].partition("?")
    return bool(query) and same_page(bare, page) and folded(query) in folded(page)


def _same_thing(claim: ProductClaim, best: ProductClaim) -> bool:
    if claim.listed != best.listed and claim.listed:
        return False
    if claim.sku and best.sku:
        return folded(claim.sku) == folded(best.sku)
    return (
        not claim.name or folded(claim.name) == folded(best.name) or similarity(claim.name, best.name) > 0.9
    )
