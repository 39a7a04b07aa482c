"""What one run used, which of its stages really ran, and how it ended.

They are passed as values, because Rx does not carry context variables to the run that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import TypeVar

from pydantic import BaseModel

from lens_rx.clients.protocols import (
    Answer,
    FailedCallUsage,
    ImageMatches,
    ImageSearch,
    Model,
    Question,
    SearchAnswer,
    Usage,
    WebSearch,
)
from lens_rx.facts import Complete, Fact, Failed, Outcome, Photo, Progress, Stage
from lens_rx.facts.errors import StageError
from lens_rx.metrics import Metrics
from lens_rx.runs.freshness import Freshness

T = TypeVar("T", bound=BaseModel)


@dataclass(slots=True)
class UsageMeter:
    """Tokens and cost of one run, and the stages that ran."""

    metrics: Metrics
    tokens: int = 0
    cost_usd: float = 0.0
    model: str = ""
    ran: set[str] = field(default_factory=set)

    def record_call(self, stage: Stage, usage: Usage) -> None:
        """Record a model call."""
        self.tokens += usage.prompt_tokens + usage.completion_tokens
        self.cost_usd += usage.cost_usd
        self.metrics.model_tokens.labels(stage, "prompt").inc(usage.prompt_tokens)
        self.metrics.model_tokens.labels(stage, "completion").inc(usage.completion_tokens)
        for kind, tokens in (("cached", usage.cached_tokens), ("reasoning", usage.reasoning_tokens)):
            if tokens:
                self.metrics.model_tokens.labels(stage, kind).inc(tokens)

    def record_stage(self, progress: Progress) -> None:
        """Record the end of a stage that really ran."""
        if progress.state not in ("started", "skipped") and progress.stage in self.ran:
            self.metrics.stage_seconds.labels(progress.stage, progress.state).observe(progress.seconds)


@dataclass(frozen=True, slots=True)
class MeteredModel:
    """A model whose calls are recorded under one stage."""

    model: Model
    usage: UsageMeter
    stage: Stage

    async def complete(self, question: Question[T]) -> Answer[T]:
        """Call the model and record what it used, also where the answer is refused."""
        with _recorded(self.usage, self.stage):
            answer = await self.model.complete(question)
        self.usage.record_call(self.stage, answer.usage)
        self.usage.model = answer.model
        return answer


@dataclass(frozen=True, slots=True)
class MeteredSearch:
    """A web search whose costs are recorded under one stage."""

    source: WebSearch
    usage: UsageMeter
    stage: Stage

    async def search(self, query: str, country: str) -> SearchAnswer:
        """Search, and record what it cost, also where it failed."""
        with _recorded(self.usage, self.stage):
            answer = await self.source.search(query, country)
        self.usage.record_call(self.stage, answer.usage)
        return answer


@dataclass(frozen=True, slots=True)
class MeteredImageSearch:
    """A photo search whose costs are recorded under one stage."""

    source: ImageSearch
    usage: UsageMeter
    stage: Stage

    async def search_image(self, photo: Photo) -> ImageMatches:
        """Search, and record what it cost, also where it failed."""
        with _recorded(self.usage, self.stage):
            found = await self.source.search_image(photo)
        self.usage.record_call(self.stage, found.usage)
        return found


@contextmanager
def _recorded(meter: UsageMeter, stage: Stage) -> Iterator[None]:
    """Record what a call cost that fails."""
    try:
        yield
    except StageError as error:
        if isinstance(error.__cause__, FailedCallUsage):
            meter.record_call(stage, error.__cause__.usage)
        raise


@dataclass(slots=True)
class RunOutcome:
    """How one generation ended, and until when it is fresh."""

    usage: UsageMeter
    freshness: Freshness
    started_at: float = field(default_factory=monotonic)
    failures: list[Failed] = field(default_factory=list)
    stale_at: list[datetime] = field(default_factory=list)

    def record(self, facts: Iterable[Fact]) -> None:
        """Record facts that are about to be stored."""
        for fact in facts:
            if isinstance(fact, Progress):
                self.usage.record_stage(fact)
            elif isinstance(fact, Failed):
                self._record_failure(fact)
            if stale_at := self.freshness.stale_at(fact):
                self.stale_at.append(stale_at)

    def complete(self) -> Complete:
        """Return the last fact."""
        outcome = outcome_of(self.failures)
        seconds = round(monotonic() - self.started_at, 3)
        cost_usd = round(self.usage.cost_usd, 6)
        return Complete(outcome, seconds, self.usage.tokens, cost_usd, self.usage.model)

    def fresh_until(self) -> datetime:
        """Return when the next submit starts a new generation."""
        return self.freshness.run_fresh_until(self.stale_at, self.failures)

    def _record_failure(self, failed: Failed) -> None:
        self.failures.append(failed)
        self.usage.metrics.errors.labels(failed.stage, failed.outcome).inc()


def outcome_of(failures: Iterable[Failed]) -> Outcome:
    """Return the outcome of a run: that of the first stage that failed; a failed part of one counts not."""
    return next((it.outcome for it in failures if it.stage in list(Stage)), Outcome.OK)
