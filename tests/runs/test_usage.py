"""What a generation came to: its cost, which stages really ran, how it ended and how long it is fresh."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lens_rx.clients.protocols import Answer, FailedCallUsage, Question, Usage
from lens_rx.facts import (
    Decider,
    Fact,
    Failed,
    Identity,
    Offers,
    Outcome,
    ProducerPage,
    Product,
    Progress,
    Retail,
    Stage,
)
from lens_rx.facts.errors import UpstreamError
from lens_rx.metrics import Metrics
from lens_rx.operators.producer import ChoiceAnswer
from lens_rx.runs.freshness import Freshness
from lens_rx.runs.usage import MeteredModel, RunOutcome, UsageMeter
from lens_rx.settings import Settings

SETTINGS = Settings(kept_days=365, look_days=300, retail_days=7, offers_days=1)


@pytest.fixture
def account() -> RunOutcome:
    return RunOutcome(UsageMeter(Metrics()), Freshness(SETTINGS))


def sample(account: RunOutcome, name: str, **labels: str) -> float | None:
    return account.usage.metrics.registry.get_sample_value(name, labels)


class Model:
    """Answers, and says what it took."""

    async def complete(self, question: Question[Any]) -> Answer[Any]:
        return Answer(question.answer.model_validate({}), Usage(100, 20, 0.25))


async def test_model_calls_are_entered_under_their_stage(account: RunOutcome):
    """Tokens and cost of each call are summed for the run and counted by stage and kind."""
    for stage in (Stage.IDENTIFY, Stage.IDENTIFY, Stage.RETAIL):
        await MeteredModel(Model(), account.usage, stage).complete(Question("?", ChoiceAnswer))
    complete = account.complete()
    assert (complete.tokens, complete.cost_usd) == (360, 0.75)
    assert sample(account, "lens_rx_model_tokens_total", stage="identify", kind="prompt") == 200
    assert sample(account, "lens_rx_model_tokens_total", stage="retail", kind="completion") == 20


async def test_cached_and_reasoning_tokens_are_counted_beside_the_others(account: RunOutcome):
    """The parts of the tokens that were cached, or reasoning, have kinds of their own and add nothing to the sum."""

    class Reasoning(Model):
        async def complete(self, question: Question[Any]) -> Answer[Any]:
            usage = Usage(100, 20, 0.25, cached_tokens=60, reasoning_tokens=15)
            return Answer(question.answer.model_validate({}), usage, "gpt-6-luna")

    await MeteredModel(Reasoning(), account.usage, Stage.IDENTIFY).complete(Question("?", ChoiceAnswer))
    assert sample(account, "lens_rx_model_tokens_total", stage="identify", kind="prompt") == 100
    assert sample(account, "lens_rx_model_tokens_total", stage="identify", kind="cached") == 60
    assert sample(account, "lens_rx_model_tokens_total", stage="identify", kind="reasoning") == 15
    complete = account.complete()
    assert (complete.tokens, complete.model) == (120, "gpt-6-luna")


async def test_a_model_call_without_use_is_paid_for(account: RunOutcome):
    """What a call took is entered also where its answer could not be used; a call without answer took nothing."""

    class Rambling(Model):
        async def complete(self, question: Question[Any]) -> Answer[Any]:
            raise UpstreamError(question.task) from FailedCallUsage(Usage(100, 20, 0.25))

    class Silent(Model):
        async def complete(self, question: Question[Any]) -> Answer[Any]:
            raise UpstreamError(question.task)

    for model in (Rambling(), Silent()):
        with pytest.raises(UpstreamError):
            await MeteredModel(model, account.usage, Stage.RETAIL).complete(Question("?", ChoiceAnswer))
    complete = account.complete()
    assert (complete.tokens, complete.cost_usd) == (120, 0.25)
    assert sample(account, "lens_rx_model_tokens_total", stage="retail", kind="prompt") == 100


def test_only_stages_that_really_ran_are_measured(account: RunOutcome):
    """The end of a stage counts once where it ran; one told from what is kept, started or skipped does not."""
    account.usage.ran.add("lens")
    account.record(
        Progress(stage, state, 1.5) for stage in ("lens", "offers") for state in ("started", "skipped", "ok")
    )
    assert sample(account, "lens_rx_stage_seconds_count", stage="lens", outcome="ok") == 1
    assert sample(account, "lens_rx_stage_seconds_sum", stage="lens", outcome="ok") == 1.5
    assert sample(account, "lens_rx_stage_seconds_count", stage="offers", outcome="ok") is None


def test_the_first_failed_stage_says_how_a_run_ended(account: RunOutcome):
    """A part that failed does not; the first whole stage does; each is counted."""
    assert account.complete().outcome is Outcome.OK
    account.record([Failed("offers.ebay", Outcome.BLOCKED, "captcha")])
    assert account.complete().outcome is Outcome.OK
    account.record([Failed("lens", Outcome.TIMEOUT, "slow"), Failed("retail", Outcome.DRIFT, "odd")])
    assert account.complete().outcome is Outcome.TIMEOUT
    assert sample(account, "lens_rx_errors_total", where="offers.ebay", kind="blocked") == 1


FRESH: dict[str, tuple[Fact, float]] = {
    "a name": (Identity("A", "B", decider=Decider.MODEL), 300),
    "offers": (Offers(()), 1),
    "no offers": (Progress("offers", "empty"), 1),
    "a page": (ProducerPage("http://a.test/", "A"), 7),
    "no page": (Progress("producer", "empty"), 7),
    "retail": (Retail("http://a.test/", Product()), 7),
    "no retail": (Progress("retail", "empty"), 7),
    "a start": (Progress("offers", "started"), 365),
    "a verified nothing": (Failed("identify", Outcome.EMPTY, "nothing"), 365),
}


@pytest.mark.parametrize(("fact", "days"), FRESH.values(), ids=FRESH)
def test_a_run_is_fresh_as_long_as_what_it_found(account: RunOutcome, fact: Fact, days: float):
    """What was found, and that nothing was, ages by its own lifetime; the first to age ends the run's."""
    account.record([fact])
    assert account.fresh_until() - datetime.now(UTC) == pytest.approx(
        timedelta(days=days), abs=timedelta(minutes=1)
    )


def test_what_was_read_before_ages_from_then(account: RunOutcome):
    """A kept result counts from when it was read, not from when it is told."""
    read = datetime.now(UTC) - timedelta(hours=20)
    account.record([Identity("A", "B"), Offers((), observed_at=read)])
    assert account.fresh_until() == read + timedelta(days=1)


@pytest.mark.parametrize(
    "failed", [Failed("lens", Outcome.BLOCKED, "x"), Failed("offers.ebay", Outcome.ERROR, "x")]
)
def test_a_failure_leaves_nothing_fresh(account: RunOutcome, failed: Failed):
    """After a failure of a stage or a part of it, the next asking begins a new generation."""
    account.record([Identity("A", "B"), failed])
    assert account.fresh_until() <= datetime.now(UTC)
