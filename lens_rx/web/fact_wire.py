"""Encode facts as wire data: flat scalars, prices as JSON numbers in the view's currency.

An unknown price, or one without a conversion rate, is left out; an unknown text is "".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lens_rx.facts import (
    Caption,
    Complete,
    DecisionBasis,
    Estimate,
    Extra,
    Fact,
    Failed,
    Identity,
    IdentityCandidates,
    MarketplaceOffers,
    Match,
    Matches,
    Offers,
    PriceEvidence,
    ProducerPage,
    Progress,
    Retail,
)
from lens_rx.facts.changes import RunHistory
from lens_rx.web.decision_wire import decision_data
from lens_rx.web.history_wire import history_data
from lens_rx.web.price_wire import (
    Data,
    PriceConverter,
    estimate_data,
    estimate_details,
    marketplace_offers_data,
    offers_data,
    price_evidence_data,
)

OBJECT_TYPE, LIST_TYPE = "dict[str, str]", "list[dict[str, str]]"


def _identity(fact: Identity, _: PriceConverter) -> Data:
    return {"producer": fact.producer, "model": fact.model, "decided_by": str(fact.decider)}


def _identity_details(fact: Identity, _: PriceConverter) -> dict[str, Any]:
    answered_by = {"answered_by": fact.answered_by} if fact.answered_by else {}
    return answered_by | ({"sources": fact.sources} if fact.sources else {})


def _candidates(fact: IdentityCandidates, _: PriceConverter) -> Data:
    return [
        {
            "producer": it.producer,
            "model": it.model,
            "sources": it.sources,
            "decided": it.decided,
            "title": it.title,
        }
        for it in fact.candidates
    ]


def _producer_page(fact: ProducerPage, _: PriceConverter) -> Data:
    return {"link": fact.link, "title": fact.title}


def _producer_page_details(fact: ProducerPage, _: PriceConverter) -> dict[str, Any]:
    return {"sure": "no", "doubt": fact.doubt} if fact.doubt else {}


def _retail(fact: Retail, prices: PriceConverter) -> Data:
    product = fact.product
    return {
        "producer_url": fact.producer_url,
        **prices.price_field(product.price, product.currency),
        "original_name": product.name,
        "description": product.description,
        "material": product.material,
        "specs": "; ".join(f"{name}: {value}" for name, value in product.specs.items()),
        "currency": prices.currency,
        "availability": product.availability or "",
        "read_from": product.sources.get("price", ""),
    }


def _failed(fact: Failed, _: PriceConverter) -> Data:
    return {"stage": str(fact.stage), "outcome": str(fact.outcome), "message": fact.message}


def _match_row(match: Match, prices: PriceConverter) -> dict[str, Any]:
    price = prices.price_field(match.price.amount, match.price.currency) if match.price else {}
    return {
        "title": match.title,
        "link": match.link,
        "source": match.source,
        "thumbnail": match.thumbnail,
        "exact": match.exact,
        **price,
        **({"found_by": match.found_by} if match.found_by else {}),
        **({"kind": str(match.kind)} if match.kind else {}),
    }


def _matches(fact: Matches, prices: PriceConverter) -> Data:
    return [_match_row(match, prices) for match in fact.matches]


def _caption(fact: Caption, _: PriceConverter) -> Data:
    return {
        "category": fact.category,
        "colour": fact.colour,
        "material": fact.material,
        "visible_text": fact.visible_text,
        "condition": str(fact.condition),
        "sentence": fact.sentence,
    }


def _extra(fact: Extra, _: PriceConverter) -> Data:
    return list(fact.rows)


def _progress(fact: Progress, _: PriceConverter) -> Data:
    return {"stage": str(fact.stage), "state": fact.state, "seconds": fact.seconds}


def _complete(fact: Complete, _: PriceConverter) -> Data:
    return {
        "outcome": str(fact.outcome),
        "seconds": fact.seconds,
        "tokens": fact.tokens,
        "cost_usd": fact.cost_usd,
        **({"model": fact.model} if fact.model else {}),
    }


@dataclass(frozen=True, slots=True)
class FactKind:
    """How one kind of fact is encoded; `in_default` says whether a client that names no kinds gets it.

    `details` are fields that only clients get which ask for more than the default kinds.
    """

    description: str
    data_type: str
    to_data: Callable[[Any, PriceConverter], Data]
    in_default: bool = False
    details: Callable[[Any, PriceConverter], dict[str, Any]] = lambda *_: {}


KINDS: dict[type[Fact], FactKind] = {
    Identity: FactKind("model-producer", OBJECT_TYPE, _identity, True, _identity_details),
    ProducerPage: FactKind("producer-url", OBJECT_TYPE, _producer_page, True, _producer_page_details),
    Retail: FactKind("retail-price-details", OBJECT_TYPE, _retail, in_default=True),
    Offers: FactKind("second-hand-offers", LIST_TYPE, offers_data, in_default=True),
    Estimate: FactKind("estimated-price", OBJECT_TYPE, estimate_data, True, estimate_details),
    Failed: FactKind("error", OBJECT_TYPE, _failed, in_default=True),
    IdentityCandidates: FactKind("identity-candidates", LIST_TYPE, _candidates),
    Matches: FactKind("visual-matches", LIST_TYPE, _matches),
    Caption: FactKind("image-description", OBJECT_TYPE, _caption),
    MarketplaceOffers: FactKind("offers-partial", LIST_TYPE, marketplace_offers_data),
    PriceEvidence: FactKind("price-evidence", LIST_TYPE, price_evidence_data),
    DecisionBasis: FactKind("price-decision", OBJECT_TYPE, decision_data),
    Extra: FactKind("extra", LIST_TYPE, _extra),
    RunHistory: FactKind("run-history", LIST_TYPE, history_data),
    Progress: FactKind("progress", OBJECT_TYPE, _progress),
    Complete: FactKind("complete", OBJECT_TYPE, _complete),
}
#: Asks for the facts of stages that were added, which have names of their own.
EXTRA_KIND = KINDS[Extra].description
DEFAULT_KINDS = frozenset(kind.description for kind in KINDS.values() if kind.in_default)
ALL_KINDS = frozenset(kind.description for kind in KINDS.values())
