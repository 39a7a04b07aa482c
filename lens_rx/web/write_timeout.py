"""A timeout for clients that do not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


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
