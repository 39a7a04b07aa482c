"""How fast an upload arrives: a minimum that it has to keep, and whether it is slow at the moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lens_rx.facts.errors import RequestError, TooSlow
from lens_rx.settings import Settings

#: An upload that brings less than so many bytes in so many seconds is slow: it leaves room for others.
FAST_BYTES, FAST_SECONDS = 64_000, 0.2


class UploadPace:
    """The bytes of one upload over time; in each `upload_deadline_seconds` it has to bring its minimum."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.upload_deadline_seconds
        self._minimum = settings.upload_deadline_seconds * settings.upload_rate
        self._deadline: asyncio.Timeout | None = None
        self._in_window = 0
        self._checked_at = asyncio.get_running_loop().time()
        self._since_check = self._before_check = 0
        self._error: RequestError | None = None

    @asynccontextmanager
    async def enforce(self, message: str) -> AsyncIterator[None]:
        """End the block with `TooSlow`, or the error of `end`, where too few bytes arrive in it."""
        self._in_window = 0
        self._restart_check()
        try:
            async with asyncio.timeout(self._seconds) as self._deadline:
                yield
        except TimeoutError:
            raise self._take_error(message) from None
        finally:
            self._deadline = None

    def add(self, count: int) -> None:
        """Count bytes that have arrived."""
        self._in_window += count
        self._since_check += count
        now = asyncio.get_running_loop().time()
        if now - self._checked_at > FAST_SECONDS:
            self._before_check, self._since_check, self._checked_at = self._since_check, 0, now
        if self._deadline and self._in_window >= self._minimum and not self._error:
            self._in_window = 0
            self._deadline.reschedule(now + self._seconds)

    def is_slow(self) -> bool:
        """Return whether it waits for bytes of its client, and got few of late."""
        elapsed = asyncio.get_running_loop().time() - self._checked_at
        if self._deadline is None or elapsed < FAST_SECONDS:
            return self._deadline is not None and self._before_check + self._since_check < FAST_BYTES
        return self._since_check < FAST_BYTES * elapsed / FAST_SECONDS

    def end(self, error: RequestError) -> None:
        """End the upload with an error now."""
        if self._deadline and not self._error:
            self._error = error
            self._deadline.reschedule(asyncio.get_running_loop().time())

    def _take_error(self, message: str) -> RequestError:
        """Return the error and forget it: its traceback holds what has arrived, and would hold this as well."""
        error, self._error = self._error, None
        return error or TooSlow(message)

    def _restart_check(self) -> None:
        """Take it for fast for a moment."""
        self._checked_at = asyncio.get_running_loop().time()
        self._before_check, self._since_check = FAST_BYTES, 0
