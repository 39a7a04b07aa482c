"""Runs as a node's web side knows them: photos go in as jobs, facts come out as observables.

A run that is followed here is read from the log once, replayed to everybody who follows it, and let
go when nobody does. Which node analyses it makes no difference.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.disposable import Disposable
from reactivex.subject import Subject

from lens_rx.facts.errors import Unavailable
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import (
    cancel_and_wait,
    create_task,
    from_async_iterable,
    loop_scheduler,
    to_async_iterable,
)
from lens_rx.settings import Settings
from lens_rx.storage.protocols import Entry, Job, Log, Position, RunInfo, Submission

Encode = Callable[[Entry], bytes]
Chunk = tuple[Position, bytes]


class RunStream:
    """One generation of a run, read from the log once and replayed from any place, encoded once a view.

    One `replay()` with one `connect`: a reference count would read again for a late subscriber. The
    stop stands before the replay, for a subscriber of a disposed connection would hang.
    """

    def __init__(self, entries: Observable[Entry], over: Callable[[], None]) -> None:
        self._stop: Subject[None] = Subject()
        self._over = over
        self._subscribers = 0
        self._encoded: dict[tuple[str, int], bytes] = {}
        self._replayed = entries.pipe(ops.take_until(self._stop), ops.replay())
        self._connection = self._replayed.connect(loop_scheduler()) or Disposable()

    def chunks(self, after: Position, view: str, encode: Encode) -> Observable[Chunk]:
        """Return the entries behind `after` as `encode` writes them; it leaves one out by writing nothing.

        `view` names the encoding: all subscribers of one view get the same bytes.
        """

        def behind(entry: Entry) -> bool:
            return entry.position > after

        def encoded(entry: Entry) -> Chunk:
            name = (view, entry.position.seq)
            if name not in self._encoded:
                self._encoded[name] = encode(entry)
            return entry.position, self._encoded[name]

        def told(chunk: Chunk) -> bool:
            return bool(chunk[1])

        def subscribed(_: object) -> Observable[Chunk]:
            self._subscribers += 1
            return self._replayed.pipe(
                ops.filter(behind), ops.map(encoded), ops.filter(told), ops.finally_action(self._left)
            )

        return rx.defer(subscribed)

    def _left(self) -> None:
        self._subscribers -= 1
        if not self._subscribers:
            self.close()
            self._over()

    def close(self, error: Exception | None = None) -> None:
        """End the stream for everybody who follows it here, with an error or as complete."""
        if error is None:
            self._stop.on_next(None)
        else:
            self._stop.on_error(error)
        self._connection.dispose()


class RunRegistry:
    """The runs that are followed on this node, one `RunStream` per key and generation."""

    def __init__(self, log: Log, settings: Settings, metrics: Metrics) -> None:
        self._log = log
        self._metrics = metrics
        self._followed: dict[tuple[str, int], RunStream] = {}
        self._presence_seconds = max(0.05, min(settings.grace_seconds / 3, 2.0))
        self._presence: asyncio.Task[None] | None = None
        self._closing = False

    def start(self) -> None:
        """Begin to tell the log which runs are listened to."""
        self._presence = create_task(self._mark_watched(), "presence")

    async def aclose(self) -> None:
        """Take no more photos and end what is still open, in a way that can be resumed."""
        self.stop_accepting()
        for run in list(self._followed.values()):
            run.close(Unavailable("The service is restarting. Ask again, and it goes on from here.", 1))
        if self._presence:
            await cancel_and_wait(self._presence)

    def stop_accepting(self) -> None:
        """Take no more photos from now on; open streams go on."""
        self._closing = True

    async def submit(self, job: Job) -> Submission:
        """Join, replay or queue what is asked for; raise `Busy` or `Unavailable`."""
        if self._closing:
            raise Unavailable("The service is restarting. Please try again in a moment.", 1)
        ticket = await self._log.submit(job, datetime.now(UTC))
        self._metrics.runs.labels(ticket.how).inc()
        return ticket

    async def head(self, key: str) -> RunInfo | None:
        """Return a run at a glance."""
        return await self._log.head(key)

    async def stored_entries(self, head: RunInfo) -> list[Entry]:
        """Return the entries that a run had when its head was read, without waiting for more."""
        entries: list[Entry] = []
        async with aclosing(self._log.follow(head.key, Position(head.generation))) as kept:
            while len(entries) < head.entries:
                entry = await anext(kept, None)
                if entry is None:
                    break
                entries.append(entry)
        return entries

    async def delete(self, key: str) -> bool:
        """Remove a run; tell whether there was one."""
        return await self._log.forget(key)

    async def subscribe(
        self, key: str, after: Position, view: str, encode: Encode
    ) -> AsyncGenerator[Chunk, None]:
        """Yield the chunks of `follow`; who takes them counts as a subscriber until it leaves."""
        with self._metrics.subscribers.track_inprogress():
            chunks = to_async_iterable(self.follow(key, after, view, encode))
            async with aclosing(chunks) as following:  # type: ignore[type-var]  # a generator
                async for chunk in following:
                    yield chunk

    def follow(self, key: str, after: Position, view: str, encode: Encode) -> Observable[Chunk]:
        """Return the chunks of a generation behind `after`, kept ones at once, then live ones.

        Completes with the generation; fails as `Unavailable` when the log is away.
        """

        def subscribed(_: object) -> Observable[Chunk]:
            return self._followed_run(key, after.generation).chunks(after, view, encode)

        return rx.defer(subscribed)

    def _followed_run(self, key: str, generation: int) -> RunStream:
        name = (key, generation)
        run = self._followed.get(name)
        if run is None:
            entries = from_async_iterable(lambda: self._log.follow(key, Position(generation)))
            run = self._followed[name] = RunStream(entries, over=lambda: self._unregister(name))
        return run

    def _unregister(self, name: tuple[str, int]) -> None:
        self._followed.pop(name, None)

    async def _mark_watched(self) -> None:
        while True:
            if keys := {key for key, _ in self._followed}:
                with suppress(Unavailable):
                    await self._log.watch(keys, 3 * self._presence_seconds)
            await asyncio.sleep(self._presence_seconds)
