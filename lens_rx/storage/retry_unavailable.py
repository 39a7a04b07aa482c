"""Retries of calls to a storage that is away: what was paid for is stored as soon as it is back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TypeVar

import stamina

from lens_rx.facts.errors import Unavailable
from lens_rx.reactive.retry import failed_once

T = TypeVar("T")

#: Seconds that a worker waits for the storage; after them its run is left to whoever claims it next.
RETRY_SECONDS = 30.0


async def retry_unavailable(call: Callable[[], Awaitable[T]], seconds: float = RETRY_SECONDS) -> T:
    """Return what `call` returns, called again for `seconds` while the storage is `Unavailable`.

    Only for calls that may be made twice: not for `submit`, `claim` and `follow`. It takes no arguments,
    because those would be logged with each try.
    """
    try:
        return await call()
    except Unavailable as error:
        call_again = failed_once(call, error)
    return await _retrying(seconds)(call_again)


@lru_cache(maxsize=8)
def _retrying(seconds: float) -> stamina.BoundAsyncRetryingCaller:
    retrying = stamina.AsyncRetryingCaller(attempts=None, timeout=seconds, wait_initial=0.2, wait_max=2.0)
    return retrying.on(Unavailable)
