"""estimate: offers, retail price and condition -> what the thing is worth, and the evidence for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from lens_rx.facts import AnalysisState, Condition, Fact, Money, Offers, PriceEvidence, Product
from lens_rx.facts.errors import NoResults
from lens_rx.pricing import estimate_price
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import Operator


def estimate(currency: str) -> Operator:
    """Return the operator: `PriceEvidence`, then an `Estimate` in `currency`; `NoResults` without evidence."""

    def priced(known: AnalysisState) -> Observable[Fact]:
        return from_coroutine(lambda: asyncio.to_thread(_told, known, currency)).pipe(
            ops.flat_map(rx.from_iterable)
        )

    def operator(source: Observable[AnalysisState]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(priced))

    return operator


def _told(known: AnalysisState, currency: str) -> list[Fact]:
    offers = known.offers or Offers(())
    worth = estimate_price(offers.offers, _new_price(known), currency, _condition(known), _day(offers))
    if worth is None:
        raise NoResults("There are too few offers, and no price new, to say what this is worth.")
    evidence = PriceEvidence(worth.evidence, offers.rejected, offers.observed_at)
    return [evidence, replace(worth, evidence=())]


def _new_price(known: AnalysisState) -> Money | None:
    product = known.retail.product if known.retail else Product()
    return Money(product.price, product.currency) if product.price is not None and product.currency else None


def _condition(known: AnalysisState) -> Condition | None:
    """Return the user's own word, else what the photo shows."""
    return known.item.options.condition or (known.caption.condition if known.caption else None)


def _day(offers: Offers) -> date:
    return (offers.observed_at or datetime.now(UTC)).date()
