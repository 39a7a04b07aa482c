"""A server that fails again and again is left alone, and tried by one call at a time."""

from __future__ import annotations

import asyncio

import pytest

from lens_rx.clients.circuit_breaker import CircuitBreaker
from lens_rx.facts.errors import UpstreamError


class Clock:
    """A time that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(clock)


async def ask(breaker: CircuitBreaker, *, fails: bool = False, until: asyncio.Event | None = None) -> str:
    """Make a call that ends when `until` is set; return how it ended."""
    try:
        async with breaker.call() as attempt:
            if until:
                await until.wait()
            attempt.failed = fails
    except UpstreamError:
        return "refused"
    return "failed" if fails else "answered"


async def test_two_failures_in_a_row_are_a_rest_that_grows(breaker: CircuitBreaker, clock: Clock):
    """After two failures calls are refused for 5 s, after each failed probe for twice as long, up to a minute."""
    assert [await ask(breaker, fails=True) for _ in range(3)] == ["failed", "failed", "refused"]
    for rest in (5, 10, 20, 40, 60, 60):
        clock.now += rest - 0.1
        assert await ask(breaker) == "refused"
        clock.now += 0.1
        assert await ask(breaker, fails=True) == "failed"
    clock.now += 60
    assert [await ask(breaker), await ask(breaker, fails=True), await ask(breaker)] == [
        "answered",
        "failed",
        "answered",
    ]


async def test_others_wait_for_the_probe(breaker: CircuitBreaker):
    """After one failure one call goes alone; the others go on when it is answered, and are refused when it fails."""
    for fails, rest in ((False, ["answered"] * 3), (True, ["refused"] * 3)):
        await ask(breaker, fails=True)
        end = asyncio.Event()
        probe = asyncio.create_task(ask(breaker, fails=fails, until=end))
        await asyncio.sleep(0)
        others = [asyncio.create_task(ask(breaker)) for _ in range(3)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in others)
        end.set()
        await probe
        assert await asyncio.gather(*others) == rest


async def test_one_slow_call_among_answered_ones_counts_for_nothing(breaker: CircuitBreaker):
    """A call that fails while others were answered says nothing about the server."""
    end = asyncio.Event()
    slow = [asyncio.create_task(ask(breaker, fails=True, until=end)) for _ in range(3)]
    await asyncio.sleep(0)
    assert await ask(breaker) == "answered"
    end.set()
    await asyncio.gather(*slow)
    assert await asyncio.gather(*(ask(breaker) for _ in range(3))) == ["answered"] * 3


async def test_a_cancelled_probe_makes_room_for_the_next(breaker: CircuitBreaker):
    """Who leaves while it is the probe lets another be the probe."""
    await ask(breaker, fails=True)
    probe = asyncio.create_task(ask(breaker, until=asyncio.Event()))
    await asyncio.sleep(0)
    next_one = asyncio.create_task(ask(breaker))
    await asyncio.sleep(0)
    probe.cancel()
    assert await next_one == "answered"
