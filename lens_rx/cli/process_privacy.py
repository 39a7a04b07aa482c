"""Keeps what this process knows from other processes of its user, such as a renderer that a page took over."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def hide_from_other_processes() -> None:
    """Make the environment and the memory of this process unreadable to others (Linux); only root still reads them.

    Its files below `/proc` belong to root from now on, it cannot be traced, and leaves no core dump: environment,
    memory and core would hold keys. Programs that it starts are not concerned.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
