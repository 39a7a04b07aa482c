"""A limit on wrong tokens: some at once, then a few a minute, for each client."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

#: Wrong tokens that a client may send at once, and the seconds after which it may send one more.
BURST, REFILL_SECONDS = 10, 6.0
#: Clients that are remembered; the one that failed longest ago goes first.
MAX_CLIENTS = 10_000


class FailedAttempts:
    """The wrong tokens of each client, by its name."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        #: When a client's failures are forgotten; each moves it by `REFILL_SECONDS`.
        self._forgotten_at: OrderedDict[str, float] = OrderedDict()

    def seconds_to_wait(self, client: str) -> int:
        """Return after how many seconds a client may try again, 0 if at once."""
        left = self._forgotten_at.get(client, 0.0) - self._clock() - (BURST - 1) * REFILL_SECONDS
        return max(0, math.ceil(left))

    def record(self, client: str) -> None:
        """Count a wrong token of a client."""
        now = self._clock()
        self._forgotten_at[client] = max(self._forgotten_at.get(client, 0.0), now) + REFILL_SECONDS
        self._forgotten_at.move_to_end(client)
        if len(self._forgotten_at) > MAX_CLIENTS:
            self._forgotten_at.popitem(last=False)
