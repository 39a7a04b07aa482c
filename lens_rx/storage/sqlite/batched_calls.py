"""Calls on a connection, off the loop: those that arrive while some are in progress go together next."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from lens_rx.reactive.interop import create_task

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
        self._flushing: asyncio.Task[None] | None = None

    @staticmethod
    @abstractmethod
    def run_all(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
        """Return each call's result or exception, in order; one that fails does not fail the others. Runs in the thread."""

    def enqueue(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Queue a call; the future has its result, or its exception. One whose future is cancelled before is not made."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_consume_exception)
        if len(self._waiting) % _DROPPED_EVERY == _DROPPED_EVERY - 1:
            self._drop_cancelled()
        self._waiting.append((work, done))
        if self._flushing is None:
            self._flushing = create_task(self._flush(), "store-calls")
        return done

    async def join(self) -> None:
        """Wait until nothing is queued."""
        if self._flushing:
            await asyncio.wait({self._flushing})

    async def _flush(self) -> None:
        try:
            while self._waiting:
                self._drop_cancelled()
                batch, self._waiting = self._waiting, []
                results = await self._results([work for work, _ in batch])
                for (_, done), result in zip(batch, results, strict=True):
                    _resolve(done, result)
        finally:
            self._flushing = None

    async def _results(self, works: Sequence[Work]) -> list[Any]:
        """Return what `run_all` does; what failed as a whole, or finds the thread ended, failed for each."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self.run_all, self._connection, works)
        except Exception as error:  # noqa: BLE001  # it is raised where the calls were queued
            return [error] * len(works)

    def _drop_cancelled(self) -> None:
        self._waiting = [it for it in self._waiting if not it[1].done()]


def result_or_error(work: Work, connection: sqlite3.Connection) -> Any:
    """Return the result of a call, or the exception that is to be raised where it was queued."""
    try:
        return work(connection)
    except Exception as error:  # noqa: BLE001  # its neighbours go on
        return error


def _consume_exception(done: asyncio.Future[Any]) -> None:
    """Mark a failure that nobody waits for as retrieved."""
    if not done.cancelled():
        done.exception()


def _resolve(done: asyncio.Future[Any], result: Any) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
