"""A look-up tried again where its failure may pass."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import stamina
import structlog
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from lens_rx.facts.errors import StageError

A = TypeVar("A")
T = TypeVar("T")

_log = structlog.get_logger()


def _note(details: RetryDetails) -> None:
    _log.info(
        "tried again", failed=type(details.caused_by).__name__, pause_seconds=round(details.wait_for, 2)
    )


# stamina's own note holds the arguments: users' words, and whole photos
set_on_retry_hooks((_note,))


def caller(attempts: int, wait_seconds: float = 0.3) -> stamina.AsyncRetryingCaller:
    """Return what calls up to `attempts` times with growing pauses; the deadline is the caller's own."""
    return stamina.AsyncRetryingCaller(
        attempts=attempts, timeout=None, wait_initial=wait_seconds, wait_max=5.0
    )


def _is_transient(error: Exception) -> bool:
    return isinstance(error, StageError) and error.transient


def with_retry(
    make: Callable[[A], Coroutine[Any, Any, T]], attempts: int, wait_seconds: float = 0.3
) -> Callable[[A], Coroutine[Any, Any, T]]:
    """Return `make`, tried up to `attempts` times with growing pauses while it fails as transient."""
    persistent = caller(attempts, wait_seconds)

    async def tried(wanted: A) -> T:
        return await persistent(_is_transient, make, wanted)

    return tried
