"""Stage results kept under their own keys: made once, shared while they are made, told again while fresh.

A failure is kept as well, for a short time, so that a site which just failed is not asked again by
the next photo of the same thing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar, cast

import structlog

from lens_rx.facts import Caption, Failed, Identity, MarketplaceOffers, Matches, ProducerPage, Retail
from lens_rx.facts.errors import StageError, Unavailable, UpstreamError, stage_error
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.storage.codec import decode, encode
from lens_rx.storage.retry_unavailable import retry_unavailable

A = TypeVar("A")
Kept = Matches | Caption | Identity | ProducerPage | Retail | MarketplaceOffers
K = TypeVar("K", bound=Kept)

CachedResult = Kept | Failed
LOG_AWAY = "What is known could not be looked up. Please ask again in a moment."
#: Seconds between looks at a result that another node is making.
POLL_SECONDS = 0.1


_log = structlog.get_logger()


class Store(Protocol):
    """The part of the log that keeps stage results."""

    async def recall(self, key: str, now: datetime) -> bytes | None: ...  # noqa: D102  # see Log
    async def keep(self, key: str, payload: bytes, until: datetime) -> None: ...  # noqa: D102
    async def reserve(self, key: str, owner: str, seconds: float) -> bool: ...  # noqa: D102
    async def release(self, key: str, owner: str) -> None: ...  # noqa: D102


@dataclass(slots=True, eq=False)
class InFlight:
    """A result that is being made, and how many wait for it."""

    task: asyncio.Task[CachedResult]
    passengers: int = 0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a result stays fresh, and how long a failure is believed."""

    seconds: float
    failure_seconds: float = 60.0


class StageCache:
    """One per node: the results that are being made here, over the store of those that are made."""

    def __init__(self, store: Store, owner: str, lease_seconds: float) -> None:
        self._store = store
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._flights: dict[str, InFlight] = {}

    def cached(
        self,
        make: Callable[[A], Coroutine[Any, Any, K]],
        key: Callable[[A], str],
        lifetime: Lifetime,
        *,
        failures: bool = True,
        provisional: Callable[[K], bool] = lambda _: False,
        begun: Callable[[], None] = lambda: None,
    ) -> Callable[[A], Coroutine[Any, Any, K]]:
        """Return `make` that is run only where no fresh result is kept and nobody is making it.

        `failures=False` asks again what failed a moment ago; a `provisional` result is kept no longer than a
        failure; `begun` is told when `make` really runs. Fails as `make` does, and as `UpstreamError` where the store
        is away.
        """

        async def told(wanted: A) -> K:
            def making() -> Coroutine[Any, Any, CachedResult]:
                return self._made(name, lambda: _result(make, wanted, begun), lasting, failures=failures)

            def lasting(fact: CachedResult) -> float:
                is_settled = (
                    fact.outcome.settled if isinstance(fact, Failed) else not provisional(cast("K", fact))
                )
                return lifetime.seconds if is_settled else lifetime.failure_seconds

            name = key(wanted)
            try:
                fact = await self._recall(name, failures=failures) or await self._share(name, making)
            except Unavailable:
                raise UpstreamError(LOG_AWAY) from None
            if isinstance(fact, Failed):
                raise stage_error(fact.outcome, fact.message)
            return cast("K", fact)

        return told

    async def _recall(self, name: str, *, failures: bool) -> CachedResult | None:
        """Return what is kept; None where nothing is, or what an older version wrote otherwise."""
        payload = await retry_unavailable(lambda: self._store.recall(name, datetime.now(UTC)))
        try:
            fact = cast("CachedResult", decode(payload)) if payload else None
        except ValueError:
            return None
        unwanted = isinstance(fact, Failed) and not fact.outcome.settled and not failures
        return None if unwanted else fact

    async def _share(
        self, name: str, making: Callable[[], Coroutine[Any, Any, CachedResult]]
    ) -> CachedResult:
        """Wait for the result that is being made, or make it.

        What breaks in another's hands, whose photo may have gone with its run, is made again in our own.
        """
        if flight := self._flights.get(name):
            try:
                return await self._join(name, flight)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001  # whatever broke is told by the make that breaks here
                _log.info("made again", error=type(error).__name__)
        flight = self._flights.get(name) or self._launch(name, making())
        return await self._join(name, flight)

    def _launch(self, name: str, made: Coroutine[Any, Any, CachedResult]) -> InFlight:
        flight = self._flights[name] = InFlight(create_task(made))
        flight.task.add_done_callback(lambda _: self._finish(name, flight))
        return flight

    def _finish(self, name: str, flight: InFlight) -> None:
        """Forget a flight; another under its name, which began after it was cancelled, stays."""
        if self._flights.get(name) is flight:
            del self._flights[name]

    async def _join(self, name: str, flight: InFlight) -> CachedResult:
        flight.passengers += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.passengers -= 1
            if not flight.passengers and not flight.task.done():
                self._finish(name, flight)
                await cancel_and_wait(flight.task)

    async def _made(
        self,
        name: str,
        make: Callable[[], Awaitable[CachedResult]],
        lasting: Callable[[CachedResult], float],
        *,
        failures: bool,
    ) -> CachedResult:
        while not await self._reserve(name):
            await asyncio.sleep(POLL_SECONDS)
            if fact := await self._recall(name, failures=failures):
                return fact
        renewal = create_task(self._renew(name))
        try:
            # another may have kept it between our first look and our reservation
            fact = await self._recall(name, failures=failures)
            return fact or await self._make_and_keep(name, make, lasting)
        finally:
            await cancel_and_wait(renewal)
            with suppress(Unavailable):
                await self._store.release(name, self._owner)

    async def _make_and_keep(
        self, name: str, make: Callable[[], Awaitable[CachedResult]], lasting: Callable[[CachedResult], float]
    ) -> CachedResult:
        fact = await make()
        until = datetime.now(UTC) + timedelta(seconds=lasting(fact))
        # what was paid for is told even where it cannot be kept
        with suppress(Unavailable):
            await retry_unavailable(lambda: self._store.keep(name, encode(fact), until))
        return fact

    async def _reserve(self, name: str) -> bool:
        return await retry_unavailable(lambda: self._store.reserve(name, self._owner, self._lease_seconds))

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            with suppress(Unavailable):
                await self._reserve(name)


async def _result(make: Callable[[A], Awaitable[Kept]], wanted: A, begun: Callable[[], None]) -> CachedResult:
    """Return what `make` found, with the time of its reading, or how it failed."""
    begun()
    try:
        fact = await make(wanted)
    except StageError as error:
        return Failed("", error.outcome, str(error))
    return fact if fact.observed_at else replace(fact, observed_at=datetime.now(UTC))
