"""A live run as this node's subscribers see it: one follower of the storage, whose entries go to all of them.

What is published wakes one task, however many subscribers there are. It writes to their connections in turns, between
which the loop does other things, and writes nothing to a connection that has not sent what it was given before: such a
subscriber stays where it is in the run, goes on when it reads again, and is dropped after a while.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client import Gauge
from reactivex import Observable

from lens_rx.reactive.interop import create_task, loop_scheduler
from lens_rx.runs.views import Chunk, View
from lens_rx.storage.records import Entry, Position

#: Seconds for which subscribers are served before the loop does other things, and how many are ended in that time: each
#: has more to do then than was done here.
TURN_SECONDS, TURN_ENDS = 0.004, 32
#: Seconds between two looks at subscribers that do not read.
LAG_LOOK_SECONDS = 0.05
#: Bytes that a subscriber is given at once.
GIVEN_BYTES = 65_536


class Sink(Protocol):
    """The connection of a subscriber, which takes chunks without waiting."""

    def is_full(self) -> bool:
        """Return whether what was sent before still waits to leave."""
        ...

    def is_closed(self) -> bool:
        """Return whether the client is gone."""
        ...

    def send(self, chunks: Sequence[Chunk]) -> None:
        """Send encoded entries, in order."""
        ...

    def send_heartbeat(self) -> None:
        """Send what keeps a quiet connection open."""
        ...

    def abort(self) -> None:
        """Close the connection at once, without waiting for the client to read."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds without a fact after which a heartbeat is sent, and those that a client may take to read one."""

    heartbeat_seconds: float = 15.0
    write_deadline_seconds: float = 60.0


@dataclass(slots=True, eq=False)
class _Subscriber:
    """A subscriber: the chunks of its view, where it is in them, when it was given some last, since when it does not read.

    It gets what is behind `after`; `place` counts the chunks that it was given, or has already.
    """

    sink: Sink
    chunks: list[Chunk]
    after: Position
    given_at: float
    done: asyncio.Future[None]
    place: int = 0
    lags_since: float | None = None

    def give(self, now: float) -> None:
        """Send what is new, as much as the connection takes."""
        while self.place < len(self.chunks) and self.chunks[self.place][0] <= self.after:
            self.place += 1
        while self.place < len(self.chunks) and not self.sink.is_full():
            given = self._next()
            self.sink.send(given)
            self.place += len(given)
            self.given_at, self.lags_since = now, None

    def _next(self) -> list[Chunk]:
        """Return the next chunks, as many as may be sent at once."""
        end, size = self.place, 0
        while end < len(self.chunks) and (
            end == self.place or size + len(self.chunks[end][1]) <= GIVEN_BYTES
        ):
            size += len(self.chunks[end][1])
            end += 1
        return self.chunks[self.place : end]

    def end(self, error: Exception | None) -> None:
        """End the delivery, with an error where there is one."""
        if self.done.done():
            return
        if error:
            self.done.set_exception(error)
        else:
            self.done.set_result(None)


@dataclass(slots=True)
class _EncodedView:
    """The entries in one view: `chunks` has the first `entries` of them, without those that the view leaves out."""

    view: View
    chunks: list[Chunk] = field(default_factory=list)
    entries: int = 0

    def encode(self, entries: Sequence[Entry]) -> None:
        """Encode what is new."""
        for entry in entries[self.entries :]:
            if encoded := self.view.encode(entry):
                self.chunks.append((entry.position, encoded))
        self.entries = len(entries)


class LiveStream:
    """One generation: `followed` is what the storage has of it, then what is published.

    `gauge` counts the subscribers; `on_last_left` is called when the last one has left, and nobody may come after it.
    """

    def __init__(
        self, followed: Observable[Entry], pace: Pace, gauge: Gauge, on_last_left: Callable[[], None]
    ) -> None:
        self._pace = pace
        self._gauge = gauge
        self._on_last_left = on_last_left
        self._entries: list[Entry] = []
        self._views: dict[str, _EncodedView] = {}
        self._subscribers: dict[_Subscriber, None] = {}
        self._changed = asyncio.Event()
        self._ended = False
        self._error: Exception | None = None
        self._following = followed.subscribe(
            self._add, self._fail, self._complete, scheduler=loop_scheduler()
        )
        self._giving = create_task(self._give_to_all())

    @contextmanager
    def delivering(self, after: Position, view: View, sink: Sink) -> Iterator[asyncio.Future[None]]:
        """Send the entries behind `after`, then live ones, during the block; yields what is done with the generation.

        It fails as following the generation does, and with `ConnectionResetError` for a client that is gone or does not
        read.
        """
        loop = asyncio.get_running_loop()
        encoded = self._views.setdefault(view.name, _EncodedView(view))
        encoded.encode(self._entries)
        subscriber = _Subscriber(sink, encoded.chunks, after, loop.time(), loop.create_future())
        self._subscribers[subscriber] = None
        self._gauge.inc()
        self._changed.set()
        try:
            yield subscriber.done
        finally:
            subscriber.done.cancel()
            self._gauge.dec()
            del self._subscribers[subscriber]
            if not self._subscribers:
                self._close()

    def close(self, error: Exception) -> None:
        """Fail all subscribers."""
        for subscriber in self._subscribers:
            subscriber.end(error)

    def _close(self) -> None:
        self._following.dispose()
        self._giving.cancel()
        self._on_last_left()

    def _add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._changed.set()

    def _fail(self, error: Exception) -> None:
        self._error = error
        self._complete()

    def _complete(self) -> None:
        self._ended = True
        self._changed.set()

    async def _give_to_all(self) -> None:
        """Give everybody what is new, in turns of a few milliseconds."""
        loop = asyncio.get_running_loop()
        look_at = loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(look_at):
                    await self._changed.wait()
            self._changed.clear()
            look_at, turn_ends = math.inf, loop.time() + TURN_SECONDS
            is_last = self._ended  # what is published during the turns is not encoded yet
            for view in self._views.values():
                view.encode(self._entries)
            ended = 0
            for subscriber in list(self._subscribers):
                look_at = min(look_at, self._give(subscriber, now := loop.time(), is_last=is_last))
                ended += subscriber.done.done()
                if now >= turn_ends or ended >= TURN_ENDS:
                    await asyncio.sleep(0)
                    ended, turn_ends = 0, loop.time() + TURN_SECONDS

    def _give(self, it: _Subscriber, now: float, *, is_last: bool) -> float:
        """Give a subscriber what is new, a heartbeat or its end; return when to look at it again."""
        if it.sink.is_closed():
            it.end(ConnectionResetError("the client is gone"))
            return math.inf
        it.give(now)
        if it.place < len(it.chunks):
            return self._wait_for_reader(it, now)
        if is_last:
            it.end(self._error)
            return math.inf
        if now >= it.given_at + self._pace.heartbeat_seconds and not it.sink.is_full():
            it.sink.send_heartbeat()
            it.given_at = now
        return it.given_at + self._pace.heartbeat_seconds

    def _wait_for_reader(self, it: _Subscriber, now: float) -> float:
        it.lags_since = now if it.lags_since is None else it.lags_since
        if now - it.lags_since > self._pace.write_deadline_seconds:
            it.sink.abort()
            it.end(ConnectionResetError("the client does not read"))
        return now + LAG_LOOK_SECONDS
