"""Retries of transient failures, with growing pauses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import stamina
import structlog
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from lens_rx.facts.errors import StageError

A = TypeVar("A")
T = TypeVar("T")

_log = structlog.get_logger()


def _log_retry(details: RetryDetails) -> None:
    _log.info(
        "tried again", failed=type(details.caused_by).__name__, pause_seconds=round(details.wait_for, 2)
    )


# stamina's own log line contains the arguments: users' words, and whole photos
set_on_retry_hooks((_log_retry,))


def retrying_caller(attempts: int, wait_seconds: float = 0.3) -> stamina.AsyncRetryingCaller:
    """Return a caller of up to `attempts` attempts with growing pauses; it sets no deadline."""
    return stamina.AsyncRetryingCaller(
        attempts=attempts, timeout=None, wait_initial=wait_seconds, wait_max=5.0
    )


def _is_transient(error: Exception) -> bool:
    return isinstance(error, StageError) and error.transient


def with_retry(
    make: Callable[[A], Coroutine[Any, Any, T]], attempts: int, wait_seconds: float = 0.3
) -> Callable[[A], Coroutine[Any, Any, T]]:
    """Return `make`, called up to `attempts` times with growing pauses while its failure is transient."""
    call = retrying_caller(attempts, wait_seconds)

    async def with_retries(argument: A) -> T:
        try:
            return await make(argument)
        except StageError as error:
            if not error.transient:
                raise
            make_again = failed_once(lambda: make(argument), error)
        return await call(_is_transient, make_again)

    return with_retries


def failed_once(call: Callable[[], Awaitable[T]], error: Exception) -> Callable[[], Coroutine[Any, Any, T]]:
    """Return `call` as a function whose first call fails with `error`: for a caller that counts a try made before it."""
    first = [error]

    async def call_again() -> T:
        if first:
            raise first.pop()
        return await call()

    return call_again
