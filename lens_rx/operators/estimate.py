"""estimate: offers, retail price and condition -> the worth of the thing, and the evidence for it and for decisions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from lens_rx.facts import (
    AnalysisState,
    Condition,
    Decider,
    DecisionBasis,
    Estimate,
    Fact,
    MarketListing,
    Money,
    Offers,
    PriceEvidence,
    Product,
    Stage,
)
from lens_rx.facts.errors import NoResults
from lens_rx.matching.assess_offers import assess_offers, mark_offers
from lens_rx.matching.identity_support import (
    PHOTO_NAME_CERTAINTY,
    PHOTO_NAME_DOUBT,
    weigh_given_name,
)
from lens_rx.matching.title_words import size_of_titles
from lens_rx.pricing import estimate_price, is_market
from lens_rx.pricing.price_evidence import Target, unused_comparables
from lens_rx.reactive.computing import run_by_size
from lens_rx.reactive.stage import Operator, several_facts

#: Factors on the certainty of the price where something is missing.
_NO_CONDITION, _NO_MARKETPLACE = 0.9, 0.97


def estimate(currency: str) -> Operator:
    """Return the operator: `PriceEvidence`, an `Estimate` in `currency`, its `DecisionBasis`; `NoResults` without evidence."""

    async def facts(state: AnalysisState) -> list[Fact]:
        size = size_of_titles(state.offers.offers) if state.offers else 0
        return await run_by_size(size, _required_facts, state, currency)

    return several_facts(facts)


def rests_on_offers(state: AnalysisState, currency: str) -> bool:
    """Return whether the offers suffice for the estimate, which then takes no account of the price new."""
    found = state.offers
    if found is None or not found.exclusions:
        return False
    marked = zip((*found.offers, *found.restored), found.exclusions, strict=True)
    return is_market((offer for offer, exclusion in marked if not exclusion), currency, _day(found))


def reestimate(state: AnalysisState, currency: str) -> list[Fact]:
    """Return `Offers` with new marks, `PriceEvidence`, the `Estimate` in `currency` and its `DecisionBasis`.

    A pure function of the state: its item says what the user left out, brought back, or gave; marks that its
    offers have are made anew. Where there is too little evidence the last two are missing. Takes some 30 ms for 60
    offers.
    """
    if state.offers is None:
        return _estimate_facts(state, currency)
    evidence, *priced = _estimate_facts(state, currency)
    if priced and isinstance(evidence, PriceEvidence):
        marked = _marked_by(evidence, state.offers)
    else:
        marked = mark_offers(state.offers, state.item, state.identity)
    return [marked, evidence, *priced]


def _marked_by(evidence: PriceEvidence, found: Offers) -> Offers:
    """Return the offers with the marks that the evidence of an estimate gives them."""
    return replace(
        found,
        exclusions=tuple("" if it.weight else it.reason for it in evidence.comparables),
        restored=tuple(it.offer for it in evidence.comparables[len(found.offers) :]),
    )


def _required_facts(state: AnalysisState, currency: str) -> list[Fact]:
    """Return the facts of an estimate; raise `NoResults` where there is none."""
    facts = _estimate_facts(state, currency)
    if len(facts) == 1:
        raise NoResults("There are too few offers, and no price new, to say what this is worth.")
    return facts


def _estimate_facts(state: AnalysisState, currency: str) -> list[Fact]:
    found, given = state.offers or Offers(()), state.item.options.condition
    condition = given or (state.caption.condition if state.caption else None)
    assessed = assess_offers(found, state.item, state.identity)
    estimated = estimate_price(
        assessed.offers,
        _retail_price(state),
        currency,
        condition,
        _day(found),
        seen_on_photo=given is None,
        assessments=assessed.assessments,
    )
    if estimated is None:
        target = Target(currency, condition or Condition.USED, _day(found))
        unused = unused_comparables(assessed.offers, target, assessed.assessments)
        return [PriceEvidence(unused, assessed.rejected, found.observed_at, has_ids=True)]
    evidence = PriceEvidence(estimated.evidence, assessed.rejected, found.observed_at, has_ids=True)
    doubt = assessed.doubt([it.weight for it in estimated.evidence])
    doubts = (*estimated.doubts, *filter(None, (doubt,)))
    final = _with_both_certainties(replace(estimated, evidence=(), doubts=doubts), state)
    return [evidence, final, _decision_basis(final, evidence, state)]


def _decision_basis(estimated: Estimate, evidence: PriceEvidence, state: AnalysisState) -> DecisionBasis:
    listings = tuple(
        MarketListing(it.amount, it.offer.sold, it.offer.sold_at, it.offer.listed_at, it.offer.marketplace)
        for it in evidence.comparables
        if it.weight > 0
    )
    producer, category = (state.identity.producer, state.identity.category) if state.identity else ("", "")
    country = state.item.options.country
    return DecisionBasis(estimated, listings, producer, category, country, evidence.observed_at)


def _with_both_certainties(estimated: Estimate, state: AnalysisState) -> Estimate:
    """Return an estimate whose certainty falls with that of the name and that of the price."""
    identity, identity_doubts = _identity_certainty(state)
    missing = [*_missing_evidence(state)]
    price = estimated.certainty * math.prod(factor for factor, _ in missing)
    return replace(
        estimated,
        certainty=round(identity * price, 3),
        identity_certainty=round(identity, 3),
        price_certainty=round(price, 3),
        doubts=(*identity_doubts, *estimated.doubts, *(reason for _, reason in missing)),
    )


def _identity_certainty(state: AnalysisState) -> tuple[float, tuple[str, ...]]:
    """Return how sure the name is, and what speaks against it."""
    if state.identity is not None and state.identity.decider is Decider.USER:
        return weigh_given_name(state.identity, state)
    if state.candidates is not None:
        return state.candidates.certainty, state.candidates.doubts
    if state.identity is not None and state.identity.decider is Decider.PHOTO:
        return PHOTO_NAME_CERTAINTY, (PHOTO_NAME_DOUBT,)
    return 1.0, ()


def _missing_evidence(state: AnalysisState) -> Iterator[tuple[float, str]]:
    """Yield a factor on the certainty of the price, and the reason, for what is not known or could not be read."""
    failed = {it.stage: it for it in state.failures}
    seen = state.caption.condition if state.caption else Condition.UNKNOWN
    if seen is Condition.UNKNOWN and state.item.options.condition is None:
        yield (
            _NO_CONDITION,
            f"{_why_no_condition(state)}, so its condition is taken as used; give it if you know it.",
        )
    if Stage.OFFERS in failed:
        yield 1.0, "No marketplace could be read, so the price follows from the price new."
    sites = [name.partition(".")[2] for name in failed if name.startswith(f"{Stage.OFFERS}.")]
    if sites:
        yield (
            _NO_MARKETPLACE ** len(sites),
            f"Without offers of {', '.join(sorted(sites))}, which could not be read.",
        )


def _why_no_condition(state: AnalysisState) -> str:
    if state.caption:
        return "The photo does not tell"
    is_failed = any(it.stage == Stage.DESCRIBE for it in state.failures)
    # of words alone nothing is described
    return "The photo could not be described" if is_failed else "No photo was looked at"


def _retail_price(state: AnalysisState) -> Money | None:
    product = state.retail.product if state.retail else Product()
    return Money(product.price, product.currency) if product.price is not None and product.currency else None


def _day(offers: Offers) -> date:
    return (offers.observed_at or datetime.now(UTC)).date()
