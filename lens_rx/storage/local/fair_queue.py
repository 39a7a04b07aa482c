"""The queue of runs in one process: bounded, fair to clients by turns, with an estimate of the waiting time."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from itertools import count

from lens_rx.facts.errors import Busy
from lens_rx.settings import Settings
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.records import Lease, RunState
from lens_rx.storage.signal import Signal

#: How much the last run weighs in the moving average of seconds a run.
NEWEST_WEIGHT = 0.2


class FairQueue:
    """Runs that wait, runs that are leased, and how fast runs end. Times are the loop's."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._requeued: deque[LiveRun] = deque()
        self._turns: OrderedDict[str, deque[LiveRun]] = OrderedDict()
        self._running: dict[str, LiveRun] = {}
        self._runs_of_client: Counter[str] = Counter()
        self._tokens = count(1)
        self._seconds_a_run = 0.0
        self._changed = Signal()
        self._reserved = 0
        self._looked_at = 0.0

    @property
    def waiting(self) -> int:
        """How many runs wait for a worker."""
        return self._reserved + len(self._requeued) + sum(map(len, self._turns.values()))

    def reserve_place(self, client: str, now: float) -> None:
        """Reserve a place for one more run; raise `Busy` when the queue or the client's share of it is full.

        A client without a name is not bounded by a share.
        """
        if self.waiting >= self._settings.queue:
            raise Busy("Too many photos are waiting.", self._seconds_to_next_place(now))
        if client and self._runs_of_client[client] >= self._settings.queue_per_client:
            turns = max(1, len(self._turns))
            raise Busy("Too many of your photos are waiting.", self._seconds_to_next_place(now) * turns)
        self._reserved += 1
        self._runs_of_client[client] += 1

    def release_place(self, client: str) -> None:
        """Give back a place that was reserved."""
        self._reserved -= 1
        self._uncount_client(client)

    def put(self, run: LiveRun) -> None:
        """Queue a run on the place that was reserved for it."""
        self._reserved -= 1
        self._turns.setdefault(run.job.client, deque()).append(run)
        self._changed.notify_all()

    def restore(self, run: LiveRun) -> None:
        """Queue a run that an earlier process left, whatever the bounds say."""
        self._reserved += 1
        self._runs_of_client[run.job.client] += 1
        self.put(run)

    def requeue(self, run: LiveRun) -> None:
        """Queue a run before all others, as if it had not been claimed."""
        self._running.pop(run.key, None)
        run.state = RunState.QUEUED
        run.attempt -= 1
        self._requeued.append(run)
        self._changed.notify_all()

    def take(self, worker: str, now: float) -> Lease | None:
        """Lease the next run to a worker: one whose lease ran out, else the oldest of the client whose turn it is."""
        self._forgive_standstill(now)
        run = self._expired(now) or self._next()
        if run is None:
            return None
        self._running[run.key] = run
        return run.claim(worker, next(self._tokens), now, self._settings.lease_seconds)

    def _forgive_standstill(self, now: float) -> None:
        """Prolong all leases after a time in which nobody looked: the process may have stood still, workers included."""
        if now - self._looked_at > 1.5 * self._settings.lease_seconds:
            for run in self._running.values():
                run.expires_at = max(run.expires_at, now + self._settings.lease_seconds / 2)
        self._looked_at = now

    async def wait_for_change(self, seconds: float, now: float) -> None:
        """Wait until there may be a run to take, at most so many seconds."""
        ends = [run.expires_at - now for run in self._running.values()]
        await self._changed.wait(max(0.0, min([seconds, *ends])))

    def remove(self, run: LiveRun, now: float) -> None:
        """Remove a run, waiting or leased; the time of a complete one is measured."""
        if self._running.pop(run.key, None) is None:
            self._dequeue(run)
        elif run.state is RunState.COMPLETE:
            self._record_duration(now - run.claimed_at)
        self._uncount_client(run.job.client)

    def _uncount_client(self, client: str) -> None:
        self._runs_of_client[client] -= 1
        if not self._runs_of_client[client]:
            del self._runs_of_client[client]

    def _expired(self, now: float) -> LiveRun | None:
        return next((run for run in self._running.values() if run.expires_at <= now), None)

    def _next(self) -> LiveRun | None:
        if self._requeued:
            return self._requeued.popleft()
        if not self._turns:
            return None
        client, runs = self._turns.popitem(last=False)
        run = runs.popleft()
        if runs:
            self._turns[client] = runs
        return run

    def _dequeue(self, run: LiveRun) -> None:
        if run in self._requeued:
            self._requeued.remove(run)
            return
        runs = self._turns.get(run.job.client, deque())
        if run in runs:
            runs.remove(run)
        if not runs:
            self._turns.pop(run.job.client, None)

    def _record_duration(self, seconds: float) -> None:
        known = self._seconds_a_run or seconds
        self._seconds_a_run = known + NEWEST_WEIGHT * (seconds - known)

    def _seconds_to_next_place(self, now: float) -> int:
        """Return the seconds until a running one has probably ended; before any has, until its deadline."""
        if self._seconds_a_run:
            seconds = self._seconds_a_run / max(1, len(self._running))
        else:
            oldest = min((run.claimed_at for run in self._running.values()), default=now)
            seconds = self._settings.run_deadline_seconds - (now - oldest)
        return max(1, math.ceil(seconds))
