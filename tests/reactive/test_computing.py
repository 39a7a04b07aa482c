"""Computations in Python: short ones in turn on the loop, long ones in one thread."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar
from itertools import pairwise

import pytest

from lens_rx.reactive.computing import SHORT, run_by_size, run_in_cpu_thread, run_in_turn

MAIN = threading.main_thread()


async def test_short_computations_let_the_loop_do_what_is_due_between_two():
    """They run on the loop in the order in which they were asked for, at most one before the next of its callbacks."""
    order: list[object] = []

    async def tick() -> None:
        for number in range(8):
            order.append(number)
            await asyncio.sleep(0)

    computed = (run_in_turn(order.append, name) for name in "abc")
    await asyncio.gather(*computed, tick())
    names = [it for it in order if isinstance(it, str)]
    assert names == ["a", "b", "c"]
    places = [order.index(name) for name in names]
    assert all(later > earlier + 1 for earlier, later in pairwise(places))


async def test_an_error_or_a_cancelled_caller_keeps_nobody_waiting():
    """A computation that fails raises in its caller alone, and one whose caller is gone is not made."""
    made: list[str] = []
    gone = asyncio.create_task(run_in_turn(made.append, "gone"))
    failing = asyncio.create_task(run_in_turn(int, "no number"))
    last = asyncio.create_task(run_in_turn(made.append, "last"))
    gone.cancel()
    await asyncio.wait({gone, failing, last})
    assert isinstance(failing.exception(), ValueError)
    assert made == ["last"]


async def test_long_computations_run_in_one_thread():
    """They run one after the other, off the loop, with the context of their caller."""
    tenant: ContextVar[str] = ContextVar("tenant")
    tenant.set("acme")
    running, most = 0, 0

    def work() -> tuple[threading.Thread, str]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        found = threading.current_thread(), tenant.get()
        running -= 1
        return found

    found = await asyncio.gather(*(run_in_cpu_thread(work) for _ in range(20)))
    assert len(set(found)) == most == 1
    assert found[0][0] is not MAIN
    assert found[0][1] == "acme"


@pytest.mark.parametrize(("size", "on_loop"), [(0, True), (SHORT, True), (SHORT + 1, False)])
async def test_what_reads_much_leaves_the_loop(size: int, on_loop: bool):
    """A computation that reads little runs on the loop, one that reads much in the thread."""
    assert (await run_by_size(size, threading.current_thread) is MAIN) is on_loop
