"""Remember what functions return for short texts, which recur; long ones would fill the memory and do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")


def cache_short(longest: int, count: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Return a decorator that remembers the results for the latest `count` texts of up to `longest` characters."""

    def decorate(compute: Callable[[str], T]) -> Callable[[str], T]:
        remembered = lru_cache(maxsize=count)(compute)

        @wraps(compute)
        def look_up(text: str) -> T:
            return remembered(text) if len(text) <= longest else compute(text)

        return look_up

    return decorate
