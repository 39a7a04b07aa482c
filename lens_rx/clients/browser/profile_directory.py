"""The private directory of a Chromium, which names its owner, so that what a dead owner left can be removed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil
import structlog

DIRECTORY_PREFIX = "lens-rx-chromium-"
OWNER_FILE = "owner.pid"
#: Bytes of the longest place below which Chromium can make its socket, whose path has 71 more, and 107 at most.
LONGEST_PLACE = 36
#: Where the directories are if the place for temporary files has a longer path.
SHORT_PLACE = "/tmp"  # noqa: S108  # a directory of a random name, private to its user, is made there
_log = structlog.get_logger()


def create() -> Path:
    """Return a new directory that names its owner."""
    directory = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX, dir=_place()))
    (directory / OWNER_FILE).write_text(f"{os.getpid()} {_started(os.getpid())}")
    return directory


def remove(directory: Path) -> None:
    """Remove a directory, although a dying process may still write into it."""
    for _ in range(5):
        shutil.rmtree(directory, ignore_errors=True)
        if not directory.exists():
            return
    _log.warning("a directory of chromium stays", directory=directory.name)


def remove_leftovers() -> int:
    """Kill the Chromiums whose owner has ended, remove their directories, and return how many."""
    places = _place().glob(f"{DIRECTORY_PREFIX}*")
    left = [place for place in places if _is_abandoned(place)]
    groups = _process_groups(left) if left else []
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for place in left:
        remove(place)
    return len(left)


def _place() -> Path:
    """Return where the directories are made: among the temporary files, where Chromium's socket can be there."""
    place = Path(tempfile.gettempdir())
    return place if len(os.fsencode(place)) <= LONGEST_PLACE else Path(SHORT_PLACE)


def _started(pid: int) -> str:
    """Return when a process started, which tells it from a later one of its number; no clock is set back in it."""
    with contextlib.suppress(FileNotFoundError):
        # the 22nd value, counted since the start of the machine; the second one, a name, may hold blanks
        return f"ticks-{Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[19]}"
    return f"time-{psutil.Process(pid).create_time()!r}"  # raises where there is no such process


def _is_abandoned(place: Path) -> bool:
    """Tell whether a directory was made by a process that has ended."""
    try:
        if place.stat().st_uid != os.geteuid():
            return False
        pid, started = (place / OWNER_FILE).read_text().split()
        if (
            "-" not in started
        ):  # of an earlier release: by the clock, with which the time of a start moves a little
            return abs(psutil.Process(int(pid)).create_time() - float(started)) > 5
        return _started(int(pid)) != started
    except psutil.NoSuchProcess:
        return True
    except (OSError, ValueError, psutil.Error):
        return False


def _process_groups(places: Sequence[Path]) -> list[int]:
    """Return the process groups of the Chromiums that use one of the directories."""
    marks = {f"--user-data-dir={place}" for place in places}
    groups = []
    for process in psutil.process_iter(["cmdline"]):
        if marks.intersection(process.info["cmdline"] or ()):
            with contextlib.suppress(ProcessLookupError):
                groups.append(os.getpgid(process.pid))
    return groups
