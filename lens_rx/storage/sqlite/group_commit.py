"""Group commit: what is written while a commit is under way shares the next one."""

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
    """Runs pieces of work in as few transactions as their pace asks for, in order, off the loop."""

    def __init__(self, connection: sqlite3.Connection, thread: Executor) -> None:
        self._connection = connection
        self._thread = thread
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._flushing: asyncio.Task[None] | None = None

    def post(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """Put work in line; the future is done when it is on the disk, or has failed alone."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_consume_exception)
        self._waiting.append((work, done))
        if self._flushing is None:
            self._flushing = create_task(self._flush(), "commits")
        return done

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work in a transaction and return its result when that is on the disk."""
        return await self.post(work)

    async def join(self) -> None:
        """Wait until nothing is in line."""
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
    """Take note of a failure that nobody waits for."""
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
    """Return each work's result or exception; one that fails takes no other with it."""
    try:
        return _transaction(connection, works)
    except Exception:  # noqa: BLE001  # found out which, one by one
        return [_commit_alone(connection, work) for work in works]


def _commit_alone(connection: sqlite3.Connection, work: Work) -> Any:
    try:
        return _transaction(connection, [work])[0]
    except Exception as error:  # noqa: BLE001  # it is raised where the work was asked for
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
