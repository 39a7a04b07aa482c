"""A circuit breaker: a server that fails again and again is left alone for a while, then tried by one call.

After one failure the next call is a probe, for whose end the others wait: no call is lost by one slow answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from lens_rx.facts.errors import UpstreamError

#: Failures in a row after which the server is left alone.
THRESHOLD = 2
#: Seconds for which it is left alone at first; each failed probe doubles them, up to the longest.
FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 5.0, 60.0


class Attempt:
    """One call; `failed` is set where the server failed, not the question."""

    def __init__(self) -> None:
        self.failed = False


class CircuitBreaker:
    """Lets calls to one server through, or refuses them while it is left alone."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._successes = 0
        self._rest_seconds = FIRST_REST_SECONDS
        self._open_until = 0.0
        self._probe: asyncio.Event | None = None

    @asynccontextmanager
    async def call(self) -> AsyncIterator[Attempt]:
        """Let a call through; where the last one failed, alone. Raises `UpstreamError` while the server is left alone.

        A call that is cancelled without being marked as failed says nothing about the server.
        """
        await self._enter()
        probe = asyncio.Event() if self._failures else None
        self._probe = probe
        attempt, successes = Attempt(), self._successes
        try:
            yield attempt
        except asyncio.CancelledError:
            if attempt.failed:
                self._fail(successes)
            raise
        except Exception:
            self._end(attempt, successes)
            raise
        else:
            self._end(attempt, successes)
        finally:
            if probe:
                self._probe = None
                probe.set()

    async def _enter(self) -> None:
        while self._failures:
            if self._clock() < self._open_until:
                raise UpstreamError("The model's server did not answer a moment ago, so it is not asked now.")
            if self._probe is None:
                return
            await self._probe.wait()

    def _end(self, attempt: Attempt, successes: int) -> None:
        if attempt.failed:
            self._fail(successes)
        else:
            self._successes += 1
            self._failures, self._rest_seconds = 0, FIRST_REST_SECONDS

    def _fail(self, successes: int) -> None:
        """Count a failure, unless the server has answered others since the call began: then it was one slow answer."""
        if self._successes != successes:
            return
        self._failures += 1
        if self._failures >= THRESHOLD:
            self._open_until = self._clock() + self._rest_seconds
            self._rest_seconds = min(2 * self._rest_seconds, LONGEST_REST_SECONDS)
