"""One blocking read a node, for all the runs that are followed on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from redis.asyncio import Redis

from lens_rx.facts.errors import Unavailable
from lens_rx.reactive.interop import cancel_and_wait, create_task, from_coroutine
from lens_rx.storage.records import Entry
from lens_rx.storage.redis.lua_scripts import CALL_SECONDS, RETRY_SECONDS, Scripts, redis_call
from lens_rx.storage.redis.redis_codec import parse_entry
from lens_rx.storage.run_feed import RunFeed

#: Milliseconds that a read waits for facts before the reader checks that all runs are still there.
BLOCK_MS = 2000
#: Facts that are read at a time of each run.
COUNT = 256
#: Milliseconds that an unused wake stream stays in Redis.
WAKE_STREAM_MS = 60_000


@dataclass(slots=True, eq=False)
class StreamFeed:
    """A stream as far as it was read here, and how many follow it."""

    key: str
    generation: int
    feed: RunFeed = field(default_factory=RunFeed)
    last_id: bytes = b"0-0"
    followers: int = 0

    def add(self, read: Sequence[tuple[bytes, Mapping[bytes, bytes]]]) -> None:
        """Publish what was read; an end mark that nothing follows ends the feed."""
        self.last_id = read[-1][0]
        entries = [parse_entry(stream_id, fields, self.generation) for stream_id, fields in read]
        self.feed.publish(entry for entry in entries if entry)
        if entries[-1] is None:
            self.feed.end()


class StreamReader:
    """Reads all followed runs in one call, which a stream of its own interrupts when there is one more."""

    def __init__(self, client: Redis, scripts: Scripts, prefix: str) -> None:
        self._client = client
        self._scripts = scripts
        self._prefix = prefix
        self._wake_stream = f"{prefix}bell:{token_hex(6)}".encode()
        self._wake_id = b"0-0"
        self._feeds: dict[bytes, StreamFeed] = {}
        self._reading: asyncio.Task[None] | None = None

    async def aclose(self) -> None:
        """Stop reading; followers fail as `Unavailable`."""
        if self._reading:
            await cancel_and_wait(self._reading)
        self._fail(Unavailable("The storage is closed.", RETRY_SECONDS))

    def follow(self, key: str, generation: int, seq: int) -> Observable[Entry]:
        """Return a live generation's entries behind `seq`, until it ends; fails as `Unavailable`."""
        stream = f"{self._prefix}facts:{key}:{generation}".encode()

        def subscribed(_: object) -> Observable[Entry]:
            source = self._feeds.setdefault(stream, StreamFeed(key, generation))
            source.followers += 1
            entries = source.feed.follow(seq)
            if source.followers == 1:
                entries = from_coroutine(self._include).pipe(ops.flat_map(lambda _: source.feed.follow(seq)))
            return entries.pipe(ops.finally_action(lambda: self._leave(stream, source)))

        return rx.defer(subscribed)

    def _leave(self, stream: bytes, source: StreamFeed) -> None:
        source.followers -= 1
        if not source.followers and self._feeds.get(stream) is source:
            del self._feeds[stream]

    async def _include(self) -> None:
        if self._reading is None:
            self._reading = create_task(self._read(), "hub")
            return
        async with redis_call(), self._client.pipeline(transaction=False) as pipe:
            pipe.xadd(self._wake_stream, {b"more": b""}, maxlen=1)
            pipe.pexpire(self._wake_stream, WAKE_STREAM_MS)
            await pipe.execute()

    async def _read(self) -> None:
        try:
            while self._feeds:
                await self._read_once()
        except Unavailable as error:
            self._fail(error)
        finally:
            self._reading = None
            self._fail(Unavailable("The storage is away.", RETRY_SECONDS))

    async def _read_once(self) -> None:
        asked = dict(self._feeds)
        positions: Any = {stream: source.last_id for stream, source in asked.items()}
        async with redis_call(BLOCK_MS / 1000 + CALL_SECONDS):
            answer: Any = await self._client.xread(
                {**positions, self._wake_stream: self._wake_id}, COUNT, BLOCK_MS
            )
        for stream, read in answer:
            if stream == self._wake_stream:
                self._wake_id = read[-1][0]
            # not to who has come in place of the one that this was read for, and begins at the first fact
            elif (source := asked[stream]) is self._feeds.get(stream):
                source.add(read)
        if not answer:
            await self._check_states()
        self._feeds = {stream: source for stream, source in self._feeds.items() if not source.feed.ended}

    async def _check_states(self) -> None:
        """End what is no longer there; fail where nothing can be written."""
        sources = list(self._feeds.values())
        answer = await self._scripts("run_states", *(source.key for source in sources))
        for source, (generation, state) in zip(sources, answer, strict=True):
            if state == b"forgotten":
                source.feed.end(Unavailable("The storage has lost this run; ask again.", RETRY_SECONDS))
            elif int(generation) != source.generation:
                source.feed.end()

    def _fail(self, error: Unavailable) -> None:
        sources, self._feeds = self._feeds, {}
        for source in sources.values():
            source.feed.end(error)
