"""The product's brand and material, from all sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lens_rx.parsing.html.tree import ancestors, normalize_space
from lens_rx.parsing.product import labels
from lens_rx.parsing.product import shop_terms as terms
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.price_texts import element_names
from lens_rx.parsing.product.similarity import alnum_key
from lens_rx.parsing.product.site_brand import site_brand
from lens_rx.parsing.product.text_runs import TextRun
from lens_rx.parsing.terms import LazyPattern, TermPattern

Found = tuple[str, str]
_NOTHING: Found = ("", "")

_BRANDED = re.compile(
    r"(?<![a-z])(?:brand|manufacturer|designer|marque|marke|marca|hersteller|producent)(?![a-z])",
    re.IGNORECASE,
)
#: Where a maker's own page in a shop is.
_BRAND_LINK = re.compile(
    r"/(?:brands?|marcas?|marken?|hersteller|manufacturers?|marques?|producent|producers?|designers?|vendors?|merk(?:en)?|znack[ay]|marka)/",
    re.IGNORECASE,
)
#: "by Nikon", "Visit the Ninja Store", and a run that ends before the name.
_BYLINE = LazyPattern(
    lambda: re.compile(rf"{terms.BYLINE}\s*(\S.{{0,30}}?)\s*(?:{terms.STORE})?", re.IGNORECASE)
)
_AFTER_BYLINE = TermPattern(lambda: terms.BYLINE)
_NO_BRANDS = (terms.NO_BRAND, terms.BUY, labels.BRAND, _AFTER_BYLINE)
_NAME = re.compile(r"[^\W\d_]")
#: What a template's placeholder begins or ends with.
_TEMPLATE = re.compile(r"^[$%]\w*[a-z]|\{\{|\}\}|<%|\[\[")


def brand(evidence: PageEvidence) -> Found:
    """Return the brand and its source."""
    for claim in evidence.claims:
        if name := _brand_name(claim.brand):
            return name, claim.source
    for pair in evidence.labelled(labels.BRAND):
        if name := _brand_name(pair.value):
            return name, "visible text"
    if name := next(_beside_heading(evidence), ""):
        return name, "visible text"
    name = site_brand(evidence)
    return name, "site name" if name else ""


def material(evidence: PageEvidence) -> Found:
    """Return what the thing is made of, and the source."""
    for claim in evidence.claims:
        if claim.material:
            return claim.material, claim.source
    for pair in evidence.labelled(labels.MATERIAL):
        if 2 < len(pair.value) <= 300:
            return pair.value, "visible text"
    return _NOTHING


def _beside_heading(evidence: PageEvidence) -> Iterator[str]:
    """Yield short texts beside the heading that may be the brand: by the heading's first words, class names or link."""
    at, heading = evidence.landmarks.heading, evidence.document.heading
    if at is None:
        return
    runs = evidence.text.runs[max(at - 3, 0) : at + 4]
    for before, run in pairwise((runs[0], *runs)):
        if run.order == at or run.place.region in ("nav", "header", "footer"):
            continue
        linked = _BRAND_LINK.search(run.place.href) is not None
        byline = _BYLINE.fullmatch(run.text.strip(" :"))
        name = _brand_name(byline[1] if byline else run.text)
        if not name or len(name) > 30 or alnum_key(name) == alnum_key(heading) or not _NAME.search(name):
            continue
        after_byline = byline is not None or _AFTER_BYLINE.fullmatch(before.text.strip(" :")) is not None
        beside = after_byline or _opens_heading(name, run, heading) or _is_named_brand(run)
        if linked or (beside and not run.place.hidden):
            yield name


def _opens_heading(name: str, run: TextRun, heading: str) -> bool:
    return f"{heading} ".casefold().startswith(f"{name} ".casefold()) and not _in_main_heading(run)


def _is_named_brand(run: TextRun) -> bool:
    return any(_BRANDED.search(element_names(one)) for one in (run.node, *ancestors(run.node, 2)))


def _in_main_heading(run: TextRun) -> bool:
    return any(one.tag == "h1" for one in (run.node, *ancestors(run.node, 3)))


def _brand_name(text: str) -> str:
    name = normalize_space(text.split(" | ", 1)[0]).strip(" :：,;")
    name = re.split(r"[:：]\s", name)[-1]
    if name.startswith(("http", "www.")) or _TEMPLATE.search(name) or not 1 < len(name) <= 60:
        return ""
    return "" if any(one.matches_whole(name) for one in _NO_BRANDS) else name
