"""Concurrent calls whose failures are values, so that one failure does not end the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lens_rx.facts.errors import NoResults, StageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[T]):
    """The end of one call: its result, or its failure."""

    name: str
    result: T | None
    failure: StageError | None


def attempt(
    name: str, make: Callable[[], Coroutine[Any, Any, T]]
) -> Callable[[], Coroutine[Any, Any, Attempt[T]]]:
    """Return a function that runs `make` and returns its result or its `StageError` as an `Attempt`."""

    async def run() -> Attempt[T]:
        try:
            return Attempt(name, await make(), None)
        except StageError as failure:
            return Attempt(name, None, failure)

    return run


async def attempt_all(calls: Iterable[Callable[[], Coroutine[Any, Any, Attempt[T]]]]) -> list[Attempt[T]]:
    """Run all calls concurrently and return their ends in order; all are cancelled and awaited with the caller."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(call()) for call in calls]
    return [task.result() for task in tasks]


def results(attempts: Sequence[Attempt[T]]) -> list[T]:
    """Return the results in order of name; without any, raise a failure (`NoResults` only if all are that)."""
    ordered = sorted(attempts, key=lambda it: it.name)
    found = [it.result for it in ordered if it.result is not None]
    if not found:
        raise min((it.failure for it in ordered if it.failure), key=lambda it: isinstance(it, NoResults))
    return found


def failures(attempts: Sequence[Attempt[T]]) -> list[tuple[str, StageError]]:
    """Return the failures in order of name, without `NoResults`."""
    ordered = sorted(attempts, key=lambda it: it.name)
    return [(it.name, it.failure) for it in ordered if it.failure and not isinstance(it.failure, NoResults)]
