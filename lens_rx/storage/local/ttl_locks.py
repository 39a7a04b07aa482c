"""Locks that expire: who watches a run, who makes a stage's result."""

from __future__ import annotations

#: From so many locks on, expired ones are removed.
SWEEP_AT = 256


class TtlLocks:
    """At most one owner a key, until a time. Expired locks are removed as new ones come."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[str, float]] = {}
        self._sweep_at = SWEEP_AT

    def acquire(self, key: str, owner: str, seconds: float, now: float) -> bool:
        """Take or prolong a lock; False while another owner has it."""
        holder, until = self._owners.get(key, (owner, 0.0))
        if holder != owner and until > now:
            return False
        self._owners[key] = (owner, now + seconds)
        if len(self._owners) >= self._sweep_at:
            self._sweep(now)
        return True

    def is_held(self, key: str, now: float) -> bool:
        """Return whether anybody has the lock now."""
        return self._owners.get(key, ("", 0.0))[1] > now

    def release(self, key: str, owner: str) -> None:
        """Release the lock of this owner."""
        if self._owners.get(key, ("", 0.0))[0] == owner:
            self._owners.pop(key, None)

    def _sweep(self, now: float) -> None:
        self._owners = {key: lock for key, lock in self._owners.items() if lock[1] > now}
        self._sweep_at = max(SWEEP_AT, 2 * len(self._owners))
