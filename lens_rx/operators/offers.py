"""offers: identity -> second-hand offers; marketplaces are searched concurrently and emitted as they end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from reactivex import Observable
from reactivex import operators as ops

from lens_rx.clients.protocols import OfferSource
from lens_rx.facts import AnalysisState, Fact, Failed, Identity, MarketplaceOffers, Offer, Offers, Stage
from lens_rx.facts.errors import NoResults
from lens_rx.matching import offers_from_matches, screen_offers, without_duplicates
from lens_rx.matching.assess_offers import mark_offers
from lens_rx.matching.title_words import size_of_titles
from lens_rx.reactive.attempt import Attempt, attempt, results
from lens_rx.reactive.composition import fold_all, merge_now, share_now, then
from lens_rx.reactive.computing import run_by_size
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import Operator

OfferSearch = Callable[[AnalysisState], Coroutine[Any, Any, MarketplaceOffers]]

#: The name of the matches that are offers, beside the names of the marketplaces.
LOOK_ALIKES = "look-alikes"
_NO_LOOK_ALIKE = "No look-alike is a second-hand offer."


def search_marketplace(source: OfferSource, default_country: str = "") -> OfferSearch:
    """Return the search of one marketplace, its offers screened in a thread. Raises what the source raises.

    `default_country` is asked for where the item names no country.
    """

    async def search(state: AnalysisState) -> MarketplaceOffers:
        assert state.identity is not None
        found = await source.find(state.identity, state.item.options.country or default_country)
        return await _screened(source.name, found, state.identity)

    return search


async def search_matches(state: AnalysisState) -> MarketplaceOffers:
    """Return the matches that are second-hand offers, screened like those of a marketplace.

    Raises `NoResults` where no match is an offer.
    """
    assert state.identity is not None
    found = offers_from_matches(state.matches.matches if state.matches else ())
    if not found:
        raise NoResults(_NO_LOOK_ALIKE)
    screened = await _screened(LOOK_ALIKES, found, state.identity)
    return replace(screened, observed_at=state.matches.observed_at if state.matches else None)


async def _screened(name: str, found: Sequence[Offer], identity: Identity) -> MarketplaceOffers:
    kept, rejected = await run_by_size(size_of_titles(found), screen_offers, found, identity)
    return MarketplaceOffers(name, kept, rejected, has_ids=True)


def offers(searches: Mapping[str, OfferSearch]) -> Operator:
    """Return the operator: a `MarketplaceOffers` or a `Failed` as each search ends, then all `Offers` as one.

    `searches` are in order of trust: of duplicate listings the first is kept. Where no search succeeded it
    fails with the most serious failure, with `NoResults` where nothing is offered anywhere.
    """
    in_order = {**searches, LOOK_ALIKES: search_matches}

    def search_all(state: AnalysisState) -> Observable[Fact]:
        def merge_ended(ended: Sequence[Attempt[MarketplaceOffers]]) -> Observable[Fact]:
            size = sum(size_of_titles(it.result.offers) for it in ended if it.result)
            return from_coroutine(lambda: run_by_size(size, _all_offers, list(in_order), ended, state))

        calls = [attempt(name, partial(search, state)) for name, search in in_order.items()]
        attempts = share_now(merge_now(*map(from_coroutine, calls)))
        each = attempts.pipe(ops.filter(_is_reported), ops.map(_to_fact))
        none: tuple[Attempt[MarketplaceOffers], ...] = ()
        all_ended = fold_all(lambda ended, it: (*ended, it), none, attempts)
        return merge_now(each, all_ended.pipe(then(merge_ended)))

    return then(search_all)


def _is_reported(ended: Attempt[MarketplaceOffers]) -> bool:
    """Return whether an end is emitted as a fact: a verified empty result is not."""
    return not isinstance(ended.failure, NoResults)


def _to_fact(ended: Attempt[MarketplaceOffers]) -> Fact:
    if ended.failure is not None:
        return Failed(f"{Stage.OFFERS}.{ended.name}", ended.failure.outcome, str(ended.failure))
    assert ended.result is not None
    return ended.result


def _all_offers(
    names: Sequence[str], attempts: Sequence[Attempt[MarketplaceOffers]], state: AnalysisState
) -> Offers:
    decisive = map(_decisive, attempts) if _is_nothing_else_found(attempts) else attempts
    found = results([replace(it, name=f"{names.index(it.name):02}") for it in decisive])
    kept, duplicates = without_duplicates([offer for it in found for offer in it.offers])
    rejected = [it for one in found for it in one.rejected]
    whole = Offers(kept, (*rejected, *duplicates), _oldest_search(found))
    return mark_offers(whole, state.item, state.identity)


def _is_nothing_else_found(attempts: Sequence[Attempt[MarketplaceOffers]]) -> bool:
    """Return whether no marketplace has a result."""
    return not any(it.result for it in attempts if it.name != LOOK_ALIKES)


def _decisive(ended: Attempt[MarketplaceOffers]) -> Attempt[MarketplaceOffers]:
    """Return the end of a search as it counts alone: look-alikes all of which were rejected are no result."""
    if ended.result is None or ended.result.offers:
        return ended
    return Attempt(ended.name, None, NoResults(_NO_LOOK_ALIKE))


def _oldest_search(found: Sequence[MarketplaceOffers]) -> datetime | None:
    """Return when the first marketplace was searched; matches are cached for longer and do not count."""
    searched = (it.observed_at for it in found if it.marketplace != LOOK_ALIKES)
    return min((read_at for read_at in searched if read_at), default=None)
