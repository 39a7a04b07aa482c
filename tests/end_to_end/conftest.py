"""One practice service for all tests here, and photos of the things that it knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from practice import Practice

from lens_rx.sandbox.photos import write_photos


@pytest.fixture(scope="session")
def running() -> Iterator[Practice]:
    """Start the service once."""
    with Practice() as practice:
        yield practice


@pytest.fixture
def practice(running: Practice) -> Iterator[Practice]:
    """Return the service with its sites whole, before and after."""
    running.put_faults({})
    yield running
    running.put_faults({})


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the query photos."""
    directory = tmp_path_factory.mktemp("photos")
    write_photos(directory)
    return directory


@pytest.fixture(scope="session")
def truth(photos: Path) -> dict[str, dict]:
    """Return what the photos show."""
    return json.loads((photos / "truth.json").read_text())
