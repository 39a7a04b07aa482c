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
from hashlib import sha256
from typing import Any, Protocol, TypeVar, cast

import orjson

from lens_rx.errors import StageError, Unavailable, stage_error
from lens_rx.facts import Caption, Failed, Identity, MarketplaceOffers, Matches, ProducerPage, Retail
from lens_rx.flow.bridge import ended, spawn
from lens_rx.replay.codec import decode, encode
from lens_rx.replay.patience import while_away

A = TypeVar("A")
Kept = Matches | Caption | Identity | ProducerPage | Retail | MarketplaceOffers
K = TypeVar("K", bound=Kept)
Result = Callable[[], Awaitable[tuple[bytes, float]]]

#: Seconds between looks at a result that another node is making.
POLL_SECONDS = 0.1


class Store(Protocol):
    """The part of the log that keeps stage results."""

    async def recall(self, key: str, now: datetime) -> bytes | None: ...  # noqa: D102  # see Log
    async def keep(self, key: str, payload: bytes, until: datetime) -> None: ...  # noqa: D102
    async def reserve(self, key: str, owner: str, seconds: float) -> bool: ...  # noqa: D102
    async def release(self, key: str, owner: str) -> None: ...  # noqa: D102


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[bytes]
    passengers: int = 0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a result stays fresh, and how long a failure is believed."""

    seconds: float
    failure_seconds: float = 60.0


class Keeper:
    """One per node: the results that are being made here, over the store of those that are made."""

    def __init__(self, store: Store, owner: str, lease_seconds: float) -> None:
        self._store = store
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._flights: dict[str, _Flight] = {}

    def kept(
        self,
        make: Callable[[A], Coroutine[Any, Any, K]],
        key: Callable[[A], str],
        lifetime: Lifetime,
        *,
        failures: bool = True,
        begun: Callable[[], None] = lambda: None,
    ) -> Callable[[A], Coroutine[Any, Any, K]]:
        """Return `make` that is run only where no fresh result is kept and nobody is making it.

        `failures=False` asks again what failed a moment ago; `begun` is told when `make` really runs.
        """

        async def told(wanted: A) -> K:
            name = key(wanted)
            payload = await self._recall(name, failures=failures)
            if payload is None:

                async def result() -> tuple[bytes, float]:
                    begun()
                    return await _result(make, wanted, lifetime)

                payload = await self._share(name, lambda: self._made(name, result, failures=failures))
            return cast("K", _told(payload))

        return told

    async def _recall(self, name: str, *, failures: bool) -> bytes | None:
        payload = await while_away(lambda: self._store.recall(name, datetime.now(UTC)))
        if payload is None or failures:
            return payload
        fact = decode(payload)
        return None if isinstance(fact, Failed) and not fact.outcome.settled else payload

    async def _share(self, name: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        flight = self._flights.get(name)
        if flight is None:
            flight = self._flights[name] = _Flight(spawn(make()))
            flight.task.add_done_callback(lambda _: self._flights.pop(name, None))
        flight.passengers += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.passengers -= 1
            if not flight.passengers and not flight.task.done():
                self._flights.pop(name, None)
                await ended(flight.task)

    async def _made(self, name: str, result: Result, *, failures: bool) -> bytes:
        """Return what another owner made meanwhile, else make it, keep it, and give the right back."""
        while not await self._reserve(name):
            await asyncio.sleep(POLL_SECONDS)
            if (payload := await self._recall(name, failures=failures)) is not None:
                return payload
        renewal = spawn(self._renew(name))
        try:
            # it may have been made between the last look and the reservation
            if (payload := await self._recall(name, failures=failures)) is None:
                payload = await self._keep(name, *(await result()))
            return payload
        finally:
            await ended(renewal)
            with suppress(Unavailable):
                await self._store.release(name, self._owner)

    async def _keep(self, name: str, payload: bytes, seconds: float) -> bytes:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        await while_away(lambda: self._store.keep(name, payload, until))
        return payload

    async def _reserve(self, name: str) -> bool:
        return await while_away(lambda: self._store.reserve(name, self._owner, self._lease_seconds))

    async def _renew(self, name: str) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            with suppress(Unavailable):
                await self._reserve(name)


async def _result(make: Callable[[A], Awaitable[Kept]], wanted: A, lifetime: Lifetime) -> tuple[bytes, float]:
    """Return what `make` found or how it failed, encoded, and how many seconds to keep it."""
    try:
        fact = await make(wanted)
    except StageError as error:
        failed = Failed("", error.outcome, str(error))
        return encode(failed), lifetime.seconds if error.outcome.settled else lifetime.failure_seconds
    if fact.observed_at is None:
        fact = replace(fact, observed_at=datetime.now(UTC))
    return encode(fact), lifetime.seconds


def _told(payload: bytes) -> Kept:
    fact = decode(payload)
    if isinstance(fact, Failed):
        raise stage_error(fact.outcome, fact.message)
    return cast("Kept", fact)


def key_of(*parts: object) -> str:
    """Return a key made of `parts`: SHA-256 over their JSON, in hex."""
    return sha256(orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()
