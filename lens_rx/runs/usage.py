"""What one run costs, and which of its stages really ran: kept as values, because context is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

from pydantic import BaseModel

from lens_rx.clients.protocols import Answer, FailedCallUsage, Model, Question, Usage
from lens_rx.facts import (
    Complete,
    Fact,
    Failed,
    Identity,
    Offers,
    Outcome,
    ProducerPage,
    Progress,
    Retail,
    Stage,
)
from lens_rx.facts.errors import StageError
from lens_rx.metrics import Metrics
from lens_rx.settings import Settings

T = TypeVar("T", bound=BaseModel)


@dataclass(slots=True)
class UsageMeter:
    """One run's account."""

    metrics: Metrics
    tokens: int = 0
    cost_usd: float = 0.0
    ran: set[str] = field(default_factory=set)

    def record_call(self, stage: Stage, usage: Usage) -> None:
        """Enter a model call."""
        self.tokens += usage.prompt_tokens + usage.completion_tokens
        self.cost_usd += usage.cost_usd
        self.metrics.model_tokens.labels(stage, "prompt").inc(usage.prompt_tokens)
        self.metrics.model_tokens.labels(stage, "completion").inc(usage.completion_tokens)

    def record_stage(self, progress: Progress) -> None:
        """Enter the end of a stage, where it really ran."""
        if progress.state not in ("started", "skipped") and progress.stage in self.ran:
            self.metrics.stage_seconds.labels(progress.stage, progress.state).observe(progress.seconds)


@dataclass(frozen=True, slots=True)
class MeteredModel:
    """A model whose calls are entered in a ledger under one stage."""

    model: Model
    usage: UsageMeter
    stage: Stage

    async def complete(self, question: Question[T]) -> Answer[T]:
        """Ask, and enter what it took, also where the answer was of no use."""
        try:
            answer = await self.model.complete(question)
        except StageError as error:
            if isinstance(error.__cause__, FailedCallUsage):
                self.usage.record_call(self.stage, error.__cause__.usage)
            raise
        self.usage.record_call(self.stage, answer.usage)
        return answer


@dataclass(slots=True)
class RunOutcome:
    """What one generation came to: how it ended, and until when it need not be made again."""

    usage: UsageMeter
    settings: Settings
    began: float = field(default_factory=monotonic)
    failures: list[Failed] = field(default_factory=list)
    stale_at: list[datetime] = field(default_factory=list)

    def record(self, facts: Iterable[Fact]) -> None:
        """Take note of facts on their way into the log."""
        for fact in facts:
            if isinstance(fact, Progress):
                self.usage.record_stage(fact)
            elif isinstance(fact, Failed):
                self._fail(fact)
            if days := self._days(fact):
                read_at: datetime | None = getattr(fact, "observed_at", None)
                self.stale_at.append((read_at or datetime.now(UTC)) + timedelta(days=days))

    def complete(self) -> Complete:
        """Return the last fact: the first stage that failed says how the run ended, a part of one does not."""
        stages = (fact.outcome for fact in self.failures if fact.stage in list(Stage))
        outcome = next(stages, Outcome.OK)
        seconds = round(monotonic() - self.began, 3)
        return Complete(outcome, seconds, self.usage.tokens, round(self.usage.cost_usd, 6))

    def fresh_until(self) -> datetime:
        """Return when a new asking starts a new generation: at once after a failure."""
        if any(not fact.outcome.settled for fact in self.failures):
            return datetime.now(UTC)
        kept = datetime.now(UTC) + timedelta(days=self.settings.kept_days)
        return min([kept, *self.stale_at])

    def _fail(self, failed: Failed) -> None:
        self.failures.append(failed)
        self.usage.metrics.errors.labels(failed.stage, failed.outcome).inc()

    def _days(self, fact: Fact) -> float | None:
        """Return how long a fact stays fresh; that there is nothing stays so no longer than what there is."""
        match fact:
            case Offers() | Progress(Stage.OFFERS, Outcome.EMPTY):
                return self.settings.offers_days
            case ProducerPage() | Retail() | Progress(Stage.PRODUCER | Stage.RETAIL, Outcome.EMPTY):
                return self.settings.retail_days
            case Identity():
                return self.settings.look_days
            case _:
                return None
