"""Calls on a connection, off the loop: those that arrive while some are in progress go together next."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]

#: As often as so many calls have been queued, those that nobody waits for any more are dropped: a disk may hang for long.
_DROPPED_EVERY = 256


class BatchedCalls(ABC):
    """Runs calls in order on one connection; a change of thread costs more than most calls, so it is made once for many."""

    def __init__(self, connection: sqlite3.Connection, thread: Executor) -> None:
        self._connection = connection
        self._thread = thread
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._idle: asyncio.Future[None] | None = None

    @staticmethod
    @abstractmethod
    def run_all(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
        """Return each call's result or exception, in order; one that fails does not fail the others. Runs in the thread."""

    def enqueue(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Queue a call; the future has its result, or its exception. One whose future is cancelled before is not made."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        done.add_done_callback(_consume_exception)
        if len(self._waiting) % _DROPPED_EVERY == _DROPPED_EVERY - 1:
            self._drop_cancelled()
        self._waiting.append((work, done))
        if self._idle is None:
            self._idle = loop.create_future()
            loop.call_soon(self._start, loop)
        return done

    async def join(self) -> None:
        """Wait until nothing is queued."""
        if self._idle:
            await asyncio.wait({self._idle})

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._drop_cancelled()
        batch, self._waiting = self._waiting, []
        works = [work for work, _ in batch]
        try:
            ended = loop.run_in_executor(self._thread, self.run_all, self._connection, works)
        except RuntimeError as error:  # the thread was ended
            self._finish(loop, batch, [error] * len(batch))
            return
        ended.add_done_callback(lambda it: self._finish(loop, batch, _results(it, len(batch))))

    def _drop_cancelled(self) -> None:
        self._waiting = [it for it in self._waiting if not it[1].done()]

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: Sequence[tuple[Work, asyncio.Future[Any]]],
        results: Sequence[Any],
    ) -> None:
        for (_, done), result in zip(batch, results, strict=True):
            _resolve(done, result)
        if self._waiting:
            self._start(loop)
        elif self._idle:
            self._idle.set_result(None)
            self._idle = None


def _results(ended: asyncio.Future[list[Any]], count: int) -> list[Any]:
    """Return the results of a batch; what failed as a whole failed for each."""
    if ended.cancelled():
        return [asyncio.CancelledError()] * count
    error = ended.exception()
    return [error] * count if error else ended.result()


def _consume_exception(done: asyncio.Future[Any]) -> None:
    """Mark a failure that nobody waits for as retrieved."""
    if not done.cancelled():
        done.exception()


def _resolve(done: asyncio.Future[Any], result: Any) -> None:
    if done.done():
        return
    if isinstance(result, asyncio.CancelledError):
        done.cancel()
    elif isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)
