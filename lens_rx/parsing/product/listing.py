"""Whether a page is a list of products: signs of a list weighed against signs of a product of its own."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lens_rx.parsing.product import labels
from lens_rx.parsing.product import shop_terms as words
from lens_rx.parsing.product.card_groups import CardGroup
from lens_rx.parsing.product.claims import MARKUP_SOURCES, ProductClaim
from lens_rx.parsing.product.page_evidence import PageEvidence
from lens_rx.parsing.product.price_words import Meaning
from lens_rx.parsing.product.similarity import alnum_key
from lens_rx.parsing.product.visible_prices import CLEAR, VisiblePrice

#: Products in structured data from which the page is about several.
_SEVERAL = 4
#: Cards of the largest group, and what they are worth as a sign.
_GRID_SIZES = ((16, 3.5), (8, 2.5), (4, 1.5))
#: Number of runs after the heading in which the product's own buy button stands, and after a grid's last card.
_AFTER_HEADING = 300
_LAST_CARD = 15
_LIST_PATH = re.compile(
    r"/(?:c|l|cat|categor(?:y|ies|ia|ie)|kategori[ea]?n?|collections?|browse|search|shop|s|subcategory|department)(?:/|$)",
    re.IGNORECASE,
)
_PRODUCT_PATH = re.compile(
    r"/(?:p|dp|pd|pdp|ip|itm|item|products?|produ[ck]te?|produit|producto|prod)/[^/]{3,}", re.IGNORECASE
)
_LIST_QUERY = re.compile(r"(?:^|&)(?:q|query|search|page|sort|keyword)=", re.IGNORECASE)
_CONTROL_LENGTH = 60
#: Runs behind the main heading in which the price of a product's own page mostly stands.
_AT_HEADING = 12
_DIGITS = re.compile(r"\d")


def is_listing(evidence: PageEvidence) -> bool:
    """Return whether a page is a list of products rather than a page of one."""
    return list_margin(evidence) > 0


def list_margin(evidence: PageEvidence) -> float:
    """Return how much more the signs of a list weigh than those of a product."""
    grid = _grid(evidence)
    return list_score(evidence, grid) - product_score(evidence, grid)


def list_score(evidence: PageEvidence, grid: CardGroup | None) -> float:
    """Return the weight of the signs of a list: cards, controls, structured data, address."""
    score = _grid_score(grid, evidence)
    score += _control_score(evidence) * (1.0 if grid is not None else 0.5)
    products = {alnum_key(claim.name) for claim in evidence.structured_claims if claim.name}
    unlisted = {
        alnum_key(claim.name) for claim in evidence.structured_claims if claim.name and not claim.listed
    }
    if len(unlisted) >= 2 * _SEVERAL or (len(products) >= _SEVERAL and not _own(evidence)):
        score += 1.5 if _own(evidence) else 3.0
    return score + _address_score(evidence.document.url)


def product_score(evidence: PageEvidence, grid: CardGroup | None) -> float:
    """Return the weight of the signs of a product: structured data, buy button, a price of its own."""
    own = _own(evidence)
    offered = any(offer.price is not None or offer.availability for claim in own for offer in claim.offers)
    score = 3.0 if offered else 1.0 if own else 0.0
    meta = [offer for claim in evidence.claims if claim.source in ("meta", "state") for offer in claim.offers]
    score += 1.5 if any(offer.price is not None for offer in meta) else 0.0
    score += 0.5 if evidence.meta_tags.get("og:type", "").endswith("product") else 0.0
    score += 2.0 if _has_own_button(evidence, grid) else 0.0
    best = evidence.visible_prices[0] if evidence.visible_prices else None
    if best is not None and best.score >= CLEAR and not _in_grid(best.order, grid):
        score += 2.5 if _is_at_heading(best, evidence) else 1.5
    score += 1.5 if _has_number(evidence, grid) else 0.0
    score += 0.5 if evidence.visible_stock[0] else 0.0
    return score + (1.0 if _has_details(evidence) else 0.0)


def _own(evidence: PageEvidence) -> list[ProductClaim]:
    return [claim for claim in evidence.claims if claim.source in MARKUP_SOURCES]


def _grid(evidence: PageEvidence) -> CardGroup | None:
    """Return the largest group of cards that may be the page's list: priced before pictures alone."""
    groups = [
        group for group in evidence.card_groups if group.region not in ("nav", "footer", "header", "aside")
    ]
    priced = [group for group in groups if group.priced]
    return next(iter(priced or groups), None)


def _grid_score(grid: CardGroup | None, evidence: PageEvidence) -> float:
    if grid is None:
        return 0.0
    score = next((worth for least, worth in _GRID_SIZES if grid.size >= least), 0.5)
    related, heading = evidence.landmarks.related_start, evidence.landmarks.heading
    if related is not None and (heading is None or related > heading) and grid.orders[0] >= related:
        return score * 0.3
    if not grid.priced:
        score *= 0.4
    buttons = sum(_in_grid(order, grid) for order in evidence.landmarks.buy_buttons)
    return score + (1.0 if buttons >= _SEVERAL else 0.0)


def _in_grid(order: int, grid: CardGroup | None) -> bool:
    return grid is not None and grid.orders[0] <= order <= grid.orders[-1] + _LAST_CARD


def _has_own_button(evidence: PageEvidence, grid: CardGroup | None) -> bool:
    landmarks = evidence.landmarks
    start = landmarks.heading or 0
    end = start + _AFTER_HEADING
    if grid is not None and grid.orders[0] > start:
        end = min(end, grid.orders[0])
    return any(start - 20 <= order <= end and not _in_grid(order, grid) for order in landmarks.buy_buttons)


def _is_at_heading(price: VisiblePrice, evidence: PageEvidence) -> bool:
    """Return whether an amount stands right behind the main heading, as that of one product does."""
    heading = evidence.landmarks.heading
    behind = heading is not None and 0 < price.order - heading <= _AT_HEADING
    return behind and Meaning.FROM not in price.meanings


def _has_number(evidence: PageEvidence, grid: CardGroup | None) -> bool:
    """Return whether the page labels the number of one product, not those of several, and outside of the grid."""
    pairs = [pair for kind in (labels.SKU, labels.GTIN) for pair in evidence.labelled(kind)]
    pairs = [pair for pair in pairs if _DIGITS.search(pair.value)]
    several = len({alnum_key(pair.value) for pair in pairs}) >= 2 * _SEVERAL
    return not several and any(not _in_grid(pair.order, grid) for pair in pairs)


def _has_details(evidence: PageEvidence) -> bool:
    """Return whether the page labels a number, a brand or a material, or has a table of properties."""
    pairs = evidence.labelled_values
    labelled = any(
        labels.is_known(pair.label) for pair in pairs if pair.order >= (evidence.landmarks.heading or 0)
    )
    return labelled or sum(pair.in_table for pair in pairs) >= _SEVERAL


def _control_score(evidence: PageEvidence) -> float:
    texts = {
        run.text.strip(" :()")
        for run in evidence.text.runs
        if len(run.text) <= _CONTROL_LENGTH and run.place.region not in ("footer", "header")
    }
    controls = any(map(words.SORT_OR_FILTER.matches_whole, texts))
    numbered = (text for text in texts if _DIGITS.search(text) and not text.startswith("0"))
    counts = any(map(words.RESULT_COUNT.matches_whole, numbered))
    return (1.0 if controls else 0.0) + (1.0 if counts else 0.0)


def _address_score(url: str) -> float:
    try:
        parts = urlsplit(url)
    except ValueError:
        return 0.0
    path = unquote(parts.path)
    if _PRODUCT_PATH.search(path) and not _LIST_PATH.search(path.rsplit("/", 2)[0]):
        return -1.0
    return 1.0 if _LIST_PATH.search(path) or _LIST_QUERY.search(parts.query) else 0.0
