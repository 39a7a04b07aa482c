"""Group commit: writes that arrive while a commit is in progress share the next one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from lens_rx.storage.sqlite.batched_calls import BatchedCalls, Work, result_or_error


class GroupCommit(BatchedCalls):
    """Writes, each of which is on the disk when its future is done."""

    @staticmethod
    def run_all(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
        """Run the writes in one transaction; where one fails, each in its own."""
        try:
            return _transaction(connection, works)
        except Exception:  # noqa: BLE001  # run one by one to find which
            return [result_or_error(_in_its_own(work), connection) for work in works]


def _in_its_own(work: Work) -> Work:
    """Return the write as one in a transaction of its own."""
    return lambda connection: _transaction(connection, [work])[0]


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
