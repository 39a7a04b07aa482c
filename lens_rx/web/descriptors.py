"""File descriptors: how many connections they allow, and errors of a process that has none left."""

from __future__ import annotations

import errno
import resource
import sys

from lens_rx.facts.errors import Unavailable

FULL_MESSAGE = "The service has too many open connections and files. Please try again in a moment."
FULL_RETRY_SECONDS = 5
#: Descriptors kept for Chromium, the storage and outgoing connections; at least so many connections are accepted.
RESERVED_DESCRIPTORS, MIN_CONNECTIONS = 256, 64


def max_connections() -> int:
    """Return how many connections may be open, from the process' limit of descriptors."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(limit - RESERVED_DESCRIPTORS, MIN_CONNECTIONS)


def is_out_of_descriptors(error: BaseException) -> bool:
    """Return whether the process or the system has no file descriptor left."""
    return isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE)


def out_of_descriptors() -> Unavailable:
    """Return the error for a request that needs a descriptor when none is left."""
    return Unavailable(FULL_MESSAGE, FULL_RETRY_SECONDS)
