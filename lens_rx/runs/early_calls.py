"""Look-ups that begin before it is certain that they are needed, and are taken by whoever makes the same one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from typing import Any, Generic, TypeVar

from lens_rx.clients.protocols import OfferSource, SearchAnswer, WebSearch
from lens_rx.facts import Identity, Offer
from lens_rx.matching.title_words import name_key
from lens_rx.reactive.interop import create_task

A = TypeVar("A")
#: Called for each early call with how it ended: `used` or `wasted`.
Count = Callable[[str], None]

#: Seconds for which an early call waits to be taken.
KEPT_SECONDS = 30.0
#: Names for which look-ups of one run begin early: one by the caption, one by the titles.
NAMES_OF_A_RUN = 2
#: Early calls that wait at the same time on a node that makes few runs at once.
FEW_EARLY_CALLS = 64


class EarlyCalls(Generic[A]):
    """Calls by what they ask for; each is taken once, or cancelled after a while.

    At most `limit` wait at the same time; further ones are not made.
    """

    def __init__(self, count: Count, limit: int) -> None:
        self._count = count
        self._limit = limit
        self._waiting: dict[Hashable, tuple[asyncio.Task[A], asyncio.TimerHandle]] = {}

    def begin(self, key: Hashable, call: Callable[[], Coroutine[Any, Any, A]]) -> None:
        """Begin a call, unless it has begun or too many wait."""
        if key not in self._waiting and len(self._waiting) < self._limit:
            task = create_task(call())
            task.add_done_callback(_retrieve_error)
            drop = asyncio.get_running_loop().call_later(KEPT_SECONDS, self.drop, key)
            self._waiting[key] = task, drop

    async def take(self, key: Hashable, call: Callable[[], Coroutine[Any, Any, A]]) -> A:
        """Return what the early call returns, or make the call; raises what it raises."""
        if (waiting := self._waiting.pop(key, None)) is None:
            return await call()
        task, drop = waiting
        drop.cancel()
        self._count("used")
        return await task

    def drop(self, key: Hashable) -> None:
        """Cancel an early call that nobody took."""
        if waiting := self._waiting.pop(key, None):
            task, drop = waiting
            drop.cancel()
            task.cancel()
            self._count("wasted")

    def drop_all(self) -> None:
        """Cancel all early calls."""
        for key in list(self._waiting):
            self.drop(key)


class EarlySearch:
    """Implements `protocols.WebSearch` by another one, whose searches may begin early."""

    def __init__(self, source: WebSearch, count: Count, limit: int = FEW_EARLY_CALLS) -> None:
        self._source = source
        self.calls: EarlyCalls[SearchAnswer] = EarlyCalls(count, limit)

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the results of the search, which may have begun."""
        return await self.calls.take((query, country), lambda: self._source.search(query, country))

    def begin(self, query: str, country: str) -> None:
        """Begin a search."""
        self.calls.begin((query, country), lambda: self._source.search(query, country))

    def drop(self, query: str, country: str) -> None:
        """Search no more."""
        self.calls.drop((query, country))


class EarlyOffers:
    """Implements `protocols.OfferSource` by another one, whose searches may begin early."""

    def __init__(self, source: OfferSource, count: Count, limit: int = FEW_EARLY_CALLS) -> None:
        self._source = source
        self.calls: EarlyCalls[Sequence[Offer]] = EarlyCalls(count, limit)

    @property
    def name(self) -> str:
        """The marketplace's name."""
        return self._source.name

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        """Return what the marketplace lists, the search for which may have begun."""
        return await self.calls.take(_names(identity, country), lambda: self._source.find(identity, country))

    def begin(self, identity: Identity, country: str) -> None:
        """Begin to look for a thing."""
        self.calls.begin(_names(identity, country), lambda: self._source.find(identity, country))

    def drop(self, identity: Identity, country: str) -> None:
        """Look no more for a thing."""
        self.calls.drop(_names(identity, country))


def _names(identity: Identity, country: str) -> Hashable:
    return *name_key(identity), country


def _retrieve_error(task: asyncio.Task[A]) -> None:
    """Retrieve the error of a call that nobody took, which asyncio would log."""
    if not task.cancelled():
        task.exception()
