"""The CPU time of processes."""

from __future__ import annotations

from contextlib import suppress

import psutil


def tree_cpu_seconds(pid: int, *, without: int | None = None) -> float:
    """Return the CPU time of a process and its living descendants, without that of one of them."""
    root = psutil.Process(pid)
    total = 0.0
    for it in (root, *root.children(recursive=True)):
        with suppress(psutil.Error):
            total += 0.0 if it.pid == without else sum(it.cpu_times()[:2])
    return total
