"""Patience of those who work while the log is away: what was paid for is kept as soon as it is back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

from lens_rx.facts.errors import Unavailable

T = TypeVar("T")

#: Seconds that a worker waits for the log; after them its run is left to whoever claims it next.
PATIENCE_SECONDS = 30.0

_while_away = stamina.AsyncRetryingCaller(
    attempts=None, timeout=PATIENCE_SECONDS, wait_initial=0.2, wait_max=2.0
).on(Unavailable)


async def retry_unavailable(call: Callable[[], Awaitable[T]]) -> T:
    """Return what `call` answers, asked again while the log is `Unavailable`.

    Only for calls that may be made twice: not for `submit`, `claim` and `follow`. It takes no arguments,
    for those would be logged with each try.
    """
    return await _while_away(call)
