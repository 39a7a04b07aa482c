"""The connections of a node to Redis."""

from __future__ import annotations

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from lens_rx.storage.records import StoreUnusable
from lens_rx.storage.redis.lua_scripts import CALL_SECONDS

MAX_CONNECTIONS = 64


def connection_pool(url: str) -> BlockingConnectionPool:
    """Return a bounded pool; callers set the deadlines, and one retry replaces a dead connection."""
    try:
        return BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=CALL_SECONDS,
            socket_timeout=None,
            socket_connect_timeout=CALL_SECONDS / 2,
            retry=Retry(NoBackoff(), 1),
            protocol=2,
        )
    except ValueError as error:
        raise StoreUnusable(
            "The address of Redis is redis://HOST:PORT/NUMBER, or rediss:// by TLS."
        ) from error
