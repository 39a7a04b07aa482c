"""Processes of Chromium that lost their parent: they become ours, and are reaped when they end.

Chromium's first process is never waited for here: asyncio started it, and waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
from pathlib import Path

import psutil

_PR_SET_CHILD_SUBREAPER = 36


def become_subreaper() -> None:
    """Become the parent of Chromium's orphans, to reap them: not every container has an init process."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def is_ended(process: psutil.Process) -> bool:
    """Tell whether a process has ended, reaped or not."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def reap_orphans() -> None:
    """Reap the ended processes of all Chromiums that became ours, those of Chromiums that never were ready too.

    They are told by their name, and by their group, which another process leads: what asyncio or anybody else here
    started and waits for is left alone.
    """
    for pid in _children():
        with contextlib.suppress(psutil.Error, OSError):
            child = psutil.Process(pid)
            if is_ended(child) and child.name().startswith("chrom") and os.getpgid(pid) != pid:
                os.waitpid(pid, os.WNOHANG)


def _children() -> list[int]:
    """Return the child processes of this one (Linux): without a look at all processes of the machine."""
    lists = Path("/proc/self/task").glob("*/children")
    return [int(pid) for path in lists for pid in path.read_text().split()]


async def reap_all(family: int, seconds: float) -> None:
    """Wait until all killed processes are reaped; `family` is a pid, or a process group as a negative number."""
    with contextlib.suppress(TimeoutError, ChildProcessError):
        async with asyncio.timeout(seconds):
            while True:
                if _nothing_to_reap(family):
                    await asyncio.sleep(0.01)


def _nothing_to_reap(family: int) -> bool:
    """Reap one ended process; return True where there is none."""
    return os.waitpid(family, os.WNOHANG) == (0, 0)
