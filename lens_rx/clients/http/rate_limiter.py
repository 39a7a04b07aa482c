"""Keeps a decent pace: so many requests a second and host, whoever asks."""

from __future__ import annotations

from collections import OrderedDict

from aiolimiter import AsyncLimiter

#: Hosts whose pace is remembered at most.
MAX_HOSTS = 1_000


class RateLimiter:
    """One limiter a host, of `requests` in `seconds`; those of the hosts asked longest ago are forgotten."""

    def __init__(self, requests: float, seconds: float = 1.0) -> None:
        self._rate = (requests, seconds)
        self._limiters: OrderedDict[str, AsyncLimiter] = OrderedDict()

    async def acquire(self, host: str) -> None:
        """Wait until `host` may be asked again."""
        limiter = self._limiters.setdefault(host, AsyncLimiter(*self._rate))
        self._limiters.move_to_end(host)
        if len(self._limiters) > MAX_HOSTS:
            self._limiters.popitem(last=False)
        await limiter.acquire()
