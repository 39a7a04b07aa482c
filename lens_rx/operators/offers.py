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
from lens_rx.facts import Fact, Failed, Identity, Known, MarketplaceOffers, Offer, Offers, Stage
from lens_rx.facts.errors import Nothing
from lens_rx.matching.offer_screening import judge, offers_from_matches, once
from lens_rx.reactive.attempt import Part, part, results
from lens_rx.reactive.interop import lazy
from lens_rx.reactive.stage import Operator

Find = Callable[[Known], Coroutine[Any, Any, MarketplaceOffers]]

#: The name under which the look-alikes that are offers are told, beside the marketplaces' own.
LOOK_ALIKES = "look-alikes"


def offers_of(source: OfferSource) -> Find:
    """Return the search of one marketplace: what it offers, judged off the loop. Raises what the source raises."""

    async def find(known: Known) -> MarketplaceOffers:
        assert known.identity is not None
        found = await source.find(known.identity, known.item.options.country)
        return await _judged(source.name, found, known.identity)

    return find


async def look_alikes_on_offer(known: Known) -> MarketplaceOffers:
    """Return the look-alikes that are second-hand offers, judged as those of a marketplace.

    Raises `Nothing` where no look-alike is one.
    """
    assert known.identity is not None
    found = offers_from_matches(known.matches.matches if known.matches else ())
    if not found:
        raise Nothing("No look-alike is a second-hand offer.")
    judged = await _judged(LOOK_ALIKES, found, known.identity)
    return replace(judged, observed_at=known.matches.observed_at if known.matches else None)


async def _judged(name: str, found: Sequence[Offer], identity: Identity) -> MarketplaceOffers:
    kept, rejected = await asyncio.to_thread(judge, found, identity)
    return MarketplaceOffers(name, kept, rejected)


def offers(finds: Mapping[str, Find]) -> Operator:
    """Return the operator: a `MarketplaceOffers` or a `Failed` as each one ends, then all `Offers` as one.

    `finds` are in order of trust: where two show one listing, the first keeps it. Fails as the gravest
    did where none had an answer, and with `Nothing` where no one offers anything.
    """
    in_order = {**finds, LOOK_ALIKES: look_alikes_on_offer}

    def side_by_side(known: Known) -> Observable[Part[MarketplaceOffers]]:
        searches = [part(name, partial(find, known)) for name, find in in_order.items()]
        return rx.merge(*map(lazy, searches))

    def told(parts: Observable[Part[MarketplaceOffers]]) -> Observable[Fact]:
        each = parts.pipe(ops.filter(_says_something), ops.map(_told))
        whole = parts.pipe(ops.to_list(), ops.map(partial(_all, list(in_order))))
        return rx.merge(each, whole)

    def operator(source: Observable[Known]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(side_by_side), ops.publish(told))

    return operator


def _says_something(ended: Part[MarketplaceOffers]) -> bool:
    """Tell an end that is worth a word: a verified nothing is not."""
    return not isinstance(ended.failure, Nothing)


def _told(ended: Part[MarketplaceOffers]) -> Fact:
    if ended.failure is not None:
        return Failed(f"{Stage.OFFERS}.{ended.name}", ended.failure.outcome, str(ended.failure))
    assert ended.found is not None
    return ended.found


def _all(names: Sequence[str], parts: Sequence[Part[MarketplaceOffers]]) -> Offers:
    found = results([replace(it, name=f"{names.index(it.name):02}") for it in parts])
    kept, again = once([offer for it in found for offer in it.offers])
    rejected = [it for one in found for it in one.rejected]
    return Offers(kept, (*rejected, *again), _searched_at(found))


def _searched_at(found: Sequence[MarketplaceOffers]) -> datetime | None:
    """Return when the marketplaces were read; look-alikes keep for long, and do not make the search old."""
    searched = (it.observed_at for it in found if it.marketplace != LOOK_ALIKES)
    return min((read_at for read_at in searched if read_at), default=None)
