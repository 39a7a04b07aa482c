"""The stage results of one process' storage, and who makes them."""

from __future__ import annotations

import time
from datetime import datetime

from lens_rx.storage.local.run_store import RunStore
from lens_rx.storage.local.ttl_locks import TtlLocks


class LocalResults:
    """`ResultCache` over a `RunStore`; the rights to make results are those of this process."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._result_locks = TtlLocks()

    async def get_result(self, key: str, now: datetime) -> bytes | None:
        """Return a stage's result."""
        return await self._store.get_result(key, now)

    async def put_result(self, key: str, payload: bytes, until: datetime) -> None:
        """Store a stage's result."""
        await self._store.put_result(key, payload, until)

    async def reserve(self, key: str, owner: str, seconds: float) -> bool:
        """Take or prolong the right to make a stage's result."""
        return self._result_locks.acquire(key, owner, seconds, time.monotonic())

    async def release(self, key: str, owner: str) -> None:
        """Give that right back."""
        self._result_locks.release(key, owner)
