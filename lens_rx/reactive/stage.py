"""A stage of the graph: an operator with its guards, told as progress, shared, and never failing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import reactivex as rx
import structlog
from reactivex import Observable, abc
from reactivex import operators as ops
from reactivex.scheduler import CurrentThreadScheduler, ImmediateScheduler

from lens_rx.facts import Fact, Failed, Known, Outcome, Progress, Stage
from lens_rx.facts.errors import DeadlineMissed, Nothing, StageError, Unavailable
from lens_rx.reactive.interop import lazy

Operator = Callable[[Observable[Known]], Observable[Fact]]

#: What a stage gets even when the run's time is over: enough for what needs no network.
LAST_SECONDS = 1.0

#: What a user is told of an error of ours.
BROKEN = "Something went wrong here. It is logged under the run's key; trying again may help."

_log = structlog.get_logger()


def _always(_: Known) -> bool:
    return True


def _none(_: Known) -> Fact | None:
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """What a stage does: its operator, when it has what it needs, and how long it may take.

    `stand_in` may know the fact from the item alone; the stage is then skipped. `tells_nothing`: an empty end
    is a `Failed` fact for the user, not progress alone.
    """

    operator: Operator
    wanted: Callable[[Known], bool] = _always
    stand_in: Callable[[Known], Fact | None] = _none
    deadline_seconds: float = 45.0
    tells_nothing: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stage that no other builds on: its name, its step, and the stages it waits for."""

    name: str
    step: Step
    after: tuple[Stage, ...]


def awaited(make: Callable[[Known], Coroutine[Any, Any, Fact]]) -> Operator:
    """Return the operator that emits the one fact that `make` returns for what is known."""

    def one(it: Known) -> Observable[Fact]:
        return lazy(lambda: make(it))

    def operator(source: Observable[Known]) -> Observable[Fact]:
        return source.pipe(ops.flat_map(one))

    return operator


def together(*nodes: Observable[Fact]) -> Observable[Fact]:
    """Return the facts of all nodes, merged; subscribes to every one at once.

    `rx.merge` would go through the scheduler first, and come too late to a node that has its fact at hand.
    """
    return rx.from_iterable(nodes, ImmediateScheduler.singleton()).pipe(ops.merge_all())


def stage(name: str, step: Step, it: Known, run_seconds: float, *after: Observable[Fact]) -> Observable[Fact]:
    """Return the facts of one stage: `Progress` first and last, a failure as a `Failed` among them.

    It starts when all of `after` have ended, failed ones included, with what they told. It is skipped
    where the step does not want that, and at once where a fact stands in for it. It fails as `timeout`
    after the step's own deadline, or `run_seconds` after the graph was subscribed.
    """

    def subscribed(scheduler: abc.SchedulerBase | None) -> Observable[Fact]:
        clock = scheduler or CurrentThreadScheduler.singleton()
        ends = clock.now + timedelta(seconds=run_seconds)

        def perform(known: Known) -> Observable[Fact]:
            return _Performance(name, step, clock, ends).facts(known)

        return together(*after).pipe(ops.reduce(Known.learn, it), ops.flat_map(perform))

    given = step.stand_in(it)
    facts = rx.of(given, Progress(name, "skipped")) if given else rx.defer(subscribed)
    return facts.pipe(ops.share())


class _Performance:
    """One stage that runs once: measures it, and turns its end into facts."""

    def __init__(self, name: str, step: Step, clock: abc.SchedulerBase, ends: datetime) -> None:
        self._name = name
        self._step = step
        self._clock = clock
        self._ends = ends
        self._began = clock.now
        self._outcome = Outcome.OK

    def facts(self, it: Known) -> Observable[Fact]:
        if not self._step.wanted(it):
            return rx.of(Progress(self._name, "skipped"))
        return rx.concat(
            rx.of(Progress(self._name, "started")),
            rx.of(it).pipe(
                self._step.operator,
                _within(self._seconds_left()),
                ops.catch(lambda error, _: self._failure(error)),
                ops.do_action(self._note),
            ),
            rx.defer(lambda _: rx.of(self._end())),
        )

    def _seconds_left(self) -> float:
        of_the_run = (self._ends - self._clock.now).total_seconds()
        return min(self._step.deadline_seconds, max(of_the_run, LAST_SECONDS))

    def _failure(self, error: Exception) -> Observable[Fact]:
        if isinstance(error, Nothing) and not self._step.tells_nothing:
            self._outcome = Outcome.EMPTY
            return rx.empty()
        if isinstance(error, Unavailable):
            return rx.throw(error)  # no fact could be written: the run waits for a worker with a log
        if isinstance(error, StageError):
            return rx.of(Failed(self._name, error.outcome, str(error)))
        # an error of ours: its words are for the log, not for the user
        _log.error("stage broke", stage=self._name, exc_info=error)
        return rx.of(Failed(self._name, Outcome.ERROR, BROKEN))

    def _note(self, fact: Fact) -> None:
        if isinstance(fact, Failed) and fact.stage == self._name:
            self._outcome = fact.outcome

    def _end(self) -> Progress:
        seconds = (self._clock.now - self._began).total_seconds()
        return Progress(self._name, str(self._outcome), round(seconds, 3))


def _within(seconds: float) -> Callable[[Observable[Fact]], Observable[Fact]]:
    """Fail as `timeout` when the source has not ended after so many seconds."""
    missed = DeadlineMissed(f"This took longer than {round(seconds, 1):g} s. Trying again may help.")

    def operator(source: Observable[Fact]) -> Observable[Fact]:
        alarm = rx.timer(seconds).pipe(ops.flat_map(lambda _: rx.throw(missed)))
        return rx.merge(source.pipe(ops.materialize()), alarm).pipe(ops.dematerialize())

    return operator
