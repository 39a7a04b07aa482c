"""One run per key: joined while it runs, replayed afterwards, made again after a failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from eventually import eventually, eventually_async
from storage_helpers import RawView

from lens_rx.facts import AnalysisState, Complete, Fact, Failed, Identity, Matches, Offers, Options, PhotoCopy
from lens_rx.facts.errors import Blocked, StageError, Unavailable
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import wait_all
from lens_rx.reactive.stage import Step, single_fact
from lens_rx.runs.registry import RunRegistry
from lens_rx.runs.usage import UsageMeter
from lens_rx.runs.worker import MAX_ATTEMPTS, Worker
from lens_rx.settings import Settings
from lens_rx.storage.codec import decode
from lens_rx.storage.memory import MemoryStorage
from lens_rx.storage.records import Job, Lease, Position, RunState, Submission, SubmitOutcome

SETTINGS = Settings(grace_seconds=0.6, lease_seconds=2.0)


def job(key: str = "k") -> Job:
    return Job(key, (PhotoCopy("s" * 64, b"jpeg", 10, 10),), Options())


@dataclass
class Harness:
    """Runs and a worker over a storage in memory; lens waits for `gate`, offers fail with `failure`."""

    runs: RunRegistry
    metrics: Metrics
    storage: MemoryStorage
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    failure: StageError | None = None
    began: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def steps(self, _: UsageMeter, __: int) -> Steps:
        def step(make: Callable[[], Fact], name: str) -> Step:
            async def work(_: AnalysisState) -> Fact:
                self.began.append(name)
                return make()

            return Step(single_fact(work))

        async def gated(_: AnalysisState) -> Fact:
            self.began.append("lens")
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.cancelled.append("lens")
                raise
            return Matches(())

        def offered() -> Fact:
            if self.failure:
                raise self.failure
            return Offers(())

        idle = Step(single_fact(gated), should_run=lambda _: False)
        named = step(lambda: Identity("Acme", "Hike 2"), "identify")
        return Steps(
            Step(single_fact(gated)), idle, named, idle, idle, step(offered, "offers"), idle, run_seconds=30
        )

    async def collect(self, ticket: Submission, after: int = 0) -> list[tuple[int, Fact]]:
        chunks = self.runs.subscribe(ticket.key, Position(ticket.generation, after), RawView())
        return [(position.seq, decode(chunk)) async for position, chunk in chunks]


class WornStorage(MemoryStorage):
    """A storage whose jobs were claimed before, by workers that are gone."""

    def __init__(self, settings: Settings, claimed_before: int) -> None:
        super().__init__(settings)
        self._claimed_before = claimed_before

    async def claim(self, worker: str, wait_seconds: float) -> Lease | None:
        lease = await super().claim(worker, wait_seconds)
        return replace(lease, attempt=lease.attempt + self._claimed_before) if lease else None


@asynccontextmanager
async def harness(claimed_before: int = 0) -> AsyncIterator[Harness]:
    metrics = Metrics()
    storage = WornStorage(SETTINGS, claimed_before)
    await storage.start()
    runs = RunRegistry(storage, SETTINGS, metrics)
    it = Harness(runs, metrics, storage)
    worker = Worker(storage, it.steps, SETTINGS, metrics)
    runs.start()
    worker.start()
    yield it
    it.gate.set()
    await worker.aclose()
    await runs.aclose()
    await storage.aclose()
    await wait_all()


async def test_a_hundred_equal_photos_are_one_run():
    """A hundred submits of one key start one run, and all see the same facts in the same order."""
    async with harness() as it:
        tickets = [await it.runs.submit(job()) for _ in range(100)]
        following = [asyncio.create_task(it.collect(ticket)) for ticket in tickets]
        await asyncio.sleep(0.05)
        it.gate.set()
        streams = await asyncio.gather(*following)
        assert it.began == ["lens", "identify", "offers"]
        assert [ticket.how for ticket in tickets] == [SubmitOutcome.STARTED] + [SubmitOutcome.JOINED] * 99
        assert streams[0] and all(stream == streams[0] for stream in streams)
        assert [seq for seq, _ in streams[0]] == list(range(1, len(streams[0]) + 1))


async def test_a_late_subscriber_gets_what_is_there_and_goes_on_live():
    """Who joins in the middle replays from the beginning and sees the rest as it comes."""
    async with harness() as it:
        ticket = await it.runs.submit(job())
        first = asyncio.create_task(it.collect(ticket))
        await asyncio.sleep(0.05)
        late = asyncio.create_task(it.collect(await it.runs.submit(job())))
        await asyncio.sleep(0.05)
        it.gate.set()
        assert await late == await first


async def test_the_same_photo_later_is_replayed_and_nothing_runs_again():
    """A finished run is told again from the log; no stage begins a second time."""
    async with harness() as it:
        it.gate.set()
        told = await it.collect(await it.runs.submit(job()))
        again = await it.runs.submit(job())
        assert again.how is SubmitOutcome.REPLAYED
        assert await it.collect(again) == told
        assert it.began == ["lens", "identify", "offers"]


async def test_a_stream_resumes_behind_any_seq():
    """A client that has the first facts gets the rest, and no fact twice."""
    async with harness() as it:
        it.gate.set()
        ticket = await it.runs.submit(job())
        told = await it.collect(ticket)
        for after in range(len(told) + 1):
            assert await it.collect(ticket, after) == told[after:]


async def test_the_leaders_leaving_harms_nobody():
    """The run goes on for those who joined when the client that started it goes away."""
    async with harness() as it:
        leader = asyncio.create_task(it.collect(await it.runs.submit(job())))
        joined = asyncio.create_task(it.collect(await it.runs.submit(job())))
        await asyncio.sleep(0.05)
        leader.cancel()
        await asyncio.sleep(3 * SETTINGS.grace_seconds)
        it.gate.set()
        assert any(isinstance(fact, Offers) for _, fact in await joined)
        assert it.cancelled == []


async def test_a_run_that_nobody_listens_to_is_cancelled_after_its_grace():
    """When nobody is left the run is stopped after the grace time; asked again, it is claimed up again."""
    async with harness() as it:
        ticket = await it.runs.submit(job())
        leader = asyncio.create_task(it.collect(ticket))
        await asyncio.sleep(0.05)
        leader.cancel()
        await eventually(lambda: bool(it.cancelled), 5)

        async def is_given_up() -> bool:
            return (await it.storage.run_info("k")).state is RunState.ABANDONED

        await eventually_async(is_given_up, 5)
        it.gate.set()
        again = await it.runs.submit(job())
        assert again.how is SubmitOutcome.STARTED
        assert any(isinstance(fact, Offers) for _, fact in await it.collect(again))


async def test_after_a_failure_the_same_photo_makes_a_new_generation():
    """A run with a failed stage is not replayed but made again, numbered from 1."""
    async with harness() as it:
        it.gate.set()
        it.failure = Blocked("a captcha")
        first = await it.runs.submit(job())
        await it.collect(first)
        it.failure = None
        second = await it.runs.submit(job())
        assert (second.how, second.generation) == (SubmitOutcome.STARTED, first.generation + 1)
        told = await it.collect(second)
        assert told[0][0] == 1
        assert any(isinstance(fact, Offers) for _, fact in told)


async def test_a_photo_that_ends_its_workers_is_given_up():
    """A job that was claimed again and again without an end is told as failed, and does not run."""
    async with harness(claimed_before=MAX_ATTEMPTS) as it:
        told = [fact for _, fact in await it.collect(await it.runs.submit(job()))]
        assert [type(fact) for fact in told] == [Failed, Complete]
        assert it.began == []


async def test_closing_ends_open_streams_in_words():
    """A node that shuts down ends its streams with an error that can be resumed after, and takes no more."""
    async with harness() as it:
        following = asyncio.create_task(it.collect(await it.runs.submit(job())))
        await asyncio.sleep(0.05)
        await it.runs.aclose()
        with pytest.raises(Unavailable, match="restarting"):
            await following
        with pytest.raises(Unavailable, match="restarting"):
            await it.runs.submit(job("other"))


async def test_a_subscriber_counts_until_it_leaves():
    """Who has not yet claimed all that is queued for it is still counted."""

    def subscribers() -> float | None:
        return it.metrics.registry.get_sample_value("lens_rx_subscribers")

    async with harness() as it:
        it.gate.set()
        ticket = await it.runs.submit(job())
        await it.collect(ticket)
        assert subscribers() == 0
        slow = it.runs.subscribe(ticket.key, Position(ticket.generation), RawView())
        await anext(slow)
        await asyncio.sleep(0.05)
        assert subscribers() == 1
        await slow.aclose()
        assert subscribers() == 0


async def test_a_cold_worker_leaves_the_job_to_a_warm_one():
    """A worker whose Chromium is not there yet takes no job while another could."""
    storage, metrics, warm = MemoryStorage(SETTINGS), Metrics(), asyncio.Event()
    it = Harness(RunRegistry(storage, SETTINGS, metrics), metrics, storage)
    it.gate.set()
    cold = Worker(storage, it.steps, SETTINGS, metrics, warm.is_set)
    cold.start()
    ticket = await it.runs.submit(job())
    await asyncio.sleep(0.2)
    assert await storage.count_waiting() == 1
    warm.set()
    assert await it.collect(ticket)
    await cold.aclose()
    await wait_all()


async def test_the_stages_that_ran_are_measured_once():
    """Joined and replayed runs are counted as such."""
    async with harness() as it:
        it.gate.set()
        for _ in range(3):
            await it.collect(await it.runs.submit(job()))
        text = it.metrics.render().decode()
        assert 'lens_rx_runs_total{how="started"} 1.0' in text
        assert 'lens_rx_runs_total{how="replayed"} 2.0' in text
        assert "lens_rx_subscribers 0.0" in text
