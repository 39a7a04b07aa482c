"""A look-up tried again where its failure may pass."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import stamina

from lens_rx.errors import StageError

A = TypeVar("A")
T = TypeVar("T")


def _may_pass(error: Exception) -> bool:
    return isinstance(error, StageError) and error.transient


def retried(
    make: Callable[[A], Coroutine[Any, Any, T]], attempts: int, wait_seconds: float = 0.3
) -> Callable[[A], Coroutine[Any, Any, T]]:
    """Return `make`, tried up to `attempts` times with growing pauses while it fails as transient."""
    caller = stamina.AsyncRetryingCaller(attempts=attempts, wait_initial=wait_seconds, wait_max=5.0)

    async def persistent(wanted: A) -> T:
        return await caller(_may_pass, make, wanted)

    return persistent
