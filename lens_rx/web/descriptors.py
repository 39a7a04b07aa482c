"""File descriptors: how many connections they allow, and errors of a process that has none left."""

from __future__ import annotations

import asyncio
import errno
import resource
import sys
from typing import Any

import structlog

from lens_rx.facts.errors import Unavailable

FULL_MESSAGE = "The service has too many open connections and files. Please try again in a moment."
FULL_RETRY_SECONDS = 5
#: Descriptors kept for Chromium, the storage and outgoing connections; at least so many connections are accepted.
RESERVED_DESCRIPTORS, MIN_CONNECTIONS = 256, 64
#: A full table fails many things a second; so many seconds are between the lines in the log.
LOG_SECONDS = 60.0

_log = structlog.get_logger()


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


class LoopErrorHandler:
    """Handles errors of the event loop: a connection that cannot be accepted is logged once a minute, and counted."""

    def __init__(self) -> None:
        self._failures = 0
        self._logged_at: float | None = None

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log an error that nobody handled."""
        error = context.get("exception")
        if error is None or not is_out_of_descriptors(error):
            loop.default_exception_handler(context)
            return
        self._failures += 1
        if self._logged_at is None or loop.time() - self._logged_at >= LOG_SECONDS:
            _log.error("no file descriptor is left", failures=self._failures, limit=max_connections())
            self._failures, self._logged_at = 0, loop.time()
