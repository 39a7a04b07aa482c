"""One live run and its subscribers: each gets what it may take, and nobody waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from eventually import eventually

from lens_rx.facts.errors import Unavailable
from lens_rx.metrics import Metrics
from lens_rx.runs.live_stream import LiveStream, Pace
from lens_rx.runs.views import Chunk
from lens_rx.storage.records import Entry, Position
from lens_rx.storage.run_feed import RunFeed

PACE = Pace(heartbeat_seconds=30.0, write_deadline_seconds=0.2)


@dataclass
class CountingView:
    """A view that counts what it encodes, and leaves out what is empty."""

    name: str = "counting"
    encoded: int = 0

    def encode(self, entry: Entry) -> bytes:
        self.encoded += 1
        return entry.payload


@dataclass
class ListSink:
    """A client: what it was sent, and whether it reads."""

    received: list[bytes] = field(default_factory=list)
    heartbeats: int = 0
    full: bool = False
    closed: bool = False
    aborted: bool = False

    def is_full(self) -> bool:
        return self.full

    def is_closed(self) -> bool:
        return self.closed

    def send(self, chunks: Sequence[Chunk]) -> None:
        self.received += [payload for _, payload in chunks]

    def send_heartbeat(self) -> None:
        self.heartbeats += 1

    def abort(self) -> None:
        self.aborted = True


@dataclass
class Live:
    """A stream over a feed, and what ended it."""

    pace: Pace = PACE
    feed: RunFeed = field(default_factory=RunFeed)
    view: CountingView = field(default_factory=CountingView)
    left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        subscribers = Metrics().subscribers
        self.stream = LiveStream(
            self.feed.follow(0), self.pace, subscribers, lambda: self.left.append("left")
        )

    def publish(self, *payloads: bytes) -> None:
        first = len(self.feed.entries) + 1
        at = datetime.now(UTC)
        self.feed.publish([Entry(Position(1, seq), at, it) for seq, it in enumerate(payloads, first)])

    def follow(self, sink: ListSink, after: int = 0) -> asyncio.Task[None]:
        async def deliver() -> None:
            with self.stream.delivering(Position(1, after), self.view, sink) as done:
                await done

        return asyncio.create_task(deliver())


async def test_a_fact_is_encoded_once_for_all_who_share_a_view():
    """Five hundred subscribers get the same facts, each of which was encoded once."""
    live, sinks = Live(), [ListSink() for _ in range(500)]
    following = [live.follow(sink) for sink in sinks]
    live.publish(b"a", b"", b"b")
    live.feed.end()
    await asyncio.gather(*following)
    assert {tuple(sink.received) for sink in sinks} == {(b"a", b"b")}
    assert live.view.encoded == 3
    assert live.left == ["left"]


async def test_who_does_not_read_delays_nobody_and_goes_on_where_it_was():
    """A full connection is sent nothing; when it reads again it gets all that it missed, in order."""
    live, slow, quick = Live(Pace(30.0, 5.0)), ListSink(full=True), ListSink()
    following = [live.follow(slow), live.follow(quick)]
    live.publish(b"a", b"b")
    await eventually(lambda: quick.received == [b"a", b"b"])
    assert slow.received == []
    slow.full = False
    live.publish(b"c")
    live.feed.end()
    await asyncio.gather(*following)
    assert slow.received == quick.received == [b"a", b"b", b"c"]


async def test_who_does_not_read_for_too_long_is_dropped():
    """Behind the write deadline its delivery fails, and the others' does not."""
    live, slow, quick = Live(), ListSink(full=True), ListSink()
    dropped, other = live.follow(slow), live.follow(quick)
    live.publish(b"a")
    with pytest.raises(ConnectionResetError, match="does not read"):
        await dropped
    live.feed.end()
    await other
    assert (slow.aborted, quick.aborted) == (True, False)
    assert quick.received == [b"a"]


async def test_a_closed_connection_ends_its_delivery():
    """A client that is gone is noticed with the next fact."""
    live, gone = Live(), ListSink()
    following = live.follow(gone)
    await asyncio.sleep(0)
    gone.closed = True
    live.publish(b"a")
    with pytest.raises(ConnectionResetError, match="gone"):
        await following
    assert gone.received == []


async def test_a_subscriber_starts_behind_its_position():
    """What a client has already is not sent again, also where it is published only afterwards."""
    live, sink = Live(), ListSink()
    following = live.follow(sink, after=2)
    live.publish(b"a", b"b", b"c")
    live.feed.end()
    await following
    assert sink.received == [b"c"]


async def test_a_quiet_stream_sends_heartbeats():
    """Each subscriber gets one whenever nothing was sent to it for so long."""
    live, sink = Live(Pace(0.02, 5.0)), ListSink()
    following = live.follow(sink)
    await eventually(lambda: sink.heartbeats > 1)
    live.feed.end()
    await following
    assert sink.received == []


@pytest.mark.parametrize("failing", ["the storage", "the node"])
async def test_a_failure_reaches_everybody(failing: str):
    """Where the storage goes away, or the node closes, each delivery fails with the words for it."""
    live, sinks = Live(), [ListSink() for _ in range(3)]
    following = [live.follow(sink) for sink in sinks]
    await asyncio.sleep(0)
    error = Unavailable("It is away.", 1)
    if failing == "the storage":
        live.feed.fail_followers(error)
    else:
        live.stream.close(error)
    for it in following:
        with pytest.raises(Unavailable, match="away"):
            await it


async def test_the_loop_does_other_things_between_turns():
    """Subscribers that take long to be served do not hold up what else the loop has to do."""

    class SlowSink(ListSink):
        def send(self, chunks: Sequence[Chunk]) -> None:
            busy_until = asyncio.get_running_loop().time() + 0.002
            while asyncio.get_running_loop().time() < busy_until:
                pass
            super().send(chunks)

    live, sinks = Live(), [SlowSink() for _ in range(50)]
    following = [live.follow(sink) for sink in sinks]
    live.publish(b"a")
    seen = []
    while not all(sink.received for sink in sinks):
        await asyncio.sleep(0)
        seen.append(sum(1 for sink in sinks if sink.received))
    assert len(set(seen)) > 5
    live.feed.end()
    await asyncio.gather(*following)


async def test_what_is_published_while_others_are_served_reaches_all():
    """A fact and the end of the run that come between two turns are not missed by those whose turn comes later."""

    class PublishingSink(ListSink):
        def send(self, chunks: Sequence[Chunk]) -> None:
            super().send(chunks)
            if self.received == [b"a"]:
                live.publish(b"b")
                live.feed.end()

    live = Live()
    sinks = [PublishingSink(), *(ListSink() for _ in range(100))]
    following = [live.follow(sink) for sink in sinks]
    live.publish(b"a")
    await asyncio.gather(*following)
    assert {tuple(sink.received) for sink in sinks} == {(b"a", b"b")}
