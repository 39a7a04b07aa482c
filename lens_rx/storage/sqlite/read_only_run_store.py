"""A store that another process may have open, read only."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lens_rx.facts.errors import Unavailable
from lens_rx.storage.local.live_run import LiveRun
from lens_rx.storage.sqlite.database_file import SqliteFile
from lens_rx.storage.sqlite.sqlite_run_store import RETRY_SECONDS, SqliteRunStore


class ReadOnlyRunStore(SqliteRunStore):
    """`SqliteRunStore` that takes no lock, writes nothing and moves no file."""

    async def open(self) -> Sequence[LiveRun]:
        """Open the file; live runs are left to the process that runs them."""
        self._file = await asyncio.to_thread(SqliteFile, self._path, read_only=True)
        return ()

    async def _replace_file(self, broken: SqliteFile | None, reason: str) -> None:  # noqa: ARG002  # it is not replaced
        raise Unavailable(f"The store is damaged: {reason}.", RETRY_SECONDS)
