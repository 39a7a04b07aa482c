"""Those who want one result at once share one make, whoever of them leaves, and whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lens_rx.facts import Decider, Identity
from lens_rx.facts.errors import Blocked, NoResults, StageError, Unavailable, UpstreamError
from lens_rx.reactive.interop import create_task, wait_all
from lens_rx.runs.freshness import Lifetime
from lens_rx.runs.keys import key_of
from lens_rx.runs.stage_cache import StageCache
from lens_rx.settings import Settings
from lens_rx.storage import retry_unavailable
from lens_rx.storage.memory import MemoryStorage

Wanted = Callable[[str], Coroutine[Any, Any, Identity]]


class Make:
    """A make that waits for its gate; `ends` are its ends in order, the last one for ever."""

    def __init__(self, *ends: Exception | Identity) -> None:
        self.ends = list(ends) or [Identity("Acme", "Hike 2")]
        self.gate = asyncio.Event()
        self.calls = self.cancelled = 0

    async def __call__(self, _: str) -> Identity:
        self.calls += 1
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(end, Exception):
            raise end
        return end


def kept(make: Make, storage: MemoryStorage | None = None, **how: Any) -> Wanted:
    how = {"lifetime": Lifetime(60.0, 60.0)} | how
    return StageCache(storage or MemoryStorage(Settings()), "here", 5.0).cached(make, str, **how)


async def settled() -> None:
    """Let everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_hundred_at_once_make_once():
    """A hundred who want the same at once have one make, and each is told the same."""
    make, begun = Make(), []
    wanted = kept(make, begun=lambda: begun.append(1))
    asking = [create_task(wanted("boot")) for _ in range(100)]
    await settled()
    make.gate.set()
    found = await asyncio.gather(*asking)
    assert make.calls == len(begun) == 1
    assert len({(it.model, it.observed_at) for it in found}) == 1
    assert found[0].observed_at is not None


async def test_the_leader_leaves_and_harms_nobody():
    """Who asked first may leave; the make goes on for the others."""
    make = Make()
    wanted = kept(make)
    leader, other = create_task(wanted("boot")), create_task(wanted("boot"))
    await settled()
    leader.cancel()
    await settled()
    make.gate.set()
    assert (await other).model == "Hike 2"
    assert (make.calls, make.cancelled) == (1, 0)


async def test_the_last_to_leave_ends_the_make():
    """When nobody is left the make is cancelled, and the next who asks has one of his own."""
    make = Make()
    wanted = kept(make)
    asking = [create_task(wanted("boot")) for _ in range(3)]
    await settled()
    for task in asking:
        task.cancel()
    again = create_task(wanted("boot"))
    await settled()
    assert make.cancelled == 1
    make.gate.set()
    assert (await again).model == "Hike 2"
    assert make.calls == 2


async def test_a_cancelled_make_does_not_forget_the_next_one():
    """The end of a cancelled make leaves the one that began after it to be shared."""
    make = Make()
    wanted = kept(make)
    first = create_task(wanted("boot"))
    await settled()
    first.cancel()
    second = create_task(wanted("boot"))
    await settled()
    third = create_task(wanted("boot"))
    await settled()
    make.gate.set()
    await asyncio.gather(second, third)
    assert make.calls == 2


async def test_what_breaks_in_anothers_hands_is_made_in_our_own():
    """A leader whose photo is gone breaks the make for himself; the one who waits makes it again."""
    make = Make(FileNotFoundError("photo"), Identity("Acme", "Hike 2"))
    wanted = kept(make)
    leader, other = create_task(wanted("boot")), create_task(wanted("boot"))
    await settled()
    make.gate.set()
    with pytest.raises(FileNotFoundError):
        await leader
    assert (await other).model == "Hike 2"
    assert make.calls == 2


@pytest.mark.parametrize(
    "error", [Blocked("captcha"), UpstreamError("down", transient=True), NoResults("none")]
)
async def test_a_failure_is_kept_as_it_was(error: StageError):
    """A failure is told again, with its outcome and words, and not tried by the next who asks."""
    make = Make(error)
    make.gate.set()
    wanted = kept(make)
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)):
            await wanted("boot")
    assert make.calls == 1


async def test_a_failure_lives_shortly_and_an_empty_end_long():
    """A failure is believed for its own short life; that there is nothing is believed as long as a result."""
    for error, calls in ((Blocked("captcha"), 2), (NoResults("none"), 1)):
        make = Make(error)
        make.gate.set()
        wanted = kept(make, lifetime=Lifetime(60.0, 0.0))
        for _ in range(2):
            with pytest.raises(StageError):
                await wanted("boot")
        assert make.calls == calls


async def test_asked_again_a_failure_does_not_count():
    """Who asks again believes no failure, but every result and every verified nothing."""
    storage = MemoryStorage(Settings())
    for name, end, calls in (
        ("a", Blocked("captcha"), 1),
        ("b", NoResults("none"), 0),
        ("c", Identity("A", "B"), 0),
    ):
        first = Make(end)
        first.gate.set()
        again = Make()
        again.gate.set()
        for make, failures in ((first, True), (again, False)):
            try:
                await kept(make, storage, failures=failures)(name)
            except StageError as error:
                assert error.outcome is end.outcome  # noqa: PT017  # which of the ends fails is the case's
        assert again.calls == calls


async def test_a_makeshift_result_lives_as_shortly_as_a_failure():
    """A provisional result is told, and made again once a failure would be."""
    make = Make(Identity("A", "B", decider=Decider.CONSENSUS))
    make.gate.set()
    wanted = kept(make, lifetime=Lifetime(60.0, 0.0), provisional=lambda it: it.decider is Decider.CONSENSUS)
    assert (await wanted("boot")).model == "B"
    await wanted("boot")
    assert make.calls == 2


async def test_what_cannot_be_read_is_made_again():
    """A result that an older version wrote is no result."""
    storage = MemoryStorage(Settings())
    await storage.put_result(
        "boot", b'{"kind": "Identity", "fact": {"maker": 1}}', datetime.now(UTC) + timedelta(days=1)
    )
    make = Make()
    make.gate.set()
    assert (await kept(make, storage)("boot")).model == "Hike 2"


class Away(MemoryStorage):
    """A storage that is away for the calls that are named."""

    def __init__(self, *away: str) -> None:
        super().__init__(Settings())
        for name in away:
            setattr(self, name, self._missing)

    async def _missing(self, *_: object) -> Any:
        raise Unavailable("the storage is away", 1)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch):
    """Wait for no storage."""

    async def once(call: Callable[[], Coroutine[Any, Any, Any]], _seconds: float = 0) -> Any:
        return await call()

    monkeypatch.setattr("lens_rx.runs.stage_cache.retry_unavailable", once)
    assert retry_unavailable.RETRY_SECONDS > 0


@pytest.mark.parametrize("away", ["get_result", "reserve"])
async def test_a_log_that_stays_away_ends_the_stage_typed(impatient: None, away: str):
    """A look-up that cannot be shared fails as an error that says so, not as one of our own."""
    with pytest.raises(UpstreamError, match="ask again"):
        await kept(Make(), Away(away))("boot")
    await wait_all()


@pytest.mark.parametrize("away", ["put_result", "release"])
async def test_what_was_paid_for_is_told_though_it_cannot_be_kept(impatient: None, away: str):
    """A storage that goes away behind a make takes nothing from who waited for it."""
    make = Make()
    make.gate.set()
    assert (await kept(make, Away(away))("boot")).model == "Hike 2"


def test_keys_tell_parts_apart():
    """A key depends on every part and on where one ends."""
    keys = {key_of("a", "bc"), key_of("ab", "c"), key_of("a", "b", "c"), key_of("a", ["b", "c"]), key_of("a")}
    assert len(keys) == 5
    assert key_of("a", "b") == key_of("a", "b")
