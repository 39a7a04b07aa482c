"""Starts the look-ups for the name that a thing probably has, while `identify` still decides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from lens_rx.facts import AnalysisState, Identity, Stage
from lens_rx.facts.errors import Unavailable
from lens_rx.matching.likely_identity import likely_identity, titles_of
from lens_rx.matching.title_words import name_key, size_of_titles
from lens_rx.operators.producer import query_of
from lens_rx.reactive.computing import run_by_size
from lens_rx.runs.early_calls import EarlyOffers, EarlySearch
from lens_rx.runs.stage_cache import StageCache

#: Returns the key of a stage's result; of offers, that of one marketplace.
ResultKey = Callable[[Stage, AnalysisState, str], str]


@dataclass(frozen=True, slots=True)
class EarlyClients:
    """The clients whose calls may begin early: none of them calls a model or is paid for each call.

    `search` is None where the web search that is asked first is.
    """

    search: EarlySearch | None
    offers: Sequence[EarlyOffers]

    def drop_all(self) -> None:
        """Cancel what has begun."""
        for source in self.offers:
            source.calls.drop_all()
        if self.search:
            self.search.calls.drop_all()


@dataclass(frozen=True, slots=True)
class EarlyLookups:
    """The early look-ups of one run, for each name that it may have; those for another name are cancelled."""

    clients: EarlyClients
    cache: StageCache
    result_key: ResultKey
    country_for: Callable[[str], str]
    begun: list[Identity] = field(default_factory=list)

    async def __call__(self, state: AnalysisState) -> None:
        """Begin the look-ups for the likely name, or cancel those for others once the name is known."""
        if state.identity is not None:
            self._drop_others(state)
            return
        guess = await run_by_size(size_of_titles(titles_of(state)), likely_identity, state)
        if guess is not None and name_key(guess) not in map(name_key, self.begun):
            self.begun.append(guess)
            with suppress(Unavailable):
                await self._begin(state.with_fact(guess), guess)

    async def _begin(self, state: AnalysisState, guess: Identity) -> None:
        for source in self.clients.offers:
            if not await self.cache.has(self.result_key(Stage.OFFERS, state, source.name)):
                source.begin(guess, self._country(state, source.name))
        search = self.clients.search
        if search and not await self.cache.has(self.result_key(Stage.PRODUCER, state, "")):
            search.begin(query_of(guess), state.item.options.country)

    def _drop_others(self, state: AnalysisState) -> None:
        assert state.identity is not None
        for guess in self.begun:
            if name_key(guess) != name_key(state.identity):
                for source in self.clients.offers:
                    source.drop(guess, self._country(state, source.name))
            if self.clients.search and query_of(guess) != query_of(state.identity):
                self.clients.search.drop(query_of(guess), state.item.options.country)

    def _country(self, state: AnalysisState, marketplace: str) -> str:
        return state.item.options.country or self.country_for(marketplace)
