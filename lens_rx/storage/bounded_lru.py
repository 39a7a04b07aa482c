"""A cache bounded by count and bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedLru(Generic[T]):
    """Values by key, bounded by count and bytes: the least recently used goes first."""

    def __init__(self, count: int, size: int) -> None:
        self._count = count
        self._size = size
        self._items: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._total = 0

    def put(self, key: Hashable, value: T, size: int) -> list[Hashable]:
        """Add a value and return the keys that were evicted for it."""
        self.pop(key)
        self._items[key] = (value, size)
        self._total += size
        evicted = []
        while len(self._items) > self._count or self._total > self._size:
            oldest = next(iter(self._items))
            self.pop(oldest)
            evicted.append(oldest)
        return evicted

    def get(self, key: Hashable) -> T | None:
        """Return a value, which counts as a use of it."""
        if key not in self._items:
            return None
        self._items.move_to_end(key)
        return self._items[key][0]

    def pop(self, key: Hashable) -> bool:
        """Remove a value; return whether it was there."""
        if key not in self._items:
            return False
        self._total -= self._items.pop(key)[1]
        return True

    def values(self) -> list[T]:
        """Return all values."""
        return [value for value, _ in self._items.values()]
