"""Ends the streams of a run that cannot be written, such as on a full disk: they may be asked for again later."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Mapping

from lens_rx.facts.errors import Unavailable
from lens_rx.settings import Settings
from lens_rx.storage.local.live_run import LiveRun

#: How long writes for a run may fail before its streams end, and which part of the run's deadline at most. Less than
#: a worker tries again (`RETRY_SECONDS`), so that it is seen within one attempt.
MAX_FAILING_SECONDS, PART_OF_DEADLINE = 25.0, 1 / 3
RETRY_SECONDS = 5
MESSAGE = "What is found cannot be stored now. Ask again later, and it goes on from here."


class WriteWatch:
    """Watches the writes for the `live` runs. The runs themselves go on when they can be written again."""

    def __init__(self, settings: Settings, live: Mapping[str, LiveRun]) -> None:
        self._run_seconds = settings.run_deadline_seconds
        self._failing_seconds = min(MAX_FAILING_SECONDS, self._run_seconds * PART_OF_DEADLINE)
        self._live = live
        self._failing_since: float | None = None

    async def watch(self, run: LiveRun, write: Awaitable[None], *, is_proof: bool = True) -> None:
        """Await a write for a run; where writes have failed for too long, fail everybody who follows it.

        Where all writes have, those who follow any run are failed, whether it waits or was begun. `is_proof`: a success
        shows that the run can be written; that of a small change in place, for which a full disk has room, does not.
        """
        began = time.monotonic()
        try:
            await write
        except Unavailable:
            run.failing_since = began if run.failing_since is None else run.failing_since
            self._failing_since = began if self._failing_since is None else self._failing_since
            self._fail_streams(run, time.monotonic())
            raise
        if is_proof:
            run.failing_since = self._failing_since = None

    def _fail_streams(self, run: LiveRun, now: float) -> None:
        if self._is_long(self._failing_since, now):
            failing = list(self._live.values())
        elif self._is_long(run.failing_since, now) or self._is_overdue(run, now):
            failing = [run]
        else:
            return
        for it in failing:
            it.feed.fail_followers(Unavailable(MESSAGE, RETRY_SECONDS))

    def _is_long(self, since: float | None, now: float) -> bool:
        return since is not None and now - since >= self._failing_seconds

    def _is_overdue(self, run: LiveRun, now: float) -> bool:
        return run.first_claimed_at is not None and now - run.first_claimed_at >= self._run_seconds
