"""The product's own number and GTIN: candidates of all sources, ranked together as prices are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from stdnum import ean, isbn
from stdnum.util import clean

from lens_rx.parsing.html.tree import normalize_space
from lens_rx.parsing.product import labels
from lens_rx.parsing.product.claims import ProductClaim
from lens_rx.parsing.product.labels import LabelledValue
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.similarity import alnum_key, url_contains
from lens_rx.parsing.product.text_runs import TextRun

Found = tuple[str, str]
_NOTHING: Found = ("", "")

#: What a number is worth by its source; of one source only the best counts.
_LABELLED, _LABELLED_MODEL, _NAMED, _STANDING = 5.0, 1.2, 3.0, 1.7
_SKU_CLAIMS = {"json-ld": 2.5, "microdata": 2.5, "rdfa": 2.0, "meta": 1.5, "state": 1.2}
_ID_SHARE = 0.7
_OFFER_SHARE = 0.8
_QUERY, _SEGMENT = 1.8, 0.8
#: What standing in the address adds, and what looking like another kind of number takes.
_IN_ADDRESS = 0.7
_UNLIKELY = 2.0
#: What a later label is worth less than the one before it.
_LATER = 0.1
_NEAR = 40
_SHORTEST = 4
#: Numbers of one form from which they are those of variants, and what being one of them takes.
_VARIANTS = 3
_VARIANT = 1.0
_SOURCES = {"label": "visible text", "name": "visible text", "segment": "address", "query": "address"}
_VISIBLE = ("label", "name")
_CODE = re.compile(r"[\w][\w./ -]{2,38}[\w]|\w{2,40}")
_NUMBER = re.compile(r"\d")
_HASH = re.compile(r"[0-9a-f]{20,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NUMBER_NAME = re.compile(
    r"(?:product|prod|prd|item|article|art|catalog|cat|style|sku|model)[-_]?(?:reference|ref|code|number|num|no|nr|sku|id)(?![a-z])"
    r"|(?<![a-z])sku(?![a-z])",
    re.IGNORECASE,
)
_ID_QUERY = re.compile(
    r"^(?:sku|pid|productid|product_id|prodid|id|item|itemid|articleid|variant|child_?sku|offerid)$",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{6,}")
_LAST_ID = re.compile(r"(?:^|[-_/.,])([a-z]{0,4}\d{4,})(?=$|[-_/.,])", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHOLE_ID = re.compile(r"(?=[A-Za-z-]*\d)[A-Za-z0-9-]{6,20}")


@dataclass(slots=True)
class _Candidate:
    """One number with the weight of each source that states it, and its notation, as the page shows it where it does."""

    text: str
    source: str
    by_source: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return sum(self.by_source.values())


def sku(evidence: PageEvidence) -> Found:
    """Return the product number and its source: the number that the sources support best."""
    found: dict[str, _Candidate] = {}
    for text, source, weight in _numbers(evidence):
        one = found.setdefault(alnum_key(text), _Candidate(text, source))
        one.by_source[source] = max(one.by_source.get(source, 0.0), weight)
        if source in _VISIBLE and one.source not in _VISIBLE:
            one.text, one.source = text, source
    known = gtin(evidence)[0]
    stems = Counter(stem for one in found.values() if (stem := _stem(one.text)))
    ranked = sorted(
        found.values(),
        key=lambda one: -_worth(one, known, evidence) + _VARIANT * (stems[_stem(one.text)] >= _VARIANTS),
    )
    if not ranked:
        return _NOTHING
    return ranked[0].text, _SOURCES.get(ranked[0].source, ranked[0].source)


def _stem(number: str) -> str:
    """Return a number without its last part: what the numbers of a product's variants share."""
    return number.rpartition("-")[0]


def _worth(one: _Candidate, known_gtin: str, evidence: PageEvidence) -> float:
    """Return a number's support, with what its form and the address say of it."""
    worth = one.total
    if one.source not in ("segment", "query") and url_contains(one.text, evidence.document.url):
        worth += _IN_ADDRESS
    if _HASH.fullmatch(one.text) or (
        known_gtin and alnum_key(one.text).lstrip("0") == known_gtin.lstrip("0")
    ):
        worth -= _UNLIKELY
    return worth - (1.0 if " " in one.text else 0.0)


def _numbers(evidence: PageEvidence) -> Iterator[tuple[str, str, float]]:
    """Yield every number that may be the product's, with its source and weight."""
    yield from _labelled_numbers(evidence)
    yield from _named_numbers(evidence)
    sources: set[str] = set()
    for claim in evidence.claims:
        share = 0.5 if claim.source in sources else 1.0
        sources.add(claim.source)
        for text, part in (
            (claim.sku, 1.0),
            (claim.product_id, _ID_SHARE),
            (_offer_sku(claim), _OFFER_SHARE),
        ):
            if len(text) > 1:
                yield text, claim.source, _SKU_CLAIMS[claim.source] * share * part
    yield from _address_numbers(evidence)


def _labelled_numbers(evidence: PageEvidence) -> Iterator[tuple[str, str, float]]:
    for place, pair in enumerate(evidence.labelled(labels.SKU)):
        if code := _code_of(pair):
            worth = _LABELLED_MODEL if labels.MODEL.matches_whole(pair.label) else _LABELLED
            yield code, "label", worth - _LATER * min(place, 9)


def _named_numbers(evidence: PageEvidence) -> Iterator[tuple[str, str, float]]:
    """Yield the codes near the heading in elements whose attributes name a product number."""
    at = evidence.landmarks.heading
    if at is None:
        return
    for run in evidence.text.runs[max(at - 5, 0) : at + _NEAR]:
        if (
            _SHORTEST <= len(run.text) <= 24
            and _NUMBER.search(run.text)
            and _CODE.fullmatch(run.text)
            and _is_named(run)
        ):
            yield run.text, "name", _NAMED


def _is_named(run: TextRun) -> bool:
    values = [value for value in run.node.attributes.values() if value and len(value) < 80]
    return any(_NUMBER_NAME.search(value) for value in values)


def _offer_sku(claim: ProductClaim) -> str:
    """Return the number that all offers of a claim share, empty where they differ."""
    numbers = {offer.sku for offer in claim.offers if offer.sku}
    return numbers.pop() if len(numbers) == 1 else ""


def _address_numbers(evidence: PageEvidence) -> Iterator[tuple[str, str, float]]:
    """Yield the numbers of the address: of its query, whole segments, the last number in its path."""
    document = evidence.document
    for url in dict.fromkeys((document.canonical_url, document.url)):
        try:
            parts = urlsplit(url)
            query = parse_qsl(parts.query)
        except ValueError:
            continue
        for key, value in query:
            if _ID_QUERY.match(key) and _NUMBER.search(value) and len(value) <= 40:
                yield value, "query", _QUERY
        path = re.sub(r"\.\w{2,5}$", "", unquote(parts.path))
        for segment in path.split("/")[1:]:
            if _WHOLE_ID.fullmatch(segment) and document.has_value(segment):
                yield segment, "segment", _STANDING
        ids = [one for one in _LAST_ID.findall(path) if not _YEAR.fullmatch(one)] or _LONG_NUMBER.findall(
            path
        )
        if ids:
            yield ids[-1], "segment", _SEGMENT


def gtin(evidence: PageEvidence) -> Found:
    """Return the GTIN and its source: a labelled one of the visible page, else one of markup.

    One that only repeats the shop's own number is no GTIN for sure, one of state often a variant's.
    """
    for pair in evidence.labelled(labels.GTIN):
        if found := valid_gtin(re.split(r"[(,]", pair.value, maxsplit=1)[0].strip(" .:")):
            return found, "visible text"
    for claim in evidence.claims:
        found = valid_gtin(_gtin_of(claim)) if claim.source != "state" else ""
        if found and alnum_key(claim.sku) != found:
            return found, claim.source
    return _NOTHING


def _gtin_of(claim: ProductClaim) -> str:
    """Return a claim's GTIN, else the one that all of its offers share."""
    numbers = {offer.gtin for offer in claim.offers if offer.gtin}
    return claim.gtin or (numbers.pop() if len(numbers) == 1 else "")


def valid_gtin(text: str) -> str:
    """Return the GTIN that `text` is (8, 12, 13 or 14 digits, or an ISBN-10), empty unless its check digit is right."""
    number = clean(text, " -").strip()
    if len(number) == 10:
        return str(isbn.to_isbn13(number)) if isbn.is_valid(number) else ""
    return number if len(set(number)) > 2 and ean.is_valid(number) else ""


def _code_of(pair: LabelledValue) -> str:
    """Return the code in a value: one token with a digit in it, empty where it is none."""
    value = normalize_space(pair.value).strip(" :#.")
    first = value.split(" ")[0].strip("()[],;")
    whole = value if _CODE.fullmatch(value) and len(value) <= 24 and value.count(" ") <= 1 else first
    return whole if _NUMBER.search(whole) and _CODE.fullmatch(whole) and "€" not in whole else ""
