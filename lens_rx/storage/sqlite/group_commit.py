"""Group commit: writes that arrive while a commit is in progress share the next one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from lens_rx.reactive.interop import create_task

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]


class GroupCommit:
    """Runs writes in order, off the loop, as many in one transaction as arrived during the last."""

    def __init__(self, connection: sqlite3.Connection, thread: Executor) -> None:
        self._connection = connection
        self._thread = thread
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._flushing: asyncio.Task[None] | None = None

    def enqueue(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Queue a write; the future is done when it is on the disk, or failed by itself."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_consume_exception)
        self._waiting.append((work, done))
        if self._flushing is None:
            self._flushing = create_task(self._flush(), "commits")
        return done

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a write in a transaction and return its result when it is on the disk."""
        return await self.enqueue(work)

    async def join(self) -> None:
        """Wait until nothing is queued."""
        if self._flushing:
            await asyncio.wait({self._flushing})

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = [it for it in self._waiting if not it[1].done()], []
                works = [work for work, _ in batch]
                results = await loop.run_in_executor(self._thread, _commit, self._connection, works)
                for (_, done), result in zip(batch, results, strict=True):
                    _resolve(done, result)
        finally:
            self._flushing = None


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


def _commit(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
    """Return each write's result or exception; one that fails does not fail the others."""
    try:
        return _transaction(connection, works)
    except Exception:  # noqa: BLE001  # run one by one to find which
        return [_commit_alone(connection, work) for work in works]


def _commit_alone(connection: sqlite3.Connection, work: Work) -> Any:
    try:
        return _transaction(connection, [work])[0]
    except Exception as error:  # noqa: BLE001  # it is raised where the write was queued
        return error


def _transaction(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        results = [work(connection) for work in works]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return results
