"""The scripts that run inside Redis, each a file in `lua/`, atomic over all nodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,  # noqa: A004  # Redis' own, not the built-in one
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

from lens_rx.facts.errors import Unavailable

#: Seconds after which Redis counts as away.
CALL_SECONDS = 3.0
RETRY_SECONDS = 2

#: Scripts that free memory may run when there is none left; those that only read may run on a replica.
FLAGS = {
    "read_run": "no-writes",
    "list_runs": "no-writes",
    "end_run": "allow-oom",
    "delete_run": "allow-oom",
    "renew": "allow-oom",
    "requeue": "allow-oom",
    "release_result": "allow-oom",
}
_FOLDER = files("lens_rx.storage.redis") / "lua"
_EXPECTED = (ConnectionError, BusyLoadingError, OutOfMemoryError, ReadOnlyError)

_log = structlog.get_logger()


@asynccontextmanager
async def redis_call(seconds: float = CALL_SECONDS) -> AsyncIterator[None]:
    """Raise `Unavailable` for a failure of Redis, or where it does not answer within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (RedisError, OSError) as error:
        if isinstance(error, ResponseError) and not isinstance(error, _EXPECTED):
            _log.warning("redis refused", error=str(error))
        raise Unavailable("The storage is away.", RETRY_SECONDS) from error


class Scripts:
    """Calls scripts by name, with the prefix of all keys; loads them again where Redis lost them."""

    def __init__(self, client: Redis, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._scripts: dict[str, AsyncScript] = {}

    async def __call__(self, name: str, *arguments: str | bytes | float) -> Any:
        """Return what the script returns; raise `Unavailable`."""
        if name not in self._scripts:
            self._scripts[name] = self._client.register_script(_text(name))
        async with redis_call():
            return await self._scripts[name]([self._prefix], [self._prefix, *arguments])


def _text(name: str) -> str:
    flags = f" flags={FLAGS[name]}" if name in FLAGS else ""
    common, own = (_FOLDER.joinpath(f"{part}.lua").read_text() for part in ("common", name))
    return f"#!lua{flags}\n{common}\n{own}"
