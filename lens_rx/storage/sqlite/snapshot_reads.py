"""Reads that arrive while some are in progress, over one snapshot of the file next."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from lens_rx.storage.sqlite.batched_calls import BatchedCalls, Work, result_or_error


class SnapshotReads(BatchedCalls):
    """Reads, each of which sees all that was on the disk when it was queued."""

    @staticmethod
    def run_all(connection: sqlite3.Connection, works: Sequence[Work]) -> list[Any]:
        """Run the reads in one transaction, which is rolled back."""
        connection.execute("BEGIN")
        try:
            return [result_or_error(work, connection) for work in works]
        finally:
            connection.execute("ROLLBACK")
