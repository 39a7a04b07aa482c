"""What release 0.1.0 stored and answered, from `saved/release-0.1.0`."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from lens_rx.settings import Settings

SAVED = Path(__file__).parent / "saved" / "release-0.1.0"
#: Query and path of each view, by the end of the file that holds its answer.
VIEWS = {
    "default.json": "",
    "all.json": "?events=all",
    "usd.json": "?events=all&currency=USD",
    "events.txt": "/events?events=all",
}
#: A moment at which all of it was fresh.
WRITTEN_AT = datetime(2026, 11, 28, 2, 13, 30, tzinfo=UTC)
#: What was stored may be opened at any time.
SETTINGS = Settings(kept_days=365 * 500)


def content(name: str) -> bytes:
    """Return a saved file, unpacked."""
    return gzip.decompress((SAVED / f"{name}.gz").read_bytes())


def answers(backend: str) -> dict[str, bytes]:
    """Return what was answered, by path and query."""
    found = {}
    for path in sorted((SAVED / backend).glob("*.gz")):
        key, _, view = path.name.removesuffix(".gz").partition(".")
        found[f"/runs/{key}{VIEWS[view]}"] = gzip.decompress(path.read_bytes())
    return found


def run_keys(backend: str) -> list[str]:
    """Return the keys of the runs that were stored."""
    return sorted({path.name.partition(".")[0] for path in (SAVED / backend).glob("*.gz")})


def result_keys(store: Path) -> list[str]:
    """Return the keys under which results of stages are stored in a SQLite file."""
    with closing(sqlite3.connect(store)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM results ORDER BY key")]
