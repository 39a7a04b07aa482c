"""How coroutines enter Rx, and how observables leave it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import reactivex as rx
from reactivex import operators as ops

from lens_rx.reactive.interop import (
    Interrupted,
    Interruptible,
    from_async_iterable,
    from_coroutine,
    to_async_batches,
    to_async_iterable,
    wait_all,
)


async def test_a_lazy_coroutine_runs_once_a_subscription():
    """Nothing runs before somebody subscribes, and each subscriber has a run of its own."""
    runs = []

    async def make() -> int:
        runs.append(1)
        return len(runs)

    source = from_coroutine(make)
    assert runs == []
    assert [value async for value in to_async_iterable(source)] == [1]
    assert [value async for value in to_async_iterable(source)] == [2]


async def test_disposing_cancels_the_task():
    """Who disposes a subscription cancels its coroutine, whose clean-up runs."""
    cleaned = asyncio.Event()

    async def make() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    subscription = from_coroutine(make).subscribe()
    await asyncio.sleep(0)
    subscription.dispose()
    await wait_all()
    assert cleaned.is_set()


async def test_a_failure_is_the_observables_own():
    """What a coroutine raises reaches whoever iterates."""

    async def make() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        _ = [value async for value in to_async_iterable(from_coroutine(make))]


async def test_leaving_the_loop_closes_the_generator():
    """Breaking off an iteration disposes the subscription and closes the generator behind it."""
    closed = asyncio.Event()

    async def count() -> AsyncIterator[int]:
        try:
            for number in range(1000):
                yield number
                await asyncio.sleep(0)
        finally:
            closed.set()

    following = to_async_iterable(from_async_iterable(count))
    assert await anext(following) == 0
    await following.aclose()
    await wait_all()
    assert closed.is_set()


async def test_values_that_came_together_are_one_batch():
    """A slow reader gets all that came meanwhile at once, in order."""
    arriving = to_async_batches(rx.from_iterable([1, 2, 3]).pipe(ops.concat(rx.timer(0.01))))
    assert await anext(arriving) == [1, 2, 3]
    assert await anext(arriving) == [0]
    assert [batch async for batch in arriving] == []


async def test_values_before_a_failure_are_not_lost():
    """What came before an error is told before the error is raised."""
    told = []
    with pytest.raises(ValueError, match="no"):
        async for batch in to_async_batches(rx.of(1, 2).pipe(ops.concat(rx.throw(ValueError("no"))))):
            told += batch
    assert told == [1, 2]


async def test_bounded_parallel_work_starts_no_more_than_allowed():
    """`map(lazy)` under `merge(max_concurrent)` starts the next only when one has ended."""
    at_once, most = 0, 0

    async def work() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    jobs = rx.from_iterable([work] * 10).pipe(ops.map(from_coroutine), ops.merge(max_concurrent=3))
    assert len([value async for value in to_async_iterable(jobs)]) == 10
    assert most == 3


async def test_a_block_is_interrupted_where_it_waits():
    """Whoever calls the function ends the block at its next wait; after the block it does nothing."""
    with pytest.raises(Interrupted):
        async with Interruptible() as block:
            asyncio.get_running_loop().call_soon(block.interrupt)
            await asyncio.Event().wait()
    block.interrupt()
    await asyncio.sleep(0)


async def test_a_timeout_inside_of_a_block_stays_one():
    """Only an interruption ends the block as one."""
    with pytest.raises(TimeoutError):
        async with Interruptible():
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
