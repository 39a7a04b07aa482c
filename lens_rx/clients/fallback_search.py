"""Searches by several sources: in order until one answers, or all at once and merged.

A source that is blocked, out of quota, silent or gone is passed over and rests; the next one answers in the
same call. What an unsuccessful source cost is part of the answer's usage.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Generic, TypeVar

import structlog

from lens_rx.clients.protocols import (
    FailedCallUsage,
    ImageMatches,
    ImageSearch,
    SearchAnswer,
    Usage,
    WebSearch,
)
from lens_rx.facts import Photo
from lens_rx.facts.errors import (
    Blocked,
    Discontinued,
    KeyRefused,
    NoResults,
    StageError,
    StageTimeout,
    with_message,
)
from lens_rx.matching.merge_matches import merge_matches
from lens_rx.reactive.attempt import attempt, attempt_all

S = TypeVar("S")
A = TypeVar("A", SearchAnswer, ImageMatches)

#: How long a source rests whose key is refused or that has ended.
REFUSED_SECONDS = 3_600.0
#: A used-up quota is asked for again after this at the latest: it may have been raised.
MAX_QUOTA_SECONDS = 3_600.0
#: Seconds that are left for each later source by those before it.
RESERVED_SECONDS = 8.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Source(Generic[S]):
    """A source by its name in the settings; `only_after_block`: it is asked only where one before it is blocked."""

    name: str
    client: S
    only_after_block: bool = False


class SourceCooldown:
    """Which sources rest, until when, and why."""

    def __init__(self, seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._resting: dict[str, tuple[float, StageError]] = {}
        self._refused: set[str] = set()

    def check(self, name: str) -> None:
        """Return where a source may be asked; raise the failure for which it rests."""
        until, failure = self._resting.get(name, (0.0, None))
        if failure is not None and until > self._now():
            raise _still_resting(failure, until - self._now())
        self._resting.pop(name, None)

    def note(self, name: str, failure: StageError) -> None:
        """Let a source rest after a failure that would come again."""
        if seconds := self._rest_seconds(failure):
            self._resting[name] = (self._now() + seconds, failure)
        if isinstance(failure, KeyRefused | Discontinued) and name not in self._refused:
            self._refused.add(name)
            _log.error("a source is not asked any more", source=name, why=str(failure))

    def _rest_seconds(self, failure: StageError) -> float:
        match failure:
            case KeyRefused() | Discontinued():
                return REFUSED_SECONDS
            case Blocked(retry_after=float(seconds)):
                return min(max(seconds, self._seconds), MAX_QUOTA_SECONDS)
            case Blocked() | StageTimeout():
                return self._seconds
            case _:
                return 0.0


class _Sources(Generic[S, A]):
    """Some sources of one kind."""

    def __init__(
        self, sources: Sequence[Source[S]], cooldown_seconds: float, call_seconds: float = math.inf
    ) -> None:
        self.sources = sources
        self._cooldown = SourceCooldown(cooldown_seconds)
        self._call_seconds = call_seconds

    async def ask(self, source: Source[S], call: Callable[[S], Awaitable[A]]) -> A:
        """Return what a source answers; one that fails may rest from now on."""
        self._cooldown.check(source.name)
        try:
            return await call(source.client)
        except StageError as failure:
            self._cooldown.note(source.name, failure)
            if not isinstance(failure, NoResults):
                _log.info("a source failed, the next one is asked", source=source.name, why=str(failure))
            raise

    async def first(self, call: Callable[[S], Awaitable[A]]) -> A:
        """Return the first answer; raise `NoResults` where the first that was asked says so, else all failures as one."""
        failures: list[StageError] = []
        ends = monotonic() + self._call_seconds
        for place, source in enumerate(self.sources, 1):
            if source.only_after_block and not any(isinstance(it, Blocked) for it in failures):
                continue
            try:
                later = len(self.sources) - place
                seconds = ends - monotonic() - later * RESERVED_SECONDS
                answer = await self.ask(source, _limited(call, source.name, seconds) if later else call)
            except StageError as failure:
                failures.append(failure)
                if isinstance(failure, NoResults):
                    break
            else:
                return replace(answer, usage=_total([*map(_spent, failures), answer.usage]))
        raise _joined(failures) from FailedCallUsage(_total(map(_spent, failures)))


def _limited(call: Callable[[S], Awaitable[A]], name: str, seconds: float) -> Callable[[S], Awaitable[A]]:
    """Return `call` with a deadline, so that a silent source leaves time for the next one."""

    async def limited(client: S) -> A:
        try:
            async with asyncio.timeout(None if math.isinf(seconds) else max(seconds, RESERVED_SECONDS)):
                return await call(client)
        except TimeoutError:
            raise StageTimeout(f"The search by {name} did not answer in time.") from None

    return limited


class FallbackWebSearch:
    """Implements `protocols.WebSearch` by others, which are tried in order, within `call_seconds` together."""

    def __init__(
        self, sources: Sequence[Source[WebSearch]], cooldown_seconds: float, call_seconds: float = math.inf
    ) -> None:
        self._sources: _Sources[WebSearch, SearchAnswer] = _Sources(sources, cooldown_seconds, call_seconds)

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Return the results of the first source that answers; raise what the first one failed with."""
        return await self._sources.first(lambda it: it.search(query, country))


class FallbackImageSearch:
    """Implements `protocols.ImageSearch` by others, which are tried in order, within `call_seconds` together."""

    def __init__(
        self, sources: Sequence[Source[ImageSearch]], cooldown_seconds: float, call_seconds: float = math.inf
    ) -> None:
        self._sources: _Sources[ImageSearch, ImageMatches] = _Sources(sources, cooldown_seconds, call_seconds)

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return the matches of the first source that answers; raise what the first one failed with."""
        return await self._sources.first(lambda it: it.search_image(photo))


class MergedImageSearch:
    """Implements `protocols.ImageSearch` by others, which are asked at once and whose matches are merged."""

    def __init__(self, sources: Sequence[Source[ImageSearch]], cooldown_seconds: float) -> None:
        self._sources: _Sources[ImageSearch, ImageMatches] = _Sources(sources, cooldown_seconds)

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Return all matches, each link once; raise `NoResults` only where no source failed otherwise."""
        attempts = await attempt_all(
            attempt(f"{place:02}", partial(self._ask, source, photo))
            for place, source in enumerate(self._sources.sources)
        )
        spent = [_spent(it.failure) for it in attempts if it.failure]
        answers = [it.result for it in attempts if it.result is not None]
        if not answers:
            failed = [it.failure for it in attempts if it.failure]
            failed.sort(
                key=lambda it: isinstance(it, NoResults)
            )  # only all of them verify that there is nothing
            raise _joined(failed) from FailedCallUsage(_total(spent))
        return ImageMatches(
            merge_matches([it.matches for it in answers]),
            tuple(dict.fromkeys(label for it in answers for label in it.labels)),
            _total([*spent, *(it.usage for it in answers)]),
        )

    async def _ask(self, source: Source[ImageSearch], photo: Photo) -> ImageMatches:
        return await self._sources.ask(source, lambda it: it.search_image(photo))


def _still_resting(failure: StageError, seconds: float) -> StageError:
    """Return the failure for which a source rests, without what it cost the first time."""
    resting = with_message(failure, f"{failure} It is left alone for {seconds:.0f} s more.")
    if isinstance(resting, Blocked):
        resting.retry_after = seconds
    return resting


def _joined(failures: Sequence[StageError]) -> StageError:
    """Return the first failure, in words that name every source that failed."""
    return with_message(failures[0], " ".join(dict.fromkeys(map(str, failures))))


def _spent(failure: StageError) -> Usage:
    """Return what a call that failed has cost."""
    return failure.__cause__.usage if isinstance(failure.__cause__, FailedCallUsage) else Usage()


def _total(usages: Iterable[Usage]) -> Usage:
    return sum(usages, start=Usage())
