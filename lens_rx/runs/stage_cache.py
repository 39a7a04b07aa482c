"""Stage results under their own keys: made once, shared while they are made, reused while fresh.

A failure is stored as well, for a short time, so that a site which just failed is not asked again by the next photo
of the same thing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

import structlog

from lens_rx.facts import Caption, Failed, Identity, MarketplaceOffers, Matches, ProducerPage, Retail
from lens_rx.facts.errors import StageError, Unavailable, UpstreamError, stage_error
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.runs.freshness import Lifetime
from lens_rx.runs.held_lock import hold_lock
from lens_rx.storage.codec import decode, encode
from lens_rx.storage.protocols import ResultCache
from lens_rx.storage.retry_unavailable import retry_unavailable

A = TypeVar("A")
StageResult = Matches | Caption | Identity | ProducerPage | Retail | MarketplaceOffers
K = TypeVar("K", bound=StageResult)

CachedResult = StageResult | Failed
Usable = Callable[[CachedResult], bool]
STORAGE_AWAY = "What is known could not be looked up. Please ask again in a moment."
#: Seconds between look-ups of a result that another node is making.
POLL_SECONDS = 0.1
#: How long a stage waits for a storage that is away before its result is used without being stored.
STORE_SECONDS = 3.0


_log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class InFlight:
    """A result that is being made, and how many wait for it."""

    task: asyncio.Task[CachedResult]
    waiters: int = 0


class StageCache:
    """The results that are being made on this node, over those that are stored."""

    def __init__(self, results: ResultCache, owner: str, lease_seconds: float) -> None:
        self._results = results
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._in_flight: dict[str, InFlight] = {}

    def cached(
        self,
        make: Callable[[A], Coroutine[Any, Any, K]],
        key: Callable[[A], str],
        lifetime: Lifetime,
        *,
        failures: bool = True,
        since: datetime | None = None,
        provisional: Callable[[K], bool] = lambda _: False,
        begun: Callable[[], None] = lambda: None,
    ) -> Callable[[A], Coroutine[Any, Any, K]]:
        """Return `make`, run only where no fresh result is stored and nobody is making one.

        `failures=False` does not reuse a failure, `since` no result of before; a `provisional` result is reused no longer than a failure; `begun`
        is called when `make` really runs. Fails as `make` does, and as `UpstreamError` where the storage is away.
        """

        def usable(fact: CachedResult) -> bool:
            return _is_usable(fact, failures=failures, since=since)

        async def cached(wanted: A) -> K:
            def making() -> Coroutine[Any, Any, CachedResult]:
                return self._make_once(name, lambda: _run_stage(make, wanted, begun), lasting, usable)

            def lasting(fact: CachedResult) -> float:
                is_provisional = not isinstance(fact, Failed) and provisional(cast("K", fact))
                return lifetime.of_result(fact, provisional=is_provisional)

            name = key(wanted)
            try:
                fact = await self._get_result(name, usable) or await self._share(name, making)
            except Unavailable:
                raise UpstreamError(STORAGE_AWAY) from None
            if isinstance(fact, Failed):
                raise stage_error(fact.outcome, fact.message)
            return cast("K", fact)

        return cached

    async def has(self, key: str) -> bool:
        """Return whether a result, or a failure, is stored under a key. Raises `Unavailable`."""
        return await self._results.get_result(key, datetime.now(UTC)) is not None

    async def _get_result(self, name: str, usable: Usable) -> CachedResult | None:
        """Return the stored result; None where there is none that is usable, or its format is unknown."""
        payload = await retry_unavailable(lambda: self._results.get_result(name, datetime.now(UTC)))
        try:
            fact = cast("CachedResult", decode(payload)) if payload else None
        except ValueError:
            return None
        return fact if fact and usable(fact) else None

    async def _share(
        self, name: str, making: Callable[[], Coroutine[Any, Any, CachedResult]]
    ) -> CachedResult:
        """Wait for the result that is being made, or make it.

        What fails unexpectedly for another run, whose photos may be deleted already, is made again for this one.
        """
        if in_flight := self._in_flight.get(name):
            try:
                return await self._join(name, in_flight)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001  # if it fails here, too, that is raised
                _log.info("made again", error=type(error).__name__)
        in_flight = self._in_flight.get(name) or self._start(name, making())
        return await self._join(name, in_flight)

    def _start(self, name: str, made: Coroutine[Any, Any, CachedResult]) -> InFlight:
        in_flight = self._in_flight[name] = InFlight(create_task(made))
        in_flight.task.add_done_callback(lambda _: self._finish(name, in_flight))
        return in_flight

    def _finish(self, name: str, in_flight: InFlight) -> None:
        """Remove a result in flight; another of the same name, which began after it was cancelled, stays."""
        if self._in_flight.get(name) is in_flight:
            del self._in_flight[name]

    async def _join(self, name: str, in_flight: InFlight) -> CachedResult:
        in_flight.waiters += 1
        try:
            return await asyncio.shield(in_flight.task)
        finally:
            in_flight.waiters -= 1
            if not in_flight.waiters and not in_flight.task.done():
                self._finish(name, in_flight)
                await cancel_and_wait(in_flight.task)

    async def _make_once(
        self,
        name: str,
        make: Callable[[], Awaitable[CachedResult]],
        lasting: Callable[[CachedResult], float],
        usable: Usable,
    ) -> CachedResult:
        while not await self._reserve(name):
            await asyncio.sleep(POLL_SECONDS)
            if fact := await self._get_result(name, usable):
                return fact
        async with hold_lock(
            lambda: self._reserve(name),
            lambda: self._results.release(name, self._owner),
            self._lease_seconds,
        ):
            # another node may have stored it between the first look and the reservation
            fact = await self._get_result(name, usable)
            return fact or await self._make_and_store(name, make, lasting)

    async def _make_and_store(
        self, name: str, make: Callable[[], Awaitable[CachedResult]], lasting: Callable[[CachedResult], float]
    ) -> CachedResult:
        fact = await make()
        until = datetime.now(UTC) + timedelta(seconds=lasting(fact))
        # what was paid for is returned soon even where it cannot be stored
        with suppress(Unavailable):
            await retry_unavailable(
                lambda: self._results.put_result(name, encode(fact), until), STORE_SECONDS
            )
        return fact

    async def _reserve(self, name: str) -> bool:
        return await retry_unavailable(lambda: self._results.reserve(name, self._owner, self._lease_seconds))


def _is_usable(fact: CachedResult, *, failures: bool, since: datetime | None) -> bool:
    """Return whether a stored result is reused: which failures, and which age, are wanted."""
    if isinstance(fact, Failed):
        return since is None and (failures or fact.outcome.settled)
    return since is None or (fact.observed_at is not None and fact.observed_at >= since)


async def _run_stage(
    make: Callable[[A], Awaitable[StageResult]], wanted: A, begun: Callable[[], None]
) -> CachedResult:
    """Return what `make` returns, with the time of its reading, or its failure as a fact."""
    begun()
    try:
        fact = await make(wanted)
    except StageError as error:
        return Failed("", error.outcome, str(error))
    return fact if fact.observed_at else replace(fact, observed_at=datetime.now(UTC))
