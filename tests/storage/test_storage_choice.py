"""Which log is opened for which settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from lens_rx.settings import Settings
from lens_rx.storage import log_of
from lens_rx.storage.memory import MemoryLog
from lens_rx.storage.protocols import StoreUnusable
from lens_rx.storage.redis.redis_storage import RedisLog
from lens_rx.storage.sqlite.sqlite_storage import SqliteLog, SqliteReader


def test_wrong_address_is_refused_in_words():
    """What is no address of a Redis is refused before anything starts."""
    with pytest.raises(StoreUnusable, match="redis://HOST:PORT"):
        log_of(Settings(redis="localhost:6379"), None)


@pytest.mark.parametrize(
    ("redis", "store", "reading", "kind"),
    [
        (None, None, False, MemoryLog),
        (None, "new.db", False, SqliteLog),
        (None, "new.db", True, MemoryLog),
        (None, "there.db", True, SqliteReader),
        ("redis://127.0.0.1:1/0", "there.db", False, RedisLog),
        ("redis://127.0.0.1:1/0", None, True, RedisLog),
    ],
)
def test_settings_name_the_log(
    tmp_path: Path, redis: str | None, store: str | None, reading: bool, kind: type
):
    """Redis goes before a file, a file before memory; to look into a file, it must be there."""
    (tmp_path / "there.db").touch()
    log = log_of(Settings(redis=redis), tmp_path / store if store else None, reading=reading)
    assert type(log) is kind
