"""asyncio <-> Rx: the only module that creates tasks.

A strong reference to each task is kept until it has ended: the loop itself keeps none, and disposing a
subscription only requests cancellation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import Disposable
from reactivex.scheduler.eventloop import AsyncIOScheduler

T = TypeVar("T")

_owned: WeakKeyDictionary[asyncio.AbstractEventLoop, set[asyncio.Task[Any]]] = WeakKeyDictionary()


def create_task(coroutine: Coroutine[Any, Any, T], name: str | None = None) -> asyncio.Task[T]:
    """Start a task on the running loop and keep a reference until it has ended."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(coroutine, name=name)
    owned = _owned.setdefault(loop, set())
    owned.add(task)
    task.add_done_callback(owned.discard)
    return task


async def wait_all() -> None:
    """Wait until every task started by this module on the running loop has ended."""
    owned = _owned.get(asyncio.get_running_loop(), set())
    while others := owned - {asyncio.current_task()}:
        await asyncio.wait(others)


async def cancel_and_wait(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended, with whatever result."""
    task.cancel()
    await asyncio.wait({task})


class Interrupted(Exception):  # what happened, and no error
    """The block of an `Interruptible` was ended."""


class Interruptible:
    """A block that `interrupt` ends with `Interrupted`, wherever it waits, without a task of its own."""

    __slots__ = ("_scope",)

    def __init__(self) -> None:
        self._scope = asyncio.timeout(None)

    async def __aenter__(self) -> Self:
        """Begin the block."""
        await self._scope.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the block; raise `Interrupted` where it was interrupted."""
        try:
            await self._scope.__aexit__(kind, error, trace)
        except TimeoutError:
            raise Interrupted from None

    def interrupt(self) -> None:
        """End the block at its next wait; do nothing where it has ended."""
        with suppress(RuntimeError):
            self._scope.reschedule(asyncio.get_running_loop().time())


class LoopScheduler(AsyncIOScheduler):
    """A scheduler whose time is the loop's: that of Rx is the wall clock, which may be set while a stage runs."""

    @property
    def now(self) -> datetime:
        """The loop's time as a date, for differences only."""
        return datetime.fromtimestamp(self._loop.time(), UTC)


def loop_scheduler() -> LoopScheduler:
    """Return a scheduler of the running loop; without one Rx uses timer threads."""
    return LoopScheduler(asyncio.get_running_loop())


def from_coroutine(make: Callable[[], Coroutine[Any, Any, T]]) -> Observable[T]:
    """Return an observable of what `make()` returns: one task a subscription, cancelled on dispose."""

    async def emit(observer: abc.ObserverBase[T]) -> None:
        observer.on_next(await make())

    return _from_task(emit)


def from_async_iterable(make: Callable[[], AsyncIterator[T]]) -> Observable[T]:
    """Return an observable of what `make()` yields: one task a subscription, cancelled on dispose."""

    async def emit(observer: abc.ObserverBase[T]) -> None:
        async with aclosing(make()) as values:  # type: ignore[type-var]  # every iterator here is a generator
            async for value in values:
                observer.on_next(value)

    return _from_task(emit)


def _from_task(emit: Callable[[abc.ObserverBase[T]], Coroutine[Any, Any, None]]) -> Observable[T]:
    """Return an observable of what `emit` passes to its observer in a task, with the end of the task as its end."""

    def subscribe(observer: abc.ObserverBase[T], _: abc.SchedulerBase | None = None) -> abc.DisposableBase:
        task = create_task(_run_to_end(emit, observer))

        def cancel() -> None:
            task.cancel()

        return Disposable(cancel)

    return rx.create(subscribe)


async def _run_to_end(
    emit: Callable[[abc.ObserverBase[T]], Coroutine[Any, Any, None]], observer: abc.ObserverBase[T]
) -> None:
    try:
        await emit(observer)
    except Exception as error:  # noqa: BLE001  # passed on to the observer
        observer.on_error(error)
    else:
        observer.on_completed()


async def to_async_batches(source: Observable[T]) -> AsyncIterator[list[T]]:
    """Iterate over an observable in batches of all values since the last one; leaving the loop disposes it.

    The sink only puts into a queue: one that raised or waited would hang the stream. The source is a run,
    whose number of facts is bounded, so the queue is bounded as well.
    """
    arrived: list[T] = []
    changed, ended = asyncio.Event(), asyncio.get_running_loop().create_future()

    def on_next(value: T) -> None:
        arrived.append(value)
        changed.set()

    def end(error: Exception | None = None) -> None:
        ended.set_result(error)
        changed.set()

    subscription = source.subscribe(on_next, end, end, scheduler=loop_scheduler())
    try:
        while not ended.done() or arrived:
            await changed.wait()
            changed.clear()
            batch, arrived[:] = arrived[:], []
            if batch:
                yield batch
        if error := ended.result():
            raise error
    finally:
        subscription.dispose()


async def to_async_iterable(source: Observable[T]) -> AsyncIterator[T]:
    """Iterate over an observable, value by value; leaving the loop disposes it."""
    async with aclosing(to_async_batches(source)) as arriving:  # type: ignore[type-var]  # a generator
        async for batch in arriving:
            for value in batch:
                yield value
