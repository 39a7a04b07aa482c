"""A wall clock that is set while a run goes on fails no stage, and leaves none without a deadline."""

from __future__ import annotations

import ast
import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from reactivex.scheduler import scheduler

from lens_rx.clients.http.crawl_policy import HostCooldown
from lens_rx.facts import AnalysisState, Fact, Failed, Identity, Item, Matches, Options, Outcome, Progress
from lens_rx.facts.errors import Blocked
from lens_rx.graph import Steps, analysis
from lens_rx.reactive.interop import loop_scheduler, to_async_iterable
from lens_rx.reactive.stage import StageFunction, Step, single_fact

PACKAGE = Path(__file__).parents[2] / "lens_rx"
#: What measures time, and so never reads the clock that may be set.
TIMED = ("reactive/", "graph.py", "storage/local/", "clients/browser/", "clients/http/crawl_policy.py")


class WallClock:
    """The wall clock as Rx sees it, which can be set."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    clock = WallClock()
    monkeypatch.setattr(scheduler, "default_now", clock.now)
    return clock


def step(work: StageFunction[Fact]) -> Step:
    return Step(single_fact(work), deadline_seconds=5.0)


async def run(lens: StageFunction[Fact], identify: StageFunction[Fact], *, run_seconds: float) -> list[Fact]:
    idle = Step(lambda source: source, should_run=lambda _: False)
    steps = Steps(step(lens), idle, step(identify), idle, idle, idle, idle, run_seconds=run_seconds)
    return [fact async for fact in to_async_iterable(analysis(Item((), Options()), steps))]


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
async def test_no_stage_fails_by_it(wall_clock: WallClock, jump: timedelta):
    """Set by a day in the middle of a run, the next stages have the time that they had, and take none in the reports."""

    async def lens(_: AnalysisState) -> Fact:
        wall_clock.ahead = jump
        return Matches(())

    async def identify(_: AnalysisState) -> Fact:
        await asyncio.sleep(1.2)  # longer than a stage gets after the run's deadline
        return Identity("Acme", "Hike 2")

    facts = await run(lens, identify, run_seconds=30)
    assert not [fact for fact in facts if isinstance(fact, Failed)]
    assert Identity("Acme", "Hike 2") in facts
    assert all(0 <= (fact.seconds or 0) < 30 for fact in facts if isinstance(fact, Progress))


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
async def test_no_stage_is_left_without_a_deadline(wall_clock: WallClock, jump: timedelta):
    """Set by a day, the run's deadline still ends a stage that never would."""

    async def lens(_: AnalysisState) -> Fact:
        wall_clock.ahead = jump
        return Matches(())

    async def identify(_: AnalysisState) -> Fact:
        await asyncio.Event().wait()
        raise AssertionError

    began = time.monotonic()
    facts = await run(lens, identify, run_seconds=1.5)
    assert 1.0 <= time.monotonic() - began < 4
    assert [fact.outcome for fact in facts if isinstance(fact, Failed)] == [Outcome.TIMEOUT]


async def test_the_time_of_stages_is_the_loops(wall_clock: WallClock):
    """The scheduler of the graph does not look at the wall clock."""
    before = loop_scheduler().now
    wall_clock.ahead = timedelta(days=365)
    assert loop_scheduler().now - before < timedelta(seconds=5)


def test_a_cooldown_is_measured_by_no_wall_clock():
    """How long a site rests is asked of the monotonic clock."""
    now = [0.0]
    cooldown = HostCooldown(60, lambda: now[0])
    cooldown.begin("http://a.example/", "captcha")
    now[0] = 59.0
    with pytest.raises(Blocked, match="1 s more"):
        cooldown.check("http://a.example/")
    assert HostCooldown.__init__.__defaults__ == (time.monotonic,)


def reads_wall_clock(path: Path) -> bool:
    """Return whether a module asks for the present date or time: `datetime.now`, `date.today`, `time.time`."""
    names = {("datetime", "now"), ("date", "today"), ("time", "time"), ("datetime", "utcnow")}
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in names
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_what_measures_time_reads_no_wall_clock():
    """Deadlines, leases, cooldowns and health checks do not ask for the present date."""
    modules = {str(path.relative_to(PACKAGE)): path for path in PACKAGE.rglob("*.py")}
    assert not [name for name, path in modules.items() if name.startswith(TIMED) and reads_wall_clock(path)]
    assert reads_wall_clock(modules["runs/freshness.py"])
