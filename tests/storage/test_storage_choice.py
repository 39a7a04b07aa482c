"""Which storage is opened for which settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from lens_rx.settings import Settings
from lens_rx.storage import storage_for
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.records import StoreUnusable
from lens_rx.storage.redis.redis_storage import RedisStorage
from lens_rx.storage.sqlite.sqlite_storage import ReadOnlySqliteStorage, SqliteStorage


def test_wrong_address_is_refused_in_words():
    """What is no address of a Redis is refused before anything starts."""
    with pytest.raises(StoreUnusable, match="redis://HOST:PORT"):
        storage_for(Settings(redis="localhost:6379"), None)


@pytest.mark.parametrize(
    ("redis", "store", "read_only", "kind"),
    [
        (None, None, False, MemoryStorage),
        (None, "new.db", False, SqliteStorage),
        (None, "new.db", True, MemoryStorage),
        (None, "there.db", True, ReadOnlySqliteStorage),
        ("redis://127.0.0.1:1/0", "there.db", False, RedisStorage),
        ("redis://127.0.0.1:1/0", None, True, RedisStorage),
    ],
)
def test_settings_name_the_storage(
    tmp_path: Path, redis: str | None, store: str | None, read_only: bool, kind: type
):
    """Redis goes before a file, a file before memory; to look into a file, it must be there."""
    (tmp_path / "there.db").touch()
    storage = storage_for(Settings(redis=redis), tmp_path / store if store else None, read_only=read_only)
    assert type(storage) is kind
