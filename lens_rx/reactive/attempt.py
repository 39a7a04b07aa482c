"""Look-ups side by side, where one that fails does not take the others with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lens_rx.facts.errors import NoResults, StageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[T]):
    """One look-up's end: what it found, or how it failed."""

    name: str
    found: T | None
    failure: StageError | None


def attempt(
    name: str, make: Callable[[], Coroutine[Any, Any, T]]
) -> Callable[[], Coroutine[Any, Any, Attempt[T]]]:
    """Return `make` with its failure as a value."""

    async def tried() -> Attempt[T]:
        try:
            return Attempt(name, await make(), None)
        except StageError as failure:
            return Attempt(name, None, failure)

    return tried


def results(parts: Sequence[Attempt[T]]) -> list[T]:
    """Return what was found, in the order of the names; raise the gravest failure where nothing was."""
    ordered = sorted(parts, key=lambda it: it.name)
    found = [it.found for it in ordered if it.found is not None]
    if not found:
        raise min((it.failure for it in ordered if it.failure), key=lambda it: isinstance(it, NoResults))
    return found


def failures(parts: Sequence[Attempt[T]]) -> list[tuple[str, StageError]]:
    """Return the failures that are worth a word: one that verified nothing is not."""
    ordered = sorted(parts, key=lambda it: it.name)
    return [(it.name, it.failure) for it in ordered if it.failure and not isinstance(it.failure, NoResults)]
