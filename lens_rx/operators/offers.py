"""offers: identity -> second-hand offers, marketplaces searched side by side and told as they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops

from lens_rx.clients.protocols import OfferSource
from lens_rx.facts import AnalysisState, Fact, Failed, Identity, MarketplaceOffers, Offer, Offers, Stage
from lens_rx.facts.errors import NoResults
from lens_rx.matching.offer_screening import offers_from_matches, screen_offers, without_duplicates
from lens_rx.reactive.attempt import Attempt, attempt, results
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import Operator

Find = Callable[[AnalysisState], Coroutine[Any, Any, MarketplaceOffers]]

#: The name under which the look-alikes that are offers are told, beside the marketplaces' own.
LOOK_ALIKES = "look-alikes"


def offers_of(source: OfferSource) -> Find:
    """Return the search of one marketplace: what it offers, judged off the loop. Raises what the source raises."""

    async def find(known: AnalysisState) -> MarketplaceOffers:
        assert known.identity is not None
        found = await source.find(known.identity, known.item.options.country)
        return await _judged(source.name, found, known.identity)

    return find


async def matches_on_offer(known: AnalysisState) -> MarketplaceOffers:
    """Return the look-alikes that are second-hand offers, judged as those of a marketplace.

    Raises `NoResults` where no look-alike is one.
    """
    assert known.identity is not None
    found = offers_from_matches(known.matches.matches if known.matches else ())
    if not found:
        raise NoResults("No look-alike is a second-hand offer.")
    judged = await _judged(LOOK_ALIKES, found, known.identity)
    return replace(judged, observed_at=known.matches.observed_at if known.matches else None)


async def _judged(name: str, found: Sequence[Offer], identity: Identity) -> MarketplaceOffers:
    kept, rejected = await asyncio.to_thread(screen_offers, found, identity)
    return MarketplaceOffers(name, kept, rejected)


def offers(finds: Mapping[str, Find]) -> Operator:
    """Return the operator: a `MarketplaceOffers` or a `Failed` as each one ends, then all `Offers` as one.

    `finds` are in order of trust: where two show one listing, the first keeps it. Fails as the gravest
    did where none had an answer, and with `NoResults` where no one offers anything.
    """
    in_order = {**finds, LOOK_ALIKES: matches_on_offer}

    def side_by_side(known: AnalysisState) -> Observable[Attempt[MarketplaceOffers]]:
        searches = [attempt(name, partial(find, known)) for name, find in in_order.items()]
        return rx.merge(*map(from_coroutine, searches))

    def told(parts: Observable[Attempt[MarketplaceOffers]]) -> Observable[Fact]:
        each = parts.pipe(ops.filter(_says_something), ops.map(_told))
        whole = parts.pipe(ops.to_list(), ops.map(partial(_all, list(in_order))))
        return rx.merge(each, whole)

    def operator(source: Observable[AnalysisState]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(side_by_side), ops.publish(told))

    return operator


def _says_something(ended: Attempt[MarketplaceOffers]) -> bool:
    """Tell an end that is worth a word: a verified nothing is not."""
    return not isinstance(ended.failure, NoResults)


def _told(ended: Attempt[MarketplaceOffers]) -> Fact:
    if ended.failure is not None:
        return Failed(f"{Stage.OFFERS}.{ended.name}", ended.failure.outcome, str(ended.failure))
    assert ended.found is not None
    return ended.found


def _all(names: Sequence[str], parts: Sequence[Attempt[MarketplaceOffers]]) -> Offers:
    found = results([replace(it, name=f"{names.index(it.name):02}") for it in parts])
    kept, again = without_duplicates([offer for it in found for offer in it.offers])
    rejected = [it for one in found for it in one.rejected]
    return Offers(kept, (*rejected, *again), _searched_at(found))


def _searched_at(found: Sequence[MarketplaceOffers]) -> datetime | None:
    """Return when the marketplaces were read; look-alikes keep for long, and do not make the search old."""
    searched = (it.observed_at for it in found if it.marketplace != LOOK_ALIKES)
    return min((read_at for read_at in searched if read_at), default=None)
