"""Heartbeats on quiet streams, and a timeout for clients that do not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

from aiohttp import web

from lens_rx.reactive.interop import cancel_and_wait, create_task

T = TypeVar("T")


async def with_heartbeat(source: AsyncIterator[T], seconds: float) -> AsyncIterator[T | None]:
    """Yield the items of `source`, and None whenever no item came for `seconds`."""
    async with aclosing(source) as values:  # type: ignore[type-var]  # every iterator here is a generator
        while True:
            step = create_task(_next_or_none(values))
            try:
                while not (await asyncio.wait({step}, timeout=seconds))[0]:
                    yield None
            finally:
                if not step.done():
                    await cancel_and_wait(step)
            if (value := step.result()) is None:
                return
            yield value


async def _next_or_none(values: AsyncIterator[T]) -> T | None:
    return await anext(values, None)


@asynccontextmanager
async def write_timeout(seconds: float, request: web.Request) -> AsyncIterator[None]:
    """Abort the connection and raise `ConnectionResetError` when the block takes longer than `seconds`.

    An orderly close would wait for the client as well.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("the client does not read") from None
