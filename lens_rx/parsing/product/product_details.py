"""The product's brand and material, from all sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lens_rx.parsing.html.tree import ancestors, normalize_space
from lens_rx.parsing.product import labels
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.price_texts import element_names
from lens_rx.parsing.product.similarity import alnum_key
from lens_rx.parsing.product.text_runs import TextRun

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


def brand(evidence: PageEvidence) -> Found:
    """Return the brand and its source."""
    for claim in evidence.claims:
        if name := _brand_name(claim.brand):
            return name, claim.source
    for pair in evidence.labelled(labels.BRAND):
        if name := _brand_name(pair.value):
            return name, "visible text"
    name = next(_beside_heading(evidence), "")
    return name, "visible text" if name else ""


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
    for run in evidence.text.runs[max(at - 3, 0) : at + 4]:
        name = _brand_name(run.text)
        if run.order == at or run.place.hidden or run.place.region in ("nav", "header", "footer"):
            continue
        if not name or len(name) > 30 or alnum_key(name) == alnum_key(heading) or name.isdigit():
            continue
        around = " ".join(element_names(one) for one in (run.node, *ancestors(run.node, 2)))
        opens = f"{heading} ".casefold().startswith(f"{name} ".casefold()) and not _in_main_heading(run)
        if opens or _BRANDED.search(around) or _BRAND_LINK.search(run.place.href):
            yield name


def _in_main_heading(run: TextRun) -> bool:
    return any(one.tag == "h1" for one in (run.node, *ancestors(run.node, 3)))


def _brand_name(text: str) -> str:
    name = normalize_space(text.split(" | ", 1)[0]).strip(" :：,;")
    name = re.split(r"[:：]\s", name)[-1]
    return name if 1 < len(name) <= 60 and not name.startswith("http") else ""
