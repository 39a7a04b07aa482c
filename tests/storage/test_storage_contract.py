"""What every storage promises, whatever keeps it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from storage_helpers import (
    DAY,
    PHOTO,
    OpenStorage,
    claim_one,
    collect,
    finish_run,
    job,
    names,
    new_entries,
    new_entry,
    start_run,
)

from lens_rx.facts.errors import Busy, NotFound
from lens_rx.reactive.interop import create_task, to_async_iterable
from lens_rx.runs.outcomes import OutcomeStore, SaleOutcome
from lens_rx.storage.protocols import Storage
from lens_rx.storage.records import Lease, LeaseLost, NewEntry, Position, RunState, SubmitOutcome


async def test_job_arrives_whole(storage: Storage):
    """A worker gets the photos, options and client as they were submitted."""
    await storage.submit(job(client="me"), datetime.now(UTC))
    lease = await claim_one(storage, "w1")
    assert lease.job == job(client="me")
    assert (lease.worker, lease.generation, lease.attempt) == ("w1", 1, 1)


async def test_submit_starts_joins_and_replays(storage: Storage):
    """One key is started once, joined while it lives, replayed while it is fresh."""
    now = datetime.now(UTC)
    assert (await storage.submit(job(), now)).how is SubmitOutcome.STARTED
    assert (await storage.submit(job(), now)).how is SubmitOutcome.JOINED
    lease = await claim_one(storage)
    assert (await storage.submit(job(), now)).how is SubmitOutcome.JOINED
    await storage.finish(lease, now + DAY)
    assert (await storage.submit(job(), now)).how is SubmitOutcome.REPLAYED
    assert await storage.claim("w", 0) is None


async def test_equal_submits_at_once_make_one_run(storage: Storage):
    """A hundred equal submits at the same moment start one run."""
    tickets = await asyncio.gather(*(storage.submit(job(), datetime.now(UTC)) for _ in range(100)))
    assert sorted(ticket.how for ticket in tickets) == [SubmitOutcome.JOINED] * 99 + [SubmitOutcome.STARTED]
    assert await storage.count_waiting() == 1


async def test_stale_run_begins_a_new_generation(storage: Storage):
    """After its fresh time a run is analysed anew, and its facts are numbered from 1 again."""
    await finish_run(storage, names="abc")
    later = datetime.now(UTC) + 2 * DAY
    ticket = await storage.submit(job(), later)
    assert (ticket.how, ticket.generation) == (SubmitOutcome.STARTED, 2)
    lease = await claim_one(storage)
    await storage.append(lease, new_entries("x"))
    await storage.finish(lease, later + DAY)
    entries = await collect(storage)
    assert names(entries) == "x"
    assert entries[0].position == Position(2, 1)


async def test_facts_come_back_byte_for_byte(storage: Storage):
    """Payload and time of a fact are told exactly as they were written."""
    lease = await start_run(storage)
    odd = NewEntry(
        "odd", datetime(2026, 1, 1, 23, 59, 59, 999999, tzinfo=UTC), b'{"a": "\\u0000 \xc3\xa9 \r\n"}'
    )
    await storage.append(lease, [odd])
    await storage.finish(lease, datetime.now(UTC) + DAY)
    (entry,) = await collect(storage)
    assert (entry.position, entry.observed_at, entry.payload) == (
        Position(1, 1),
        odd.observed_at,
        odd.payload,
    )


async def test_fact_id_is_written_once(storage: Storage):
    """An id that is there is passed over, within one append and over several."""
    lease = await start_run(storage)
    await storage.append(lease, [new_entry("a"), new_entry("b"), replace(new_entry("a"), payload=b'"a2"')])
    await storage.append(lease, [new_entry("b"), new_entry("c")])
    await storage.finish(lease, datetime.now(UTC) + DAY)
    entries = await collect(storage)
    assert names(entries) == "abc"
    assert [entry.position.seq for entry in entries] == [1, 2, 3]


async def test_follower_sees_facts_as_they_are_made(storage: Storage):
    """One who follows from the start gets each fact when it is appended, and ends with the run."""
    lease = await start_run(storage)
    following = to_async_iterable(storage.follow("run", Position()))
    for name in "abc":
        await storage.append(lease, new_entries(name))
        entry = await asyncio.wait_for(anext(following), 2)
        assert names([entry]) == name
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert await anext(following, None) is None


@pytest.mark.parametrize("seq", range(5))
async def test_follower_resumes_behind_any_place(storage: Storage, seq: int):
    """Following after a place tells what is behind it, live and replayed alike."""
    lease = await start_run(storage)
    await storage.append(lease, new_entries("ab"))
    live = create_task(collect(storage, after=Position(1, seq)))
    await asyncio.sleep(0)
    await storage.append(lease, new_entries("cd"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await live) == "abcd"[seq:]
    assert names(await collect(storage, after=Position(1, seq))) == "abcd"[seq:]


async def test_many_followers_see_the_same(storage: Storage):
    """Fifty followers who came at different moments are told the same sequence."""
    lease = await start_run(storage)
    following = []
    for name in "abcde":
        following += [create_task(collect(storage)) for _ in range(10)]
        await storage.append(lease, new_entries(name))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert {names(entries) for entries in await asyncio.gather(*following)} == {"abcde"}


async def test_following_another_generation_ends_at_once(storage: Storage):
    """A generation that is not the latest has nothing more to tell."""
    await finish_run(storage)
    assert await collect(storage, after=Position(7, 1)) == []


async def test_following_an_unknown_run_is_not_found(storage: Storage):
    """There is no stream for a key that was never submitted."""
    with pytest.raises(NotFound):
        await collect(storage, "nobody")


async def test_abandoned_run_goes_on_in_its_generation(storage: Storage):
    """A run that nobody listened to keeps its facts, and the next submit queues it again."""
    lease = await start_run(storage)
    await storage.append(lease, new_entries("ab"))
    early = create_task(collect(storage))
    await storage.abandon(lease)
    assert names(await early) == "ab"
    assert names(await collect(storage)) == "ab"
    ticket = await storage.submit(job(), datetime.now(UTC))
    assert (ticket.how, ticket.generation) == (SubmitOutcome.STARTED, 1)
    late = create_task(collect(storage))
    again = await claim_one(storage)
    assert (again.job.photos, again.attempt) == ((PHOTO,), 1)
    await storage.append(again, new_entries("abc"))
    await storage.finish(again, datetime.now(UTC) + DAY)
    assert names(await late) == "abc"
    assert names(await collect(storage)) == "abc"


async def test_run_can_be_abandoned_again_and_again(storage: Storage):
    """Each abandoning ends the followers of its time, and none of a later one."""
    for _ in range(3):
        lease = await start_run(storage)
        await storage.append(lease, new_entries("a"))
        following = create_task(collect(storage))
        await asyncio.sleep(0.02)
        assert not following.done()
        await storage.abandon(lease)
        assert names(await following) == "a"


async def test_silent_worker_loses_its_run(open_storage: OpenStorage):
    """A lease that is not renewed passes to the next who claims, and the late one is refused."""
    storage = await open_storage(lease_seconds=0.6)
    late = await start_run(storage)
    await storage.append(late, new_entries("ab"))
    following = create_task(collect(storage))
    fresh = await storage.claim("w2", 3)
    assert fresh is not None
    assert fresh.token > late.token
    assert (fresh.generation, fresh.attempt, fresh.job) == (1, 2, late.job)
    for refused in (
        storage.append(late, new_entries("x")),
        storage.renew(late),
        storage.finish(late, datetime.now(UTC)),
    ):
        with pytest.raises(LeaseLost):
            await refused
    await storage.append(fresh, new_entries("bc"))
    await storage.finish(fresh, datetime.now(UTC) + DAY)
    assert names(await following) == "abc"


async def test_renewed_lease_stays(open_storage: OpenStorage):
    """A worker that renews in time keeps its run, however long that takes."""
    storage = await open_storage(lease_seconds=0.6)
    lease = await start_run(storage)
    for _ in range(5):
        assert await storage.claim("w2", 0.2) is None
        await storage.renew(lease)
    await storage.append(lease, new_entries("a"))


async def test_lease_ends_with_the_run(storage: Storage):
    """Nothing can be appended to a run that is over."""
    lease = await start_run(storage)
    await storage.finish(lease, datetime.now(UTC) + DAY)
    for refused in (storage.append(lease, new_entries("x")), storage.renew(lease), storage.requeue(lease)):
        with pytest.raises(LeaseLost):
            await refused
    assert await collect(storage) == []


async def test_handed_back_job_is_first(storage: Storage):
    """A job that was handed back is claimed before all others, at once, and that is its first attempt."""
    first = await start_run(storage, "one")
    await storage.submit(job("two"), datetime.now(UTC))
    await storage.requeue(first)
    assert await storage.count_waiting() == 2
    again = await claim_one(storage)
    assert (again.job.key, again.attempt) == ("one", 1)
    with pytest.raises(LeaseLost):
        await storage.append(first, new_entries("x"))


async def test_claim_waits_for_a_job(storage: Storage):
    """A worker that waits gets a job when it is submitted; without any it gets None in time."""
    assert await storage.claim("w", 0.05) is None
    claiming = create_task(storage.claim("w", 5))
    await asyncio.sleep(0.05)
    await storage.submit(job(), datetime.now(UTC))
    lease = await asyncio.wait_for(claiming, 2)
    assert isinstance(lease, Lease)


async def test_each_job_goes_to_one_worker(storage: Storage):
    """Workers that claim at once get different jobs."""
    for number in range(8):
        await storage.submit(job(f"run{number}"), datetime.now(UTC))
    leases = await asyncio.gather(*(storage.claim(f"w{number}", 2) for number in range(8)))
    assert len({lease.job.key for lease in leases if lease}) == 8


async def test_clients_take_turns(storage: Storage):
    """One client's many jobs do not hold up another's one."""
    for key in ("a1", "a2", "a3"):
        await storage.submit(job(key, "a"), datetime.now(UTC))
    await storage.submit(job("b1", "b"), datetime.now(UTC))
    order = [(await claim_one(storage)).job.key for _ in range(4)]
    assert order == ["a1", "b1", "a2", "a3"]


async def test_queue_is_bounded(open_storage: OpenStorage):
    """A full queue says when to come back, and takes more once a worker took one."""
    storage = await open_storage(queue=2, run_deadline_seconds=90)
    await storage.submit(job("one"), datetime.now(UTC))
    await storage.submit(job("two"), datetime.now(UTC))
    with pytest.raises(Busy) as busy:
        await storage.submit(job("three"), datetime.now(UTC))
    assert busy.value.retry_after is not None
    assert 1 <= busy.value.retry_after <= 90
    assert (await storage.submit(job("two"), datetime.now(UTC))).how is SubmitOutcome.JOINED
    await claim_one(storage)
    assert (await storage.submit(job("three"), datetime.now(UTC))).how is SubmitOutcome.STARTED


async def test_one_client_cannot_fill_the_queue(open_storage: OpenStorage):
    """A client over its share is refused until a run of its own has ended; others are not."""
    storage = await open_storage(queue_per_client=2)
    await storage.submit(job("one", "greedy"), datetime.now(UTC))
    await storage.submit(job("two", "greedy"), datetime.now(UTC))
    lease = await claim_one(storage)
    with pytest.raises(Busy):
        await storage.submit(job("three", "greedy"), datetime.now(UTC))
    await storage.submit(job("four", "modest"), datetime.now(UTC))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert (await storage.submit(job("three", "greedy"), datetime.now(UTC))).how is SubmitOutcome.STARTED


async def test_retry_after_follows_the_pace(open_storage: OpenStorage):
    """Once runs have ended quickly, a full queue promises a place soon."""
    storage = await open_storage(queue=1, run_deadline_seconds=90)
    await finish_run(storage, "quick")
    await storage.submit(job("one"), datetime.now(UTC))
    with pytest.raises(Busy) as busy:
        await storage.submit(job("two"), datetime.now(UTC))
    assert busy.value.retry_after == 1


async def test_renew_tells_whether_anybody_listens(storage: Storage):
    """A run is listened to for as long as somebody said."""
    lease = await start_run(storage)
    assert not await storage.renew(lease)
    await storage.mark_watched(["run", "other"], 0.3)
    assert await storage.renew(lease)
    await asyncio.sleep(0.4)
    assert not await storage.renew(lease)


async def test_head_tells_a_run_at_a_glance(storage: Storage):
    """State, generation and number of entries are told at every moment of a run."""
    now = datetime.now(UTC)
    assert await storage.run_info("run") is None
    await storage.submit(job(), now)
    seen = [await storage.run_info("run")]
    lease = await claim_one(storage)
    await storage.append(lease, new_entries("ab"))
    seen.append(await storage.run_info("run"))
    await storage.finish(lease, now + DAY)
    seen.append(await storage.run_info("run"))
    assert [(head.state, head.entries, head.generation) for head in seen if head] == [
        (RunState.QUEUED, 0, 1),
        (RunState.RUNNING, 2, 1),
        (RunState.COMPLETE, 2, 1),
    ]
    assert [head.fresh_until for head in seen if head] == [None, None, now + DAY]
    assert {head.created_at for head in seen if head} == {now}


async def test_heads_are_listed_newest_first(storage: Storage):
    """Runs are listed a page at a time, each once, also those of one moment."""
    now = datetime.now(UTC)
    for number in range(5):
        await storage.submit(job(f"run{number}"), now + timedelta(seconds=number // 2))
    pages, before = [], None
    while page := await storage.list_runs(2, before):
        pages.append([head.key for head in page])
        before = page[-1]
    assert pages == [["run4", "run3"], ["run2", "run1"], ["run0"]]


async def test_forgotten_run_is_gone(storage: Storage):
    """Forgetting removes a finished run; the next submit starts it anew."""
    await finish_run(storage)
    assert await storage.delete("run")
    assert not await storage.delete("run")
    assert await storage.run_info("run") is None
    assert await storage.list_runs(10) == []
    with pytest.raises(NotFound):
        await collect(storage)
    assert (await storage.submit(job(), datetime.now(UTC))).how is SubmitOutcome.STARTED
    lease = await claim_one(storage)
    await storage.append(lease, new_entries("x"))
    await storage.finish(lease, datetime.now(UTC) + DAY)
    assert names(await collect(storage)) == "x"


async def test_forgotten_run_stops(storage: Storage):
    """Forgetting a running or waiting run ends its followers and its worker's lease."""
    lease = await start_run(storage)
    await storage.append(lease, new_entries("a"))
    await storage.submit(job("waits"), datetime.now(UTC))
    following = create_task(collect(storage))
    await asyncio.sleep(0.02)
    assert await storage.delete("run")
    assert await storage.delete("waits")
    assert names(await asyncio.wait_for(following, 2)) == "a"
    with pytest.raises(LeaseLost):
        await storage.append(lease, new_entries("b"))
    assert await storage.claim("w", 0.05) is None
    assert await storage.count_waiting() == 0


async def test_least_recently_used_run_goes_first(open_storage: OpenStorage):
    """Over the bound of runs, the one that was not used for longest goes; live ones never."""
    storage = await open_storage(kept_runs=2)
    live = await start_run(storage, "live")
    for key in ("one", "two"):
        await finish_run(storage, key)
        await asyncio.sleep(0.002)
    await storage.abandon(live)
    assert await storage.run_info("one") is None
    await finish_run(storage, "three")
    assert [key for key in ("live", "two", "three") if await storage.run_info(key)] == ["live", "three"]


async def test_bytes_are_bounded(open_storage: OpenStorage):
    """Over the bound of bytes, the oldest runs go."""
    storage = await open_storage(kept_bytes=400)
    for number in range(5):
        await finish_run(storage, f"run{number}", "abcdef")
        await asyncio.sleep(0.002)
    kept = [head.key for head in await storage.list_runs(10)]
    assert 1 <= len(kept) <= 2
    assert kept[0] == "run4"


async def test_old_runs_go(open_storage: OpenStorage):
    """A finished run is kept for the days that the settings name."""
    storage = await open_storage(kept_days=0.4 / 86_400)
    await finish_run(storage)
    assert await storage.run_info("run")
    await asyncio.sleep(0.5)
    assert await storage.run_info("run") is None
    assert await storage.list_runs(10) == []


async def test_results_are_kept_for_their_lifetime(storage: Storage):
    """A stage's result is told until its time is over, and the last one kept counts."""
    now = datetime.now(UTC)
    assert await storage.get_result("offers", now) is None
    await storage.put_result("offers", b"old", now + DAY)
    await storage.put_result("offers", b"\x00new", now + DAY)
    assert await storage.get_result("offers", now) == b"\x00new"
    assert await storage.get_result("offers", now + 2 * DAY) is None


async def test_a_reported_sale_is_kept_beside_its_run(storage: Storage):
    """A sale is told until another is reported or its run is deleted; other runs have none."""
    outcomes = OutcomeStore(storage, kept_days=365)
    assert await outcomes.get("run") is None
    await outcomes.put("run", SaleOutcome(80.0, "EUR"))
    await outcomes.put("run", sale := SaleOutcome(72.5, "EUR", 9, "ebay", "2026-11-20T10:00:00+00:00"))
    assert (await outcomes.get("run"), await outcomes.get("another")) == (sale, None)
    await outcomes.delete("run")
    await asyncio.sleep(0.01)  # Redis ends a lifetime after a millisecond
    assert await outcomes.get("run") is None


async def test_a_result_that_was_missed_is_found_when_it_is_written(storage: Storage):
    """Whoever looks before a result is written, or meanwhile, finds it afterwards."""
    now = datetime.now(UTC)
    for number in range(10):
        key = f"lens/{number}"
        assert await storage.get_result(key, now) is None
        looks = [storage.get_result(key, now) for _ in range(3)]
        await asyncio.gather(looks[0], storage.put_result(key, b"found", now + DAY), *looks[1:])
        assert await storage.get_result(key, now) == b"found"


async def test_results_are_bounded(open_storage: OpenStorage):
    """So many results are kept at most, and the least recently used goes first."""
    storage = await open_storage(kept_runs=1)
    now = datetime.now(UTC)
    for number in range(12):
        await storage.put_result(f"stage{number}", b"x", now + DAY)
        await asyncio.sleep(0.002)
    kept = [number for number in range(12) if await storage.get_result(f"stage{number}", now)]
    assert kept == list(range(4, 12))


async def test_one_owner_makes_a_result(storage: Storage):
    """The right to make a result has one owner, until it is given back or its time is over."""
    assert await storage.reserve("offers", "me", 5)
    assert await storage.reserve("offers", "me", 0.2)
    assert not await storage.reserve("offers", "you", 5)
    await storage.release("offers", "you")
    assert not await storage.reserve("offers", "you", 5)
    await asyncio.sleep(0.3)
    assert await storage.reserve("offers", "you", 5)
    await storage.release("offers", "you")
    assert await storage.reserve("offers", "me", 5)


async def test_log_is_ready(storage: Storage):
    """A storage that is open can be written."""
    assert await storage.ready()
