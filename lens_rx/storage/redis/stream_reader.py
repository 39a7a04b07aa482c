"""One blocking read a node, for all the runs that are followed on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from redis.asyncio import Redis

from lens_rx.facts.errors import Unavailable
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.storage.protocols import Entry
from lens_rx.storage.redis.lua_scripts import CALL_SECONDS, RETRY_SECONDS, Scripts, reached
from lens_rx.storage.redis.redis_codec import entry
from lens_rx.storage.signal import Signal

#: Milliseconds that a read waits for facts before the hub looks whether all is still there.
BLOCK_MS = 2000
#: Facts that are read at a time of each run.
COUNT = 256
#: Milliseconds that an unused bell stays in Redis.
BELL_MS = 60_000


@dataclass(slots=True, eq=False)
class RunFeed:
    """A generation as far as it was read here, for everybody who follows it on this node."""

    key: str
    generation: int
    entries: list[Entry] = field(default_factory=list)
    place: bytes = b"0-0"
    over: bool = False
    error: Unavailable | None = None
    followers: int = 0
    changed: Signal = field(default_factory=Signal)

    def take(self, read: Sequence[tuple[bytes, Mapping[bytes, bytes]]]) -> None:
        """Add what was read."""
        for place, fields in read:
            self.place = place
            found = entry(place, fields, self.generation)
            if found:
                self.entries.append(found)
            self.over = found is None
        self.changed.notify_all()

    def end(self, error: Unavailable | None = None) -> None:
        """Let everybody end who follows."""
        self.over, self.error = True, error
        self.changed.notify_all()

    async def follow(self, seq: int) -> AsyncGenerator[Entry, None]:
        """Yield the entries behind `seq`, then live ones."""
        while True:
            while seq < len(self.entries):
                yield self.entries[seq]
                seq += 1
            if self.error:
                raise Unavailable(str(self.error), self.error.retry_after)
            if self.over:
                return
            await self.changed.wait()


class StreamReader:
    """Reads all followed runs in one call, which its own bell interrupts when there is one more."""

    def __init__(self, client: Redis, scripts: Scripts, prefix: str) -> None:
        self._client = client
        self._scripts = scripts
        self._prefix = prefix
        self._bell = f"{prefix}bell:{token_hex(6)}".encode()
        self._rung = b"0-0"
        self._feeds: dict[bytes, RunFeed] = {}
        self._reading: asyncio.Task[None] | None = None

    async def aclose(self) -> None:
        """Stop reading; who follows is told that the log is away."""
        if self._reading:
            await cancel_and_wait(self._reading)
        self._fail(Unavailable("The log is closed.", RETRY_SECONDS))

    async def follow(self, key: str, generation: int, seq: int) -> AsyncGenerator[Entry, None]:
        """Yield a live generation's entries behind `seq`, until it ends; raise `Unavailable`."""
        stream = f"{self._prefix}facts:{key}:{generation}".encode()
        feed = self._feeds.setdefault(stream, RunFeed(key, generation))
        feed.followers += 1
        try:
            if feed.followers == 1:
                await self._include()
            async with aclosing(feed.follow(seq)) as entries:
                async for found in entries:
                    yield found
        finally:
            feed.followers -= 1
            if not feed.followers and self._feeds.get(stream) is feed:
                del self._feeds[stream]

    async def _include(self) -> None:
        if self._reading is None:
            self._reading = create_task(self._read(), "hub")
            return
        async with reached(), self._client.pipeline(transaction=False) as pipe:
            pipe.xadd(self._bell, {b"more": b""}, maxlen=1)
            pipe.pexpire(self._bell, BELL_MS)
            await pipe.execute()

    async def _read(self) -> None:
        try:
            while self._feeds:
                await self._read_once()
        except Unavailable as error:
            self._fail(error)
        finally:
            self._reading = None
            self._fail(Unavailable("The log is away.", RETRY_SECONDS))

    async def _read_once(self) -> None:
        places: Any = {stream: feed.place for stream, feed in self._feeds.items()}
        async with reached(BLOCK_MS / 1000 + CALL_SECONDS):
            answer: Any = await self._client.xread({**places, self._bell: self._rung}, COUNT, BLOCK_MS)
        for stream, read in answer:
            if stream == self._bell:
                self._rung = read[-1][0]
            elif feed := self._feeds.get(stream):
                feed.take(read)
        if not answer:
            await self._check()
        self._feeds = {stream: feed for stream, feed in self._feeds.items() if not feed.over}

    async def _check(self) -> None:
        """End what is no longer there; fail where nothing can be written."""
        feeds = list(self._feeds.values())
        answer = await self._scripts("check", *(feed.key for feed in feeds))
        for feed, (generation, state) in zip(feeds, answer, strict=True):
            if state == b"forgotten":
                feed.end(Unavailable("The log has lost this run; ask again.", RETRY_SECONDS))
            elif int(generation) != feed.generation:
                feed.end()

    def _fail(self, error: Unavailable) -> None:
        feeds, self._feeds = self._feeds, {}
        for feed in feeds.values():
            feed.end(error)
