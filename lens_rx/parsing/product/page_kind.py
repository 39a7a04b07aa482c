"""What a page turned out to be: a product, or one of the pages that are no offer."""

from __future__ import annotations

import re

from lens_rx.facts import PageKind
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.listing import is_listing
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.price_words import Meaning

_TAG = re.compile(
    r"<(?:!doctype|html|head|body|div|meta|p|script|span|title|main|section|article)\b", re.IGNORECASE
)


def is_html(text: str) -> bool:
    """Return whether `text` is a web page, not a PDF, an image or a JSON answer."""
    start = text[:2_000].lstrip("\ufeff \t\r\n")
    if start.startswith(("%PDF", "{", "[", "\x89PNG", "GIF8", "PK\x03\x04", "\xff\xd8")):
        return False
    return _TAG.search(text[:200_000]) is not None


def page_kind(evidence: PageEvidence, stock: str | None, *, priced: bool) -> PageKind:
    """Return the kind of the page; `priced` is set where a price was found."""
    own = [claim for claim in evidence.claims if claim.source not in ("meta", "state")]
    offered = any(offer.price is not None for claim in own for offer in claim.offers)
    if _says_not_found(evidence) and not offered and not evidence.landmarks.buy_buttons:
        return PageKind.NOT_FOUND
    if is_listing(evidence):
        return PageKind.LISTING
    if _is_family(evidence, priced=priced):
        return PageKind.FAMILY
    return PageKind.SOLD_OUT if stock == "OutOfStock" else PageKind.PRODUCT


def _says_not_found(evidence: PageEvidence) -> bool:
    for text in (evidence.document.title, evidence.document.heading):
        found = words.NOT_FOUND.search(text.replace("’", "'"))
        if found is not None and (len(found[0]) > 6 or len(text) < 60):
            return True
    return False


def _is_family(evidence: PageEvidence, *, priced: bool) -> bool:
    if "product.group" in evidence.meta_tags.get("og:type", ""):
        return True
    groups = [claim for claim in evidence.claims if claim.group and claim.variants]
    prices = {
        offer.price
        for claim in groups
        for variant in claim.variants
        for offer in variant.offers
        if offer.price
    }
    if len(prices) > 1 and not priced:
        return True
    return not any(offer.price for claim in evidence.claims for offer in claim.offers) and _starts_from(
        evidence
    )


def _starts_from(evidence: PageEvidence) -> bool:
    """Return whether the page's best amount is the lowest of several, as in "From $999"."""
    likely = [one for one in evidence.visible_prices if one.score > 0]
    if not likely or Meaning.FROM not in likely[0].meanings:
        return False
    if any(one.amount == likely[0].amount and Meaning.FROM not in one.meanings for one in likely):
        return False
    landmarks, runs = evidence.landmarks, evidence.text.runs
    buttons = (runs[order].place.href for order in landmarks.buy_buttons if order < len(runs))
    return all(landmarks.leads_away(href) for href in buttons)
