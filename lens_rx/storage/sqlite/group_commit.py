"""Group commit: writes that arrive while a commit is in progress share the next one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from lens_rx.storage.sqlite.batched_calls import BatchedCalls, Work


class GroupCommit(BatchedCalls):
    """Writes, each of which is on the disk when its future is done."""

    @staticmethod
    def run_all(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
        """Run the writes in one transaction; where one fails, each in its own."""
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
