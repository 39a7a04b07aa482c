"""What a thing was sold for in the end: reported for its run, stored beside it, compared with what was estimated."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import orjson

from lens_rx.storage.protocols import ResultCache


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """A reported sale: the price in a currency, the days that it took, and where; `days` None: not said."""

    sold_price: float
    currency: str
    days: int | None = None
    marketplace: str = ""
    reported_at: str = ""


class OutcomeStore:
    """The outcome of each run, one a run, kept as long as a finished run is; `delete` goes with the run."""

    def __init__(self, results: ResultCache, kept_days: float) -> None:
        self._results = results
        self._lifetime = timedelta(days=kept_days)

    async def get(self, key: str) -> SaleOutcome | None:
        """Return the outcome of a run, None where none was reported. Raises `Unavailable`."""
        payload = await self._results.get_result(_name(key), datetime.now(UTC))
        return SaleOutcome(**orjson.loads(payload)) if payload else None

    async def put(self, key: str, outcome: SaleOutcome) -> None:
        """Store the outcome of a run in place of an earlier one. Raises `Unavailable`."""
        until = datetime.now(UTC) + self._lifetime
        await self._results.put_result(_name(key), orjson.dumps(asdict(outcome)), until)

    async def delete(self, key: str) -> None:
        """Delete the outcome of a run. Raises `Unavailable`."""
        if await self.get(key):
            await self._results.put_result(_name(key), b"", datetime.now(UTC))


def _name(key: str) -> str:
    return f"outcome/{key}"
