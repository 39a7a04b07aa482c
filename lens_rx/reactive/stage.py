"""A stage of the graph: an operator with deadline and progress, shared, whose failures are facts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import reactivex as rx
import structlog
from reactivex import Observable, abc
from reactivex.disposable import CompositeDisposable, SingleAssignmentDisposable
from reactivex.scheduler import CurrentThreadScheduler

from lens_rx.facts import AnalysisState, Fact, Failed, Outcome, Progress, Stage
from lens_rx.facts.errors import NoResults, StageError, StageTimeout, Unavailable
from lens_rx.reactive.composition import fold_until_enough, share_now, then
from lens_rx.reactive.interop import from_async_iterable, from_coroutine

Operator = Callable[[Observable[AnalysisState]], Observable[Fact]]
F = TypeVar("F", bound=Fact)
#: A stage that makes one fact: raises a `StageError` where it cannot.
StageFunction = Callable[[AnalysisState], Coroutine[Any, Any, F]]

#: Seconds for a stage that starts after the run's deadline: enough for one that needs no network.
MIN_STAGE_SECONDS = 1.0

#: The message of an unexpected exception.
INTERNAL_ERROR_MESSAGE = "Something went wrong here. It is logged under the run's key; trying again may help."

_log = structlog.get_logger()


def _always(_: AnalysisState) -> bool:
    return True


def _never(_: AnalysisState) -> bool:
    return False


def _no_preset(_: AnalysisState) -> Fact | None:
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """What a stage does: its operator, whether it should run, and its deadline.

    `is_enough` tells whether what is known lets it do without the stages of `unless_enough`. `preset` may return the
    fact from the item alone; the stage is then skipped. `kept` are the facts of the stage that
    are known already, its end among them: they are emitted in its place. `report_empty`: an empty result is emitted as
    a `Failed` fact, not only as progress.
    """

    operator: Operator
    should_run: Callable[[AnalysisState], bool] = _always
    is_enough: Callable[[AnalysisState], bool] = _never
    preset: Callable[[AnalysisState], Fact | None] = _no_preset
    deadline_seconds: float = 45.0
    report_empty: bool = False
    kept: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtraStage:
    """A stage on which no other depends: its name, its step, and the stages it waits for."""

    name: str
    step: Step
    after: tuple[Stage, ...]


def single_fact(make: StageFunction[Fact]) -> Operator:
    """Return the operator that emits the one fact that `make` returns for a state."""

    def one(state: AnalysisState) -> Observable[Fact]:
        return from_coroutine(lambda: make(state))

    return then(one)


def several_facts(make: Callable[[AnalysisState], Coroutine[Any, Any, Sequence[Fact]]]) -> Operator:
    """Return the operator that emits the facts that `make` returns for a state, in their order."""

    async def each(state: AnalysisState) -> AsyncIterator[Fact]:
        for fact in await make(state):
            yield fact

    return then(lambda state: from_async_iterable(lambda: each(state)))


def stage(
    name: str,
    step: Step,
    initial: AnalysisState,
    run_seconds: float,
    *after: Observable[Fact],
    unless_enough: tuple[Observable[Fact], ...] = (),
) -> Observable[Fact]:
    """Return the facts of one stage: `Progress` first and last, a failure as a `Failed` among them.

    It starts with the state when all of `after` have ended, failed ones included, and those of `unless_enough` as well,
    unless the step does without them. It is skipped where `should_run` is false, and immediately where there is a preset
    or kept facts. It fails as `timeout` after the step's own deadline, or `run_seconds` after the graph was subscribed.
    """

    def subscribed(scheduler: abc.SchedulerBase | None) -> Observable[Fact]:
        clock = scheduler or CurrentThreadScheduler.singleton()
        deadline = clock.now + timedelta(seconds=run_seconds)

        def perform(state: AnalysisState) -> Observable[Fact]:
            return StageRun(name, step, clock, deadline).facts(state)

        state = fold_until_enough(AnalysisState.with_fact, initial, step.is_enough, after, unless_enough)
        return state.pipe(then(perform))

    preset = step.preset(initial)
    known = step.kept or ((preset, Progress(name, "skipped")) if preset else ())
    facts = rx.of(*known) if known else rx.defer(subscribed)
    return share_now(facts)


class StageRun:
    """One run of a stage: measures it and turns its end into facts."""

    def __init__(self, name: str, step: Step, clock: abc.SchedulerBase, deadline: datetime) -> None:
        self._name = name
        self._step = step
        self._clock = clock
        self._deadline = deadline
        self._started_at = clock.now
        self._outcome = Outcome.OK

    def facts(self, state: AnalysisState) -> Observable[Fact]:
        """Return the facts of the run: progress, what the operator emits, and its end."""
        if not self._step.should_run(state):
            return rx.of(Progress(self._name, "skipped"))

        def subscribe(
            observer: abc.ObserverBase[Fact], scheduler: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            observer.on_next(Progress(self._name, "started"))
            source = rx.of(state).pipe(self._step.operator)
            return self._follow(source, observer, scheduler)

        return rx.create(subscribe)

    def _follow(
        self, source: Observable[Fact], observer: abc.ObserverBase[Fact], scheduler: abc.SchedulerBase | None
    ) -> abc.DisposableBase:
        """Pass the facts on, a failure or a missed deadline as a fact, and the end."""
        running, seconds = SingleAssignmentDisposable(), self._seconds_left()

        def on_next(fact: Fact) -> None:
            self._note_outcome(fact)
            observer.on_next(fact)

        def on_error(error: Exception) -> None:
            if isinstance(error, Unavailable):
                # facts cannot be stored: the run waits for a worker whose storage answers
                observer.on_error(error)
                return
            if failed := self._to_fact(error):
                on_next(failed)
            on_completed()

        def on_completed() -> None:
            observer.on_next(self._end())
            observer.on_completed()

        def miss_deadline(*_: object) -> None:
            running.dispose()
            on_error(StageTimeout(f"This took longer than {round(seconds, 1):g} s. Trying again may help."))

        alarm = self._clock.schedule_relative(seconds, miss_deadline)
        running.disposable = source.subscribe(on_next, on_error, on_completed, scheduler=scheduler)
        return CompositeDisposable(alarm, running)

    def _seconds_left(self) -> float:
        run_seconds = (self._deadline - self._clock.now).total_seconds()
        return min(self._step.deadline_seconds, max(run_seconds, MIN_STAGE_SECONDS))

    def _to_fact(self, error: Exception) -> Failed | None:
        """Return the fact of a failure; None for an empty result that is not reported."""
        if isinstance(error, NoResults) and not self._step.report_empty:
            self._outcome = Outcome.EMPTY
            return None
        if isinstance(error, StageError):
            return Failed(self._name, error.outcome, str(error))
        # a bug: its message is for the log, not for the user
        _log.error("stage broke", stage=self._name, exc_info=error)
        return Failed(self._name, Outcome.ERROR, INTERNAL_ERROR_MESSAGE)

    def _note_outcome(self, fact: Fact) -> None:
        if isinstance(fact, Failed) and fact.stage == self._name:
            self._outcome = fact.outcome

    def _end(self) -> Progress:
        seconds = (self._clock.now - self._started_at).total_seconds()
        return Progress(self._name, str(self._outcome), round(seconds, 3))
