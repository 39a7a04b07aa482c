"""Claims of jobs: permits in a consumer group, and runs by turns."""

from __future__ import annotations

import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from lens_rx.storage.records import Lease
from lens_rx.storage.redis.lua_scripts import CALL_SECONDS, Scripts, redis_call
from lens_rx.storage.redis.redis_codec import parse_lease

GROUP = "workers"
#: Beginnings of the errors that Redis answers to a worker whose stream was flushed.
GROUP_GONE = ("NOGROUP", "UNBLOCKED the stream key")


class JobGroup:
    """Claims the jobs of all nodes for the workers of this one.

    Each run that waits or runs has a permit in the stream, and the worker that reads a permit gets the run whose
    turn it is. A permit that is not renewed for `lease_seconds` passes to the next worker.
    """

    def __init__(self, client: Redis, scripts: Scripts, prefix: str, lease_seconds: float) -> None:
        self._client = client
        self._call = scripts
        self._stream = f"{prefix}jobs"
        self._lease_seconds = lease_seconds
        self._repaired_at = float("-inf")

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        """Take the next job, or one whose lease ran out; None after `wait_seconds` without any."""
        ends = time.monotonic() + wait_seconds
        permit: tuple[bytes, ...] = ()
        while True:
            answer = await self._call("claim", worker, round(self._lease_seconds * 1000), *permit)
            if not isinstance(answer, int):
                return parse_lease(answer, worker)
            await self._repair_sometimes()
            left_ms = int((ends - time.monotonic()) * 1000)
            if left_ms <= 0:
                return None
            permit = await self._permit(worker, min(left_ms, answer))

    async def repair(self) -> None:
        """Restore jobs whose permit or place in the queue was lost."""
        await self._call("repair")
        self._repaired_at = time.monotonic()

    async def _repair_sometimes(self) -> None:
        if time.monotonic() - self._repaired_at > self._lease_seconds:
            await self.repair()

    async def _permit(self, worker: str, block_ms: int) -> tuple[bytes, ...]:
        """Wait for a permit; return () where none came, or the group is gone and has to be created again."""
        streams: Any = {self._stream: ">"}
        async with redis_call(block_ms / 1000 + CALL_SECONDS):
            try:
                answer: Any = await self._client.xreadgroup(GROUP, worker, streams, count=1, block=block_ms)
            except ResponseError as error:
                if not str(error).startswith(GROUP_GONE):
                    raise
                return ()
        return tuple(permit for _, entries in answer for permit, _ in entries)
