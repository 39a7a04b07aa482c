"""All sources of product data in a page, each read at most once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from lens_rx.facts import PageSnapshot
from lens_rx.parsing.html.urls import query_params
from lens_rx.parsing.prices import PriceHint
from lens_rx.parsing.product import embedded_state as state
from lens_rx.parsing.product import json_ld, microdata, schema_org
from lens_rx.parsing.product import meta_tags as meta
from lens_rx.parsing.product.card_groups import CardGroup, find_card_groups
from lens_rx.parsing.product.claims import ProductClaim
from lens_rx.parsing.product.discounts import apply_discounts
from lens_rx.parsing.product.document import Document
from lens_rx.parsing.product.labels import LabelledValue, find_labelled_values, is_known
from lens_rx.parsing.product.landmarks import Landmarks, find_landmarks
from lens_rx.parsing.product.price_corrections import correct_prices
from lens_rx.parsing.product.rendering import apply_rendering
from lens_rx.parsing.product.similarity import alnum_key, is_same_page, similarity, url_contains
from lens_rx.parsing.product.stock import visible_stock
from lens_rx.parsing.product.text_runs import PageText, read_page_text
from lens_rx.parsing.product.variant_selection import selected_variants
from lens_rx.parsing.product.visible_prices import VisiblePrice, find_visible_prices, raise_repeated
from lens_rx.parsing.terms import TermPattern

#: How like the heading the name of its product is, and what parts two products that may be the page's own.
_NAMED = 0.9
_AS_SURELY = 0.3
#: Runs before the heading in which its labelled values may stand.
_BEFORE_HEADING = 60


@dataclass(frozen=True)
class PageEvidence:
    """The sources of one page, read lazily and cached; `snapshot` is the rendering, where there is one."""

    document: Document
    snapshot: PageSnapshot | None = None

    @cached_property
    def text(self) -> PageText:
        """The readable text."""
        return read_page_text(self.document.tree, self.document.by_tag["h1"])

    @cached_property
    def landmarks(self) -> Landmarks:
        """The fixed points of the page."""
        return find_landmarks(self.document, self.text)

    @cached_property
    def visible_prices(self) -> list[VisiblePrice]:
        """The visible amounts, best first."""
        found = apply_rendering(_scored_prices(self), self.text, self.snapshot)
        return sorted(found, key=lambda one: (-one.score, one.order))

    @cached_property
    def hint(self) -> PriceHint:
        """What helps to read the visible prices: a currency that markup declares goes before the address."""
        declared = (offer.currency for claim in self.claims for offer in claim.offers if offer.currency)
        return replace(self.document.hint, currency=next(declared, self.document.hint.currency))

    @cached_property
    def visible_stock(self) -> tuple[str | None, str]:
        """The availability in the visible text, and where it was read."""
        return visible_stock(self.text, self.landmarks, self.visible_prices)

    @cached_property
    def card_groups(self) -> list[CardGroup]:
        """The groups of product cards, largest first."""
        return find_card_groups(self.document, self.text, self.landmarks.around_heading)

    @cached_property
    def labelled_values(self) -> list[LabelledValue]:
        """The labelled values of the visible page."""
        return find_labelled_values(self.document.by_tag, self.text)

    @cached_property
    def _known_values(self) -> list[LabelledValue]:
        """Those whose label is of a kind that is looked for."""
        return [pair for pair in self.labelled_values if is_known(pair.label)]

    def labelled(self, kind: TermPattern) -> Iterator[LabelledValue]:
        """Yield the values with such a label from shortly before the heading to where other products begin."""
        end = (
            self.landmarks.related_start if self.landmarks.related_start is not None else len(self.text.runs)
        )
        start = (self.landmarks.heading or 0) - _BEFORE_HEADING
        inside = [
            pair for pair in self._known_values if pair.order >= start and kind.matches_whole(pair.label)
        ]
        yield from (pair for pair in inside if pair.order < end)
        yield from (pair for pair in inside if pair.order >= end and pair.in_table)

    @cached_property
    def json_ld_nodes(self) -> list[json_ld.Node]:
        """The typed nodes of the JSON-LD."""
        return json_ld.nodes(self.document)

    @cached_property
    def structured_claims(self) -> list[ProductClaim]:
        """All products in the structured data, related ones included."""
        hint = self.document.hint
        return [
            *schema_org.products(self.json_ld_nodes, "json-ld", hint),
            *schema_org.products(microdata.nodes(self.document), "microdata", hint),
            *schema_org.products(microdata.rdfa_nodes(self.document), "rdfa", hint),
        ]

    @cached_property
    def meta_tags(self) -> dict[str, str]:
        """The metas by name."""
        return meta.metas(self.document)

    @cached_property
    def claims(self) -> list[ProductClaim]:
        """The claims about the page's own product, most trusted source first."""
        own = own_claims(self.structured_claims, self.document)
        meta_claim = meta.product(self.document, self.meta_tags)
        return [*own, *([meta_claim] if meta_claim else []), *state.products(self.document)]


def _scored_prices(evidence: PageEvidence) -> list[VisiblePrice]:
    found = find_visible_prices(evidence.text, evidence.landmarks, evidence.hint)
    found = correct_prices(apply_discounts(found, evidence.text), evidence.text)
    return raise_repeated(found)


def own_claims(claims: list[ProductClaim], document: Document) -> list[ProductClaim]:
    """Return the claims that are about the page's own product; none where the page is about several."""
    if not claims:
        return []
    best = max(claims, key=lambda claim: ownership_score(claim, document))
    if ownership_score(best, document) < 1 and (best.listed or sum(not claim.listed for claim in claims) > 1):
        return []
    own = [claim for claim in claims if claim is best or _is_same_product(claim, best)]
    if _has_rival(best, [claim for claim in claims if claim not in own], document):
        return []
    return [with_selected_variant(claim, document) for claim in own]


def _has_rival(best: ProductClaim, others: list[ProductClaim], document: Document) -> bool:
    """Return whether another product is as surely the page's own one, and the heading is neither's name."""
    if similarity(best.name, document.heading) >= _NAMED:
        return False
    least = ownership_score(best, document) - _AS_SURELY
    return any(not one.listed and one.name and ownership_score(one, document) >= least for one in others)


def ownership_score(claim: ProductClaim, document: Document) -> float:
    """Return how surely a claim is about the page's own product: above 1 by name or address."""
    score = 3 * max(similarity(claim.name, document.heading), 0.8 * similarity(claim.name, document.title))
    pages = (document.url, document.canonical_url)
    if claim.url and any(is_same_page(claim.url, page) for page in pages):
        score += 2
    if claim.sku and url_contains(claim.sku, document.url):
        score += 1
    if any(
        offer.price is not None for offer in (*claim.offers, *(o for v in claim.variants for o in v.offers))
    ):
        score += 0.5
    return score - (2 if claim.listed else 0) + (0.4 if claim.group else 0)


def with_selected_variant(claim: ProductClaim, document: Document) -> ProductClaim:
    """Return a group's claim with the selected variant in its place: by address, else by option or heading."""
    chosen = [variant for variant in claim.variants if is_selected(document.url, variant.sku, variant.url)]
    if len(chosen) != 1:
        chosen = selected_variants(claim, document)
    if len(chosen) != 1:
        return claim
    variant = chosen[0]
    return replace(
        variant,
        source=claim.source,
        name=claim.name or variant.name,
        mpn=variant.mpn or claim.mpn,
        brand=variant.brand or claim.brand,
        description=variant.description or claim.description,
        material=variant.material or claim.material,
        images=variant.images or claim.images,
        specs={**claim.specs, **variant.specs},
        offers=variant.offers or claim.offers,
        listed=False,
    )


def is_selected(page: str, sku: str, url: str) -> bool:
    """Return whether a page's address selects this variant: it contains its code, or the variant's path and query."""
    if sku and (url_contains(sku, page) or sku in _query_values(page)):
        return True
    bare, _, query = url.partition("#")[0].partition("?")
    return bool(query) and is_same_page(bare, page) and alnum_key(query) in alnum_key(page)


def _query_values(url: str) -> list[str]:
    return [value for values in query_params(url).values() for value in values]


def _is_same_product(claim: ProductClaim, best: ProductClaim) -> bool:
    if claim.listed != best.listed and claim.listed:
        return False
    if claim.sku and best.sku:
        return alnum_key(claim.sku) == alnum_key(best.sku)
    return (
        not claim.name
        or alnum_key(claim.name) == alnum_key(best.name)
        or similarity(claim.name, best.name) > 0.9
    )
