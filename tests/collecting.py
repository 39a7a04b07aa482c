"""What a stream yields, as a list."""

from __future__ import annotations

from typing import TypeVar

from reactivex import Observable

from lens_rx.reactive.interop import to_async_iterable

T = TypeVar("T")


async def collect(source: Observable[T]) -> list[T]:
    """Return all values of a source, once it has completed."""
    return [value async for value in to_async_iterable(source)]
