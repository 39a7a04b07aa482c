"""Runs as a node's web side knows them: photos go in as jobs, encoded entries come out.

A live run is an observable that each subscriber follows from its own position, on whichever node it is analysed. A
finished run is read as a whole and encoded once a view.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from typing import Protocol

from lens_rx.facts.errors import NotFound, RunGone, Unavailable
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import cancel_and_wait, create_task
from lens_rx.runs.live_stream import LiveStream, Pace, Sink
from lens_rx.runs.queue_sink import QueueSink
from lens_rx.runs.require_complete import require_complete
from lens_rx.runs.views import Chunk, EncodedRun, NothingView, View, chunks_after, encode_all
from lens_rx.settings import Settings
from lens_rx.storage.bounded_lru import BoundedLru
from lens_rx.storage.protocols import EventLog, JobQueue, RunIndex
from lens_rx.storage.records import Job, Position, RunInfo, RunState, Submission, SubmitOutcome

#: Encoded runs that are held for replays at most, and their bytes together; each fact is in that many streams.
ENCODED_RUNS, ENCODED_BYTES, COPIES = 10_000, 64_000_000, 3


class RegistryStorage(JobQueue, EventLog, RunIndex, Protocol):
    """What the registry needs of the storage."""


class RunRegistry:
    """Starts, joins and replays runs for the subscribers of this node."""

    def __init__(self, storage: RegistryStorage, settings: Settings, metrics: Metrics) -> None:
        self._storage = storage
        self._metrics = metrics
        self._pace = Pace(settings.heartbeat_seconds, settings.write_deadline_seconds)
        self._streams: dict[tuple[str, int], LiveStream] = {}
        self._encoded = BoundedLru[EncodedRun](ENCODED_RUNS, ENCODED_BYTES)
        self._presence_seconds = max(0.05, min(settings.grace_seconds / 3, 2.0))
        self._presence: asyncio.Task[None] | None = None
        self._closing = False

    def start(self) -> None:
        """Begin to report which runs are watched here."""
        self._presence = create_task(self._report_watched(), "presence")

    async def aclose(self) -> None:
        """Accept no more photos and fail open streams, in a way that can be resumed."""
        self.stop_accepting()
        for stream in list(self._streams.values()):
            stream.close(Unavailable("The service is restarting. Ask again, and it goes on from here.", 1))
        if self._presence:
            await cancel_and_wait(self._presence)

    def stop_accepting(self) -> None:
        """Accept no more photos from now on; open streams go on."""
        self._closing = True

    async def find(self, key: str, view: View) -> Submission | None:
        """Join the run that is live, or replay the one that is fresh; None where its photos have to be submitted.

        Raises `Unavailable`.
        """
        self.check_accepting()
        info = await self._storage.run_info(key)
        if info and info.is_live:
            return self.count(Submission(key, info.generation, SubmitOutcome.JOINED, info))
        if info and info.is_fresh(datetime.now(UTC)) and await self.encoded_run(info, view):
            return self.count(Submission(key, info.generation, SubmitOutcome.REPLAYED, info))
        return None

    async def submit(self, job: Job) -> Submission:
        """Join, replay or queue a run; raise `Busy` or `Unavailable`."""
        self.check_accepting()
        return self.count(await self._storage.submit(job, datetime.now(UTC)))

    def check_accepting(self) -> None:
        """Raise `Unavailable` where no more photos and changes are accepted."""
        if self._closing:
            raise Unavailable("The service is restarting. Please try again in a moment.", 1)

    def count(self, submission: Submission) -> Submission:
        """Count what an upload led to, and return it."""
        self._metrics.runs.labels(submission.how).inc()
        return submission

    async def encoded_run(self, info: RunInfo, view: View) -> EncodedRun | None:
        """Return a finished run, encoded; None where it is not finished, or is no longer there."""
        if info.state is not RunState.COMPLETE:
            return None
        name = (info.key, info.generation, info.created_at, view.name)
        if (encoded := self._encoded.get(name)) is not None:
            return encoded
        try:
            run = await self._storage.read(info.key)
        except NotFound:  # Redis has evicted entries of it
            return None
        if run is None or run.info != info:
            return None
        encoded = EncodedRun(encode_all(view, run.entries))
        self._encoded.put(name, encoded, COPIES * sum(len(chunk) for _, chunk in encoded.chunks))
        return encoded

    async def current_chunks(self, info: RunInfo, after: Position, view: View) -> list[Chunk]:
        """Return the encoded entries that a generation had behind `after` when `info` was read."""
        if encoded := await self.encoded_run(info, view):
            chunks = encoded.chunks
        else:
            run = await self._storage.read(info.key)
            same = run is not None and run.info.generation == info.generation
            chunks = encode_all(view, run.entries[: info.entries]) if run and same else []
        return chunks_after(chunks, after)

    async def replay(self, submission: Submission, view: View) -> EncodedRun | None:
        """Return a finished run, encoded; None where it is still live, or no longer there."""
        info = submission.info or await self._storage.run_info(submission.key)
        if info is None or info.generation != submission.generation:
            return None
        return await self.encoded_run(info, view)

    def delivering(
        self, key: str, after: Position, view: View, sink: Sink
    ) -> AbstractContextManager[asyncio.Future[None]]:
        """Send the encoded entries of a generation behind `after` to a sink during the block.

        Yields what is done with the generation, and fails as `Unavailable` when the storage is away or the node closes,
        with `ConnectionResetError` for a client that is gone or does not read.
        """
        return self._stream(key, after.generation).delivering(after, view, sink)

    async def subscribe(self, key: str, after: Position, view: View) -> AsyncGenerator[Chunk, None]:
        """Yield the encoded entries behind `after`; who takes them counts as a subscriber until it leaves.

        Ends with the generation; raises `Unavailable` when the storage is away or the node closes.
        """
        sink = QueueSink()
        with self.delivering(key, after, view, sink) as done:
            done.add_done_callback(lambda _: sink.close())
            async for chunk in sink:
                yield chunk
            await done

    async def wait_ended(self, key: str, generation: int) -> None:
        """Watch a generation as a subscriber does, until it has ended or is gone; raise as `subscribe` does."""
        info = await self._storage.run_info(key)
        if info is not None and info.generation == generation and info.is_live:
            delivering = self.delivering(key, Position(generation), NothingView(), QueueSink())
            with suppress(NotFound, RunGone), delivering as done:
                await done

    def _stream(self, key: str, generation: int) -> LiveStream:
        name = (key, generation)
        stream = self._streams.get(name)
        if stream is None:
            followed = self._storage.follow(key, Position(generation)).pipe(require_complete)
            stream = LiveStream(followed, self._pace, self._metrics.subscribers, lambda: self._forget(name))
            self._streams[name] = stream
        return stream

    def _forget(self, name: tuple[str, int]) -> None:
        self._streams.pop(name, None)

    async def _report_watched(self) -> None:
        while True:
            if keys := {key for key, _ in self._streams}:
                with suppress(Unavailable):
                    await self._storage.mark_watched(keys, 3 * self._presence_seconds)
            await asyncio.sleep(self._presence_seconds)
