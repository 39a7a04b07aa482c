"""Where computations in Python run: short ones on the loop, one after the other, long ones in one thread.

Threads make Python no faster: each waits for the interpreter's lock, and what it costs to hand that over is more than a
short computation takes. `asyncio.to_thread` is for what waits, or computes without the lock: files, pictures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")

#: Reading titles of so many characters takes about 10 ms, for which the loop may be held up.
SHORT = 3_000

_thread = ThreadPoolExecutor(1, "computing")
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def run_in_turn(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a short function returns, called on the loop, which does all else that is due before each call."""
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await asyncio.sleep(0)
        return function(*args, **kwargs)


async def run_in_cpu_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a long function returns, called in the thread after those that were asked for before."""
    call = partial(copy_context().run, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_thread, call)


async def run_by_size(size: int, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function that reads so many characters returns: called in turn where they are few, else in the thread."""
    run = run_in_turn if size <= SHORT else run_in_cpu_thread
    return await run(function, *args, **kwargs)
