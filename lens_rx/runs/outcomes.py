"""What a thing was sold for in the end: reported for its run, stored beside it, compared with what was estimated."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import orjson

from lens_rx.runs.keys import tenant_of
from lens_rx.storage.protocols import ResultCache

#: Sales of a tenant that are compared with their estimates, the newest.
MAX_TALLIED_SALES = 1000


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """A reported sale: the price in a currency, the days that it took, and where; `days` None: not said."""

    sold_price: float
    currency: str
    days: int | None = None
    marketplace: str = ""
    reported_at: str = ""


class OutcomeStore:
    """The outcome of each run, one a run, kept as long as a finished run is; `delete` goes with the run.

    Beside them, for each tenant, where its sales fell in the ranges of their estimates. Of two nodes that write that in
    the same moment one may be lost.
    """

    def __init__(self, results: ResultCache, kept_days: float) -> None:
        self._results = results
        self._lifetime = timedelta(days=kept_days)
        self._writing = asyncio.Lock()

    async def get(self, key: str) -> SaleOutcome | None:
        """Return the outcome of a run, None where none was reported. Raises `Unavailable`."""
        payload = await self._results.get_result(_name(key), datetime.now(UTC))
        return SaleOutcome(**orjson.loads(payload)) if payload else None

    async def put(self, key: str, outcome: SaleOutcome, place: str = "") -> None:
        """Store the outcome of a run in place of an earlier one, and the place in the range. Raises `Unavailable`."""
        await self._results.put_result(_name(key), orjson.dumps(asdict(outcome)), self._until())
        await self._set_place(key, place)

    async def places(self, tenant: str) -> Counter[str]:
        """Return how many of a tenant's sales fell into each place of their range. Raises `Unavailable`."""
        return Counter((await self._places(tenant)).values())

    async def delete(self, key: str) -> None:
        """Delete the outcome of a run. Raises `Unavailable`."""
        if await self.get(key):
            await self._results.put_result(_name(key), b"", datetime.now(UTC))
            await self._set_place(key, "")

    async def _set_place(self, key: str, place: str) -> None:
        tenant = tenant_of(key)
        async with self._writing:
            places = await self._places(tenant)
            places.pop(key, None)
            newest = [*places.items(), *([(key, place)] if place else [])][-MAX_TALLIED_SALES:]
            await self._results.put_result(_places_name(tenant), orjson.dumps(dict(newest)), self._until())

    async def _places(self, tenant: str) -> dict[str, str]:
        payload = await self._results.get_result(_places_name(tenant), datetime.now(UTC))
        places: dict[str, str] = orjson.loads(payload) if payload else {}
        return places

    def _until(self) -> datetime:
        return datetime.now(UTC) + self._lifetime


def _name(key: str) -> str:
    return f"outcome/{key}"


def _places_name(tenant: str) -> str:
    return f"outcome-places/{tenant}"
