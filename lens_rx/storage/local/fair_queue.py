"""The desk where runs wait for a worker: bounded, fair by turns, honest about the waiting time."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from itertools import count

from lens_rx.facts.errors import Busy
from lens_rx.settings import Settings
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.protocols import Lease, RunState
from lens_rx.storage.signal import Signal

#: How much the last run weighs in the measured pace.
NEWEST = 0.2


class FairQueue:
    """Who waits, who runs, and how fast runs end. Times are the loop's."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._first: deque[LiveRun] = deque()
        self._turns: OrderedDict[str, deque[LiveRun]] = OrderedDict()
        self._running: dict[str, LiveRun] = {}
        self._open: Counter[str] = Counter()
        self._tokens = count(1)
        self._seconds_a_run = 0.0
        self._news = Signal()
        self._reserved = 0

    @property
    def waiting(self) -> int:
        """How many runs wait for a worker."""
        return self._reserved + len(self._first) + sum(map(len, self._turns.values()))

    def admit(self, client: str, now: float) -> None:
        """Hold a place for one more run; raise `Busy` when the queue or the client's share is full.

        A client without a name has no share of its own.
        """
        if self.waiting >= self._settings.queue:
            raise Busy("Too many photos are waiting.", self._next_place(now))
        if client and self._open[client] >= self._settings.queue_per_client:
            turns = max(1, len(self._turns))
            raise Busy("Too many of your photos are waiting.", self._next_place(now) * turns)
        self._reserved += 1
        self._open[client] += 1

    def withdraw(self, client: str) -> None:
        """Give back a place that `admit` held."""
        self._reserved -= 1
        self._close(client)

    def put(self, run: LiveRun) -> None:
        """Queue a run on the place that `admit` held for it."""
        self._reserved -= 1
        self._turns.setdefault(run.job.client, deque()).append(run)
        self._news.notify_all()

    def restore(self, run: LiveRun) -> None:
        """Queue a run that was there before this process, whatever the bounds say."""
        self._reserved += 1
        self._open[run.job.client] += 1
        self.put(run)

    def put_first(self, run: LiveRun) -> None:
        """Queue a run before all others, as if it had not been taken."""
        self._running.pop(run.key, None)
        run.state = RunState.QUEUED
        run.attempt -= 1
        self._first.append(run)
        self._news.notify_all()

    def take(self, worker: str, now: float) -> Lease | None:
        """Give the next run to a worker: one whose lease ran out, else the next client's oldest."""
        run = self._silent(now) or self._next()
        if run is None:
            return None
        self._running[run.key] = run
        return run.claimed(worker, next(self._tokens), now, self._settings.lease_seconds)

    async def news(self, seconds: float, now: float) -> None:
        """Wait until there may be something to take, at most so many seconds."""
        ends = [run.expires_at - now for run in self._running.values()]
        await self._news.wait(max(0.0, min([seconds, *ends])))

    def leave(self, run: LiveRun, now: float) -> None:
        """Let a run go, from wherever it is; a complete one tells the pace."""
        if self._running.pop(run.key, None) is None:
            self._dequeue(run)
        elif run.state is RunState.COMPLETE:
            self._measure(now - run.claimed_at)
        self._close(run.job.client)

    def _close(self, client: str) -> None:
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]

    def _silent(self, now: float) -> LiveRun | None:
        return next((run for run in self._running.values() if run.expires_at <= now), None)

    def _next(self) -> LiveRun | None:
        if self._first:
            return self._first.popleft()
        if not self._turns:
            return None
        client, runs = self._turns.popitem(last=False)
        run = runs.popleft()
        if runs:
            self._turns[client] = runs
        return run

    def _dequeue(self, run: LiveRun) -> None:
        if run in self._first:
            self._first.remove(run)
            return
        runs = self._turns.get(run.job.client, deque())
        if run in runs:
            runs.remove(run)
        if not runs:
            self._turns.pop(run.job.client, None)

    def _measure(self, seconds: float) -> None:
        known = self._seconds_a_run or seconds
        self._seconds_a_run = known + NEWEST * (seconds - known)

    def _next_place(self, now: float) -> int:
        """Seconds until a running one has probably ended; before any has, until one must have."""
        if self._seconds_a_run:
            seconds = self._seconds_a_run / max(1, len(self._running))
        else:
            oldest = min((run.claimed_at for run in self._running.values()), default=now)
            seconds = self._settings.run_deadline_seconds - (now - oldest)
        return max(1, math.ceil(seconds))
