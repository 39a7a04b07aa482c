"""How long results of stages, facts and whole runs are reused: every such decision is made here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lens_rx.facts import Fact, Failed, Identity, Offers, Outcome, ProducerPage, Progress, Retail, Stage
from lens_rx.settings import Settings


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a result is reused, and how long a failure."""

    seconds: float
    failure_seconds: float = 60.0

    def of_result(self, fact: Fact, *, provisional: bool) -> float:
        """Return the seconds for which a stage's result is reused; `provisional`: no longer than a failure."""
        is_settled = fact.outcome.settled if isinstance(fact, Failed) else not provisional
        return self.seconds if is_settled else self.failure_seconds


@dataclass(frozen=True, slots=True)
class Freshness:
    """The lifetimes that the settings name."""

    settings: Settings

    def lifetime(self, stage: Stage) -> Lifetime:
        """Return the lifetime of a stage's results."""
        return Lifetime(self._age(stage).total_seconds(), self.settings.failure_seconds)

    def stale_at(self, fact: Fact) -> datetime | None:
        """Return when a fact makes its run stale, None for a fact that does not.

        An empty result is fresh for as long as one that is not.
        """
        stage = _stage_of(fact)
        if stage is None:
            return None
        observed_at: datetime | None = getattr(fact, "observed_at", None)
        return (observed_at or datetime.now(UTC)) + self._age(stage)

    def run_fresh_until(self, stale_at: Iterable[datetime], failures: Iterable[Failed]) -> datetime:
        """Return when the next submit starts a new generation: at once after a failure that is not settled."""
        now = datetime.now(UTC)
        if any(not failure.outcome.settled for failure in failures):
            return now
        return min([now + timedelta(days=self.settings.kept_days), *stale_at])

    def _age(self, stage: Stage) -> timedelta:
        match stage:
            case Stage.OFFERS:
                return timedelta(days=self.settings.offers_days)
            case Stage.PRODUCER | Stage.RETAIL:
                return timedelta(days=self.settings.retail_days)
            case _:
                return timedelta(days=self.settings.look_days)


def _stage_of(fact: Fact) -> Stage | None:
    match fact:
        case Offers() | Progress(Stage.OFFERS, Outcome.EMPTY):
            return Stage.OFFERS
        case ProducerPage() | Progress(Stage.PRODUCER, Outcome.EMPTY):
            return Stage.PRODUCER
        case Retail() | Progress(Stage.RETAIL, Outcome.EMPTY):
            return Stage.RETAIL
        case Identity():
            return Stage.IDENTIFY
        case _:
            return None
