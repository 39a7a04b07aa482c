"""What every log promises, whatever keeps it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from storage_helpers import DAY, PHOTO, OpenLog, draft, drafts, finished, job, names, started, taken, told

from lens_rx.facts.errors import Busy, NotFound
from lens_rx.reactive.interop import create_task
from lens_rx.storage.protocols import Lease, LeaseLost, Log, NewEntry, Position, RunState, SubmitOutcome


async def test_job_arrives_whole(log: Log):
    """A worker gets the photos, options and client as they were submitted."""
    await log.submit(job(client="me"), datetime.now(UTC))
    lease = await taken(log, "w1")
    assert lease.job == job(client="me")
    assert (lease.worker, lease.generation, lease.attempt) == ("w1", 1, 1)


async def test_submit_starts_joins_and_replays(log: Log):
    """One key is started once, joined while it lives, replayed while it is fresh."""
    now = datetime.now(UTC)
    assert (await log.submit(job(), now)).how is SubmitOutcome.STARTED
    assert (await log.submit(job(), now)).how is SubmitOutcome.JOINED
    lease = await taken(log)
    assert (await log.submit(job(), now)).how is SubmitOutcome.JOINED
    await log.finish(lease, now + DAY)
    assert (await log.submit(job(), now)).how is SubmitOutcome.REPLAYED
    assert await log.claim("w", 0) is None


async def test_equal_submits_at_once_make_one_run(log: Log):
    """A hundred equal submits at the same moment start one run."""
    tickets = await asyncio.gather(*(log.submit(job(), datetime.now(UTC)) for _ in range(100)))
    assert sorted(ticket.how for ticket in tickets) == [SubmitOutcome.JOINED] * 99 + [SubmitOutcome.STARTED]
    assert await log.waiting() == 1


async def test_stale_run_begins_a_new_generation(log: Log):
    """After its fresh time a run is analysed anew, and its facts are numbered from 1 again."""
    await finished(log, names="abc")
    later = datetime.now(UTC) + 2 * DAY
    ticket = await log.submit(job(), later)
    assert (ticket.how, ticket.generation) == (SubmitOutcome.STARTED, 2)
    lease = await taken(log)
    await log.append(lease, drafts("x"))
    await log.finish(lease, later + DAY)
    entries = await told(log)
    assert names(entries) == "x"
    assert entries[0].position == Position(2, 1)


async def test_facts_come_back_byte_for_byte(log: Log):
    """Payload and time of a fact are told exactly as they were written."""
    lease = await started(log)
    odd = NewEntry(
        "odd", datetime(2026, 1, 1, 23, 59, 59, 999999, tzinfo=UTC), b'{"a": "\\u0000 \xc3\xa9 \r\n"}'
    )
    await log.append(lease, [odd])
    await log.finish(lease, datetime.now(UTC) + DAY)
    (entry,) = await told(log)
    assert (entry.position, entry.observed_at, entry.payload) == (
        Position(1, 1),
        odd.observed_at,
        odd.payload,
    )


async def test_fact_id_is_written_once(log: Log):
    """An id that is there is passed over, within one append and over several."""
    lease = await started(log)
    await log.append(lease, [draft("a"), draft("b"), replace(draft("a"), payload=b'"a2"')])
    await log.append(lease, [draft("b"), draft("c")])
    await log.finish(lease, datetime.now(UTC) + DAY)
    entries = await told(log)
    assert names(entries) == "abc"
    assert [entry.position.seq for entry in entries] == [1, 2, 3]


async def test_follower_sees_facts_as_they_are_made(log: Log):
    """One who follows from the start gets each fact when it is appended, and ends with the run."""
    lease = await started(log)
    following = log.follow("run", Position())
    for name in "abc":
        await log.append(lease, drafts(name))
        entry = await asyncio.wait_for(anext(following), 2)
        assert names([entry]) == name
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert await anext(following, None) is None


@pytest.mark.parametrize("seq", range(5))
async def test_follower_resumes_behind_any_place(log: Log, seq: int):
    """Following after a place tells what is behind it, live and replayed alike."""
    lease = await started(log)
    await log.append(lease, drafts("ab"))
    live = create_task(told(log, after=Position(1, seq)))
    await asyncio.sleep(0)
    await log.append(lease, drafts("cd"))
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert names(await live) == "abcd"[seq:]
    assert names(await told(log, after=Position(1, seq))) == "abcd"[seq:]


async def test_many_followers_see_the_same(log: Log):
    """Fifty followers who came at different moments are told the same sequence."""
    lease = await started(log)
    following = []
    for name in "abcde":
        following += [create_task(told(log)) for _ in range(10)]
        await log.append(lease, drafts(name))
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert {names(entries) for entries in await asyncio.gather(*following)} == {"abcde"}


async def test_following_another_generation_ends_at_once(log: Log):
    """A generation that is not the latest has nothing more to tell."""
    await finished(log)
    assert await told(log, after=Position(7, 1)) == []


async def test_following_an_unknown_run_is_not_found(log: Log):
    """There is no stream for a key that was never submitted."""
    with pytest.raises(NotFound):
        await told(log, "nobody")


async def test_abandoned_run_goes_on_in_its_generation(log: Log):
    """A run that nobody listened to keeps its facts, and the next submit queues it again."""
    lease = await started(log)
    await log.append(lease, drafts("ab"))
    early = create_task(told(log))
    await log.abandon(lease)
    assert names(await early) == "ab"
    assert names(await told(log)) == "ab"
    ticket = await log.submit(job(), datetime.now(UTC))
    assert (ticket.how, ticket.generation) == (SubmitOutcome.STARTED, 1)
    late = create_task(told(log))
    again = await taken(log)
    assert (again.job.photos, again.attempt) == ((PHOTO,), 1)
    await log.append(again, drafts("abc"))
    await log.finish(again, datetime.now(UTC) + DAY)
    assert names(await late) == "abc"
    assert names(await told(log)) == "abc"


async def test_run_can_be_abandoned_again_and_again(log: Log):
    """Each abandoning ends the followers of its time, and none of a later one."""
    for _ in range(3):
        lease = await started(log)
        await log.append(lease, drafts("a"))
        following = create_task(told(log))
        await asyncio.sleep(0.02)
        assert not following.done()
        await log.abandon(lease)
        assert names(await following) == "a"


async def test_silent_worker_loses_its_run(open_log: OpenLog):
    """A lease that is not renewed passes to the next who claims, and the late one is refused."""
    log = await open_log(lease_seconds=0.6)
    late = await started(log)
    await log.append(late, drafts("ab"))
    following = create_task(told(log))
    fresh = await log.claim("w2", 3)
    assert fresh is not None
    assert fresh.token > late.token
    assert (fresh.generation, fresh.attempt, fresh.job) == (1, 2, late.job)
    for refused in (log.append(late, drafts("x")), log.renew(late), log.finish(late, datetime.now(UTC))):
        with pytest.raises(LeaseLost):
            await refused
    await log.append(fresh, drafts("bc"))
    await log.finish(fresh, datetime.now(UTC) + DAY)
    assert names(await following) == "abc"


async def test_renewed_lease_stays(open_log: OpenLog):
    """A worker that renews in time keeps its run, however long that takes."""
    log = await open_log(lease_seconds=0.6)
    lease = await started(log)
    for _ in range(5):
        assert await log.claim("w2", 0.2) is None
        await log.renew(lease)
    await log.append(lease, drafts("a"))


async def test_lease_ends_with_the_run(log: Log):
    """Nothing can be appended to a run that is over."""
    lease = await started(log)
    await log.finish(lease, datetime.now(UTC) + DAY)
    for refused in (log.append(lease, drafts("x")), log.renew(lease), log.hand_back(lease)):
        with pytest.raises(LeaseLost):
            await refused
    assert await told(log) == []


async def test_handed_back_job_is_first(log: Log):
    """A job that was handed back is claimed before all others, at once, and that is its first attempt."""
    first = await started(log, "one")
    await log.submit(job("two"), datetime.now(UTC))
    await log.hand_back(first)
    assert await log.waiting() == 2
    again = await taken(log)
    assert (again.job.key, again.attempt) == ("one", 1)
    with pytest.raises(LeaseLost):
        await log.append(first, drafts("x"))


async def test_claim_waits_for_a_job(log: Log):
    """A worker that waits gets a job when it is submitted; without any it gets None in time."""
    assert await log.claim("w", 0.05) is None
    claiming = create_task(log.claim("w", 5))
    await asyncio.sleep(0.05)
    await log.submit(job(), datetime.now(UTC))
    lease = await asyncio.wait_for(claiming, 2)
    assert isinstance(lease, Lease)


async def test_each_job_goes_to_one_worker(log: Log):
    """Workers that claim at once get different jobs."""
    for number in range(8):
        await log.submit(job(f"run{number}"), datetime.now(UTC))
    leases = await asyncio.gather(*(log.claim(f"w{number}", 2) for number in range(8)))
    assert len({lease.job.key for lease in leases if lease}) == 8


async def test_clients_take_turns(log: Log):
    """One client's many jobs do not hold up another's one."""
    for key in ("a1", "a2", "a3"):
        await log.submit(job(key, "a"), datetime.now(UTC))
    await log.submit(job("b1", "b"), datetime.now(UTC))
    order = [(await taken(log)).job.key for _ in range(4)]
    assert order == ["a1", "b1", "a2", "a3"]


async def test_queue_is_bounded(open_log: OpenLog):
    """A full queue says when to come back, and takes more once a worker took one."""
    log = await open_log(queue=2, run_deadline_seconds=90)
    await log.submit(job("one"), datetime.now(UTC))
    await log.submit(job("two"), datetime.now(UTC))
    with pytest.raises(Busy) as busy:
        await log.submit(job("three"), datetime.now(UTC))
    assert busy.value.retry_after is not None
    assert 1 <= busy.value.retry_after <= 90
    assert (await log.submit(job("two"), datetime.now(UTC))).how is SubmitOutcome.JOINED
    await taken(log)
    assert (await log.submit(job("three"), datetime.now(UTC))).how is SubmitOutcome.STARTED


async def test_one_client_cannot_fill_the_queue(open_log: OpenLog):
    """A client over its share is refused until a run of its own has ended; others are not."""
    log = await open_log(queue_per_client=2)
    await log.submit(job("one", "greedy"), datetime.now(UTC))
    await log.submit(job("two", "greedy"), datetime.now(UTC))
    lease = await taken(log)
    with pytest.raises(Busy):
        await log.submit(job("three", "greedy"), datetime.now(UTC))
    await log.submit(job("four", "modest"), datetime.now(UTC))
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert (await log.submit(job("three", "greedy"), datetime.now(UTC))).how is SubmitOutcome.STARTED


async def test_retry_after_follows_the_pace(open_log: OpenLog):
    """Once runs have ended quickly, a full queue promises a place soon."""
    log = await open_log(queue=1, run_deadline_seconds=90)
    await finished(log, "quick")
    await log.submit(job("one"), datetime.now(UTC))
    with pytest.raises(Busy) as busy:
        await log.submit(job("two"), datetime.now(UTC))
    assert busy.value.retry_after == 1


async def test_renew_tells_whether_anybody_listens(log: Log):
    """A run is listened to for as long as somebody said."""
    lease = await started(log)
    assert not await log.renew(lease)
    await log.watch(["run", "other"], 0.3)
    assert await log.renew(lease)
    await asyncio.sleep(0.4)
    assert not await log.renew(lease)


async def test_head_tells_a_run_at_a_glance(log: Log):
    """State, generation and number of entries are told at every moment of a run."""
    now = datetime.now(UTC)
    assert await log.head("run") is None
    await log.submit(job(), now)
    seen = [await log.head("run")]
    lease = await taken(log)
    await log.append(lease, drafts("ab"))
    seen.append(await log.head("run"))
    await log.finish(lease, now + DAY)
    seen.append(await log.head("run"))
    assert [(head.state, head.entries, head.generation) for head in seen if head] == [
        (RunState.QUEUED, 0, 1),
        (RunState.RUNNING, 2, 1),
        (RunState.COMPLETE, 2, 1),
    ]
    assert [head.fresh_until for head in seen if head] == [None, None, now + DAY]
    assert {head.created_at for head in seen if head} == {now}


async def test_heads_are_listed_newest_first(log: Log):
    """Runs are listed a page at a time, each once, also those of one moment."""
    now = datetime.now(UTC)
    for number in range(5):
        await log.submit(job(f"run{number}"), now + timedelta(seconds=number // 2))
    pages, before = [], None
    while page := await log.heads(2, before):
        pages.append([head.key for head in page])
        before = page[-1]
    assert pages == [["run4", "run3"], ["run2", "run1"], ["run0"]]


async def test_forgotten_run_is_gone(log: Log):
    """Forgetting removes a finished run; the next submit starts it anew."""
    await finished(log)
    assert await log.forget("run")
    assert not await log.forget("run")
    assert await log.head("run") is None
    assert await log.heads(10) == []
    with pytest.raises(NotFound):
        await told(log)
    assert (await log.submit(job(), datetime.now(UTC))).how is SubmitOutcome.STARTED
    lease = await taken(log)
    await log.append(lease, drafts("x"))
    await log.finish(lease, datetime.now(UTC) + DAY)
    assert names(await told(log)) == "x"


async def test_forgotten_run_stops(log: Log):
    """Forgetting a running or waiting run ends its followers and its worker's lease."""
    lease = await started(log)
    await log.append(lease, drafts("a"))
    await log.submit(job("waits"), datetime.now(UTC))
    following = create_task(told(log))
    await asyncio.sleep(0.02)
    assert await log.forget("run")
    assert await log.forget("waits")
    assert names(await asyncio.wait_for(following, 2)) == "a"
    with pytest.raises(LeaseLost):
        await log.append(lease, drafts("b"))
    assert await log.claim("w", 0.05) is None
    assert await log.waiting() == 0


async def test_least_recently_used_run_goes_first(open_log: OpenLog):
    """Over the bound of runs, the one that was not used for longest goes; live ones never."""
    log = await open_log(kept_runs=2)
    live = await started(log, "live")
    for key in ("one", "two"):
        await finished(log, key)
        await asyncio.sleep(0.002)
    await log.abandon(live)
    assert await log.head("one") is None
    await finished(log, "three")
    assert [key for key in ("live", "two", "three") if await log.head(key)] == ["live", "three"]


async def test_bytes_are_bounded(open_log: OpenLog):
    """Over the bound of bytes, the oldest runs go."""
    log = await open_log(kept_bytes=400)
    for number in range(5):
        await finished(log, f"run{number}", "abcdef")
        await asyncio.sleep(0.002)
    kept = [head.key for head in await log.heads(10)]
    assert 1 <= len(kept) <= 2
    assert kept[0] == "run4"


async def test_old_runs_go(open_log: OpenLog):
    """A finished run is kept for the days that the settings name."""
    log = await open_log(kept_days=0.4 / 86_400)
    await finished(log)
    assert await log.head("run")
    await asyncio.sleep(0.5)
    assert await log.head("run") is None
    assert await log.heads(10) == []


async def test_results_are_kept_for_their_lifetime(log: Log):
    """A stage's result is told until its time is over, and the last one kept counts."""
    now = datetime.now(UTC)
    assert await log.recall("offers", now) is None
    await log.keep("offers", b"old", now + DAY)
    await log.keep("offers", b"\x00new", now + DAY)
    assert await log.recall("offers", now) == b"\x00new"
    assert await log.recall("offers", now + 2 * DAY) is None


async def test_results_are_bounded(open_log: OpenLog):
    """So many results are kept at most, and the least recently used goes first."""
    log = await open_log(kept_runs=1)
    now = datetime.now(UTC)
    for number in range(12):
        await log.keep(f"stage{number}", b"x", now + DAY)
        await asyncio.sleep(0.002)
    kept = [number for number in range(12) if await log.recall(f"stage{number}", now)]
    assert kept == list(range(4, 12))


async def test_one_owner_makes_a_result(log: Log):
    """The right to make a result has one owner, until it is given back or its time is over."""
    assert await log.reserve("offers", "me", 5)
    assert await log.reserve("offers", "me", 0.2)
    assert not await log.reserve("offers", "you", 5)
    await log.release("offers", "you")
    assert not await log.reserve("offers", "you", 5)
    await asyncio.sleep(0.3)
    assert await log.reserve("offers", "you", 5)
    await log.release("offers", "you")
    assert await log.reserve("offers", "me", 5)


async def test_log_is_ready(log: Log):
    """A log that is open can be written."""
    assert await log.ready()
