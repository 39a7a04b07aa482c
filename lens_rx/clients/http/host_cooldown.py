"""Leaves a site alone for a while after it showed a wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from lens_rx.clients.blocked_error import cooldown_error

#: Hosts that are remembered at most.
MAX_HOSTS = 1_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HostCooldown:
    """Which hosts cooldown, and until when. One object is shared by all that ask the same sites."""

    def __init__(self, seconds: float, now: Callable[[], datetime] = _utc_now) -> None:
        self._duration = timedelta(seconds=seconds)
        self._now = now
        self._blocked_until: dict[str, tuple[datetime, str]] = {}

    def check(self, url: str) -> None:
        """Return where the host of `url` may be asked; raise `Blocked`, which says until when it rests."""
        host = urlsplit(url).hostname or ""
        until, wall = self._blocked_until.get(host, (self._now(), ""))
        if until > self._now():
            raise cooldown_error(host, wall, (until - self._now()).total_seconds())
        self._blocked_until.pop(host, None)

    def begin(self, url: str, wall: str) -> None:
        """Let the host of `url` rest from now on."""
        now = self._now()
        self._blocked_until = {host: it for host, it in self._blocked_until.items() if it[0] > now}
        if len(self._blocked_until) < MAX_HOSTS:
            self._blocked_until[urlsplit(url).hostname or ""] = (now + self._duration, wall)
