"""Files that are expensive to make, made once for all workers of a test run, and cheap variants of them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest


def shared_directory(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """Return a directory that the first worker to ask has filled; the others wait for it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    directory = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not directory.exists():
            unfinished = root / f"{name}.unfinished"
            fill(unfinished)
            unfinished.rename(directory)
    return directory


def unseen_copy(photo: Path, directory: Path) -> Path:
    """Copy a photo as one that no service has seen: what follows the picture makes it another file."""
    copy = directory / photo.name
    copy.write_bytes(photo.read_bytes() + uuid4().bytes)
    return copy
