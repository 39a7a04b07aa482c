"""estimate: offers, retail price and condition -> the worth of the thing, and the evidence for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from lens_rx.facts import AnalysisState, Decider, Estimate, Fact, Money, Offers, PriceEvidence, Product
from lens_rx.facts.errors import NoResults
from lens_rx.pricing import estimate_price
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import Operator

#: How likely a name is right that the photo alone tells.
PHOTO_NAME_CERTAINTY = 0.6
PHOTO_NAME_DOUBT = "The name is only what is written on the thing; nothing else that was found says so."


def estimate(currency: str) -> Operator:
    """Return the operator: `PriceEvidence`, then an `Estimate` in `currency`; `NoResults` without evidence."""

    def estimate_item(state: AnalysisState) -> Observable[Fact]:
        return from_coroutine(lambda: asyncio.to_thread(_estimate_facts, state, currency)).pipe(
            ops.flat_map(rx.from_iterable)
        )

    def operator(source: Observable[AnalysisState]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(estimate_item))

    return operator


def _estimate_facts(state: AnalysisState, currency: str) -> list[Fact]:
    offers, given = state.offers or Offers(()), state.item.options.condition
    condition = given or (state.caption.condition if state.caption else None)
    estimated = estimate_price(
        offers.offers, _retail_price(state), currency, condition, _day(offers), seen_on_photo=given is None
    )
    if estimated is None:
        raise NoResults("There are too few offers, and no price new, to say what this is worth.")
    evidence = PriceEvidence(estimated.evidence, offers.rejected, offers.observed_at)
    return [evidence, _with_doubt_about_name(replace(estimated, evidence=()), state)]


def _with_doubt_about_name(estimated: Estimate, state: AnalysisState) -> Estimate:
    """Return an estimate that is less sure where the name of the thing is."""
    if state.identity is None or state.identity.decider is not Decider.PHOTO:
        return estimated
    certainty = round(estimated.certainty * PHOTO_NAME_CERTAINTY, 3)
    return replace(estimated, certainty=certainty, doubts=(*estimated.doubts, PHOTO_NAME_DOUBT))


def _retail_price(state: AnalysisState) -> Money | None:
    product = state.retail.product if state.retail else Product()
    return Money(product.price, product.currency) if product.price is not None and product.currency else None


def _day(offers: Offers) -> date:
    return (offers.observed_at or datetime.now(UTC)).date()
