"""The connections of a node to Redis: to one server, or to the master that sentinels name."""

from __future__ import annotations

from typing import Any

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff

from lens_rx.storage.records import StoreUnusable
from lens_rx.storage.redis.lua_scripts import CALL_SECONDS
from lens_rx.storage.redis.redis_url import SentinelUrl, parse_sentinel_url

MAX_CONNECTIONS = 64
#: Seconds for one sentinel to answer, so that two that are away leave time for the third within a call.
SENTINEL_SECONDS = CALL_SECONDS / 6


def connection_pool(url: str) -> BlockingConnectionPool:
    """Return a bounded pool; callers set the deadlines, and one retry replaces a dead connection.

    `url` is redis:// or rediss:// as redis-py takes it, or redis+sentinel:// or rediss+sentinel:// as
    `parse_sentinel_url` does. Raises `StoreUnusable` where it is none of them.
    """
    try:
        if sentinel := parse_sentinel_url(url):
            return SentinelPool(sentinel)
        return BlockingConnectionPool.from_url(url, **_options())
    except ValueError as error:
        raise StoreUnusable(
            "The address of Redis is redis://HOST:PORT/NUMBER, or rediss:// by TLS, "
            "or redis+sentinel://HOST:PORT,HOST:PORT/SERVICE/NUMBER."
        ) from error


class SentinelPool(SentinelConnectionPool, BlockingConnectionPool):
    """A bounded pool of connections to the master; after a fail-over the next connection asks for the new one."""

    def __init__(self, url: SentinelUrl) -> None:
        options: dict[str, Any] = {**parse_url(url.server), **_options()}
        tls = options.pop("connection_class", None) is not None
        sentinels = Sentinel(  # type: ignore[no-untyped-call]  # the one untyped module of a typed package
            url.sentinels,
            sentinel_kwargs={
                **{name: value for name, value in options.items() if name.startswith("ssl_")},
                "ssl": tls,
                "username": url.sentinel_username,
                "password": url.sentinel_password,
                "socket_timeout": SENTINEL_SECONDS,
                "socket_connect_timeout": SENTINEL_SECONDS,
                "retry": Retry(NoBackoff(), 0),
                "protocol": 2,
            },
        )
        super().__init__(url.service, sentinels, ssl=tls, **options)  # type: ignore[no-untyped-call]
        self._sentinels = sentinels

    async def aclose(self) -> None:
        """Close every connection, those to the sentinels too."""
        await super().aclose()
        for sentinel in self._sentinels.sentinels:
            await sentinel.aclose()


def _options() -> dict[str, Any]:
    return {
        "max_connections": MAX_CONNECTIONS,
        "timeout": CALL_SECONDS,
        "socket_timeout": None,
        "socket_connect_timeout": CALL_SECONDS / 2,
        "retry": Retry(NoBackoff(), 1),
        "protocol": 2,
    }
