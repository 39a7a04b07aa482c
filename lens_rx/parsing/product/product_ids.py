"""The product's own numbers and brand, from all sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from stdnum import ean, isbn
from stdnum.util import clean

from lens_rx.parsing.html.tree import ancestors, normalize_space
from lens_rx.parsing.product import labels
from lens_rx.parsing.product.labels import LabelledValue
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.price_texts import element_names
from lens_rx.parsing.product.similarity import alnum_key, url_contains
from lens_rx.parsing.product.text_runs import TextRun

Found = tuple[str, str]
_NOTHING: Found = ("", "")

_CODE = re.compile(r"[\w][\w./ -]{2,38}[\w]|\w{2,40}")
_BRANDED = re.compile(
    r"(?<![a-z])(?:brand|manufacturer|designer|marque|marke|marca|hersteller|producent)(?![a-z])",
    re.IGNORECASE,
)
#: Where a maker's own page in a shop is.
_BRAND_LINK = re.compile(
    r"/(?:brands?|marcas?|marken?|hersteller|manufacturers?|marques?|producent|producers?|designers?|vendors?|merk(?:en)?|znack[ay]|marka)/",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
_ID_QUERY = re.compile(
    r"^(?:sku|pid|productid|product_id|prodid|id|item|itemid|articleid|variant|child_?sku|offerid)$",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{6,}")
_LAST_ID = re.compile(r"(?:^|[-_/.,])([a-z]{0,4}\d{4,})(?=$|[-_/.,])", re.IGNORECASE)


def sku(evidence: PageEvidence) -> Found:
    """Return the product number and its source: from the visible page, else from markup, state or address."""
    shown = [_code_of(pair) for pair in _labelled_near_heading(evidence, labels.SKU)]
    shown = [code for code in shown if code]
    claimed = [
        (code, claim.source)
        for claim in evidence.claims
        for code in (claim.sku, claim.product_id)
        if code and len(code) > 1
    ]
    for code in shown:
        if any(alnum_key(code) == alnum_key(one) for one, _ in claimed):
            return code, "visible text"
    if shown and (
        not claimed
        or not url_contains(claimed[0][0], evidence.document.url)
        or url_contains(shown[0], evidence.document.url)
    ):
        return shown[0], "visible text"
    return next(iter(claimed), None) or _from_address(evidence.document.canonical_url, evidence.document.url)


def gtin(evidence: PageEvidence) -> Found:
    """Return the GTIN and its source: a labelled one of the visible page, else one of markup.

    One that only repeats the shop's own number is no GTIN for sure, one of state often a variant's.
    """
    for pair in _labelled_near_heading(evidence, labels.GTIN):
        if found := valid_gtin(re.split(r"[(,]", pair.value, maxsplit=1)[0]):
            return found, "visible text"
    for claim in evidence.claims:
        found = valid_gtin(claim.gtin) if claim.source != "state" else ""
        if found and alnum_key(claim.sku) != found:
            return found, claim.source
    return _NOTHING


def valid_gtin(text: str) -> str:
    """Return the GTIN that `text` is (8, 12, 13 or 14 digits, or an ISBN-10), empty unless its check digit is right."""
    number = clean(text, " -").strip()
    if len(number) == 10:
        return str(isbn.to_isbn13(number)) if isbn.is_valid(number) else ""
    return number if len(set(number)) > 2 and ean.is_valid(number) else ""


def brand(evidence: PageEvidence) -> Found:
    """Return the brand and its source."""
    for claim in evidence.claims:
        if name := _brand_name(claim.brand):
            return name, claim.source
    for pair in _labelled_near_heading(evidence, labels.BRAND):
        if name := _brand_name(pair.value):
            return name, "visible text"
    name = next(_beside_heading(evidence), "")
    return name, "visible text" if name else ""


def material(evidence: PageEvidence) -> Found:
    """Return what the thing is made of, and the source."""
    for claim in evidence.claims:
        if claim.material:
            return claim.material, claim.source
    for pair in _labelled_near_heading(evidence, labels.MATERIAL):
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


def _labelled_near_heading(evidence: PageEvidence, kind: re.Pattern[str]) -> Iterator[LabelledValue]:
    """Yield the pairs with such a label, before other products begin."""
    end = (
        evidence.landmarks.related_start
        if evidence.landmarks.related_start is not None
        else len(evidence.text.runs)
    )
    start = (evidence.landmarks.heading or 0) - 60
    inside = [pair for pair in evidence.labelled_values if kind.match(pair.label) and pair.order >= start]
    yield from (pair for pair in inside if pair.order < end)
    yield from (pair for pair in inside if pair.order >= end and pair.in_table)


def _code_of(pair: LabelledValue) -> str:
    """Return the code in a value: one token with a digit in it, empty where it is none."""
    value = normalize_space(pair.value).strip(" :#.")
    first = value.split(" ")[0].strip("()[],;")
    whole = value if _CODE.fullmatch(value) and len(value) <= 24 and value.count(" ") <= 1 else first
    return whole if _NUMBER.search(whole) and _CODE.fullmatch(whole) and "€" not in whole else ""


def _brand_name(text: str) -> str:
    name = normalize_space(text.split(" | ", 1)[0]).strip(" :：,;")
    name = re.split(r"[:：]\s", name)[-1]
    return name if 1 < len(name) <= 60 and not name.startswith("http") else ""


def _from_address(*urls: str) -> Found:
    """Return the id in an address: of its query, else the last number of some length in its path."""
    for url in urls:
        try:
            parts = urlsplit(url)
            query = parse_qsl(parts.query)
        except ValueError:
            continue
        for key, value in query:
            if _ID_QUERY.match(key) and _NUMBER.search(value) and len(value) <= 40:
                return value, "address"
        path = re.sub(r"\.\w{2,5}$", "", unquote(parts.path))
        ids = _LAST_ID.findall(path) or _LONG_NUMBER.findall(path)
        if ids:
            return ids[-1], "address"
    return _NOTHING
