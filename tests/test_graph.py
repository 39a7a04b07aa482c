"""The graph as timetables: a letter is a fact, a dash a second, and subscriptions say who ran when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
import reactivex as rx
from collecting import collect
from reactivex import Observable
from reactivex import operators as ops
from reactivex.observable.marbles import parse
from reactivex.testing import Recorded, TestScheduler
from reactivex.testing.coldobservable import ColdObservable

from lens_rx.facts import (
    AnalysisState,
    Caption,
    Decider,
    Estimate,
    EstimateBasis,
    Extra,
    Fact,
    Failed,
    Identity,
    Item,
    Matches,
    Offers,
    Options,
    Outcome,
    ProducerPage,
    Product,
    Progress,
    Retail,
    Stage,
)
from lens_rx.facts.errors import Blocked, NoResults
from lens_rx.graph import Steps, analysis
from lens_rx.operators.identify import given_identity
from lens_rx.reactive.stage import INTERNAL_ERROR_MESSAGE, ExtraStage, Operator, Step, single_fact

FACTS: dict[str, Fact] = {
    "m": Matches(()),
    "c": Caption(category="boot"),
    "i": Identity("Acme", "Hike 2"),
    "u": Identity("Zeta", "Nine", decider=Decider.USER),
    "p": ProducerPage("http://acme.test/hike-2", "Hike 2"),
    "r": Retail("http://acme.test/hike-2", Product(price=Decimal(200), currency="EUR")),
    "o": Offers(()),
    "e": Estimate(Decimal(90), Decimal(80), Decimal(100), 0.5, "EUR", EstimateBasis.RETAIL, 0),
    "x": Extra("product-images", ({"url": "http://acme.test/1.jpg"},)),
    "B": Failed("lens", Outcome.BLOCKED, "a captcha"),
    "T": Failed("offers", Outcome.TIMEOUT, "This took longer than 45 s. Trying again may help."),
    "N": Failed("identify", Outcome.EMPTY, "nothing"),
    "X": Failed("retail", Outcome.ERROR, INTERNAL_ERROR_MESSAGE),
}
#: What each stage does once it starts; together, undisturbed: --m-c-i-p-r-o-(e,|)
TIMETABLE = {
    "lens": "--(m,|)",
    "describe": "----(c,|)",
    "identify": "--(i,|)",
    "producer": "--(p,|)",
    "retail": "--(r,|)",
    "offers": "------(o,|)",
    "estimate": "--(e,|)",
}
SUBSCRIBED = 200.0


@dataclass
class Graph:
    """The graph with a marble string for each stage; `known` holds what each stage was told."""

    sources: dict[str, ColdObservable[Fact]]
    steps: Steps
    scheduler: TestScheduler
    item: Item
    known: dict[str, AnalysisState] = field(default_factory=dict)

    def facts(self) -> list[Recorded[Any]]:
        """Return the facts of the run, progress apart."""
        return self._run(lambda fact: not isinstance(fact, Progress))

    def progress(self) -> dict[str, list[tuple[float, str, float]]]:
        """Return when each stage was in which state, and the seconds that it says it took."""
        rows: dict[str, list[tuple[float, str, float]]] = {name: [] for name in TIMETABLE}
        for record in self._run(lambda fact: isinstance(fact, Progress)):
            if record.value.kind == "N":
                it = record.value.value
                rows[it.stage].append((record.time - SUBSCRIBED, it.state, it.seconds))
        return rows

    def ran(self, stage: str) -> list[tuple[float, float]]:
        """Return from when to when a stage's source was subscribed."""
        return [
            (it.subscribe - SUBSCRIBED, it.unsubscribe - SUBSCRIBED)
            for it in self.sources[stage].subscriptions
        ]

    def _run(self, wanted: Callable[[Fact], bool]) -> list[Recorded[Any]]:
        facts = analysis(self.item, self.steps).pipe(ops.filter(wanted))
        return self.scheduler.start(lambda: facts).messages


def graph(
    error: Exception | None = None,
    options: Options | None = None,
    steps: dict[str, Any] | None = None,
    **rows: str,
) -> Graph:
    """Return the graph with other `rows` than the timetable's; `#` in a row is `error`."""
    scheduler = TestScheduler()
    sources = {
        name: scheduler.create_cold_observable(recorded(row, error))
        for name, row in (TIMETABLE | rows).items()
    }
    known: dict[str, AnalysisState] = {}

    def operator(name: str) -> Operator:
        def begin(it: AnalysisState) -> Observable[Fact]:
            known[name] = it
            return sources[name]

        return lambda source: source.pipe(ops.flat_map(begin))

    made = {name: Step(operator(name), **(steps or {}).get(name, {})) for name in TIMETABLE}
    return Graph(sources, Steps(**made), scheduler, Item((), options or Options()), known)


def recorded(row: str, error: Exception | None = None, shift: float = 0.0) -> list[Recorded[Any]]:
    return [Recorded(time, it) for time, it in parse(row, 1.0, shift, FACTS, error)]


def expected(row: str) -> list[Recorded[Any]]:
    return recorded(row, shift=SUBSCRIBED)


def test_every_fact_is_told_as_soon_as_it_is_known():
    """Facts come as early as their inputs allow; offers do not wait for the producer's page."""
    assert graph().facts() == expected("--m-c-i-p-r-o-(e,|)")


def test_each_stage_runs_once():
    """Stages that name one node share it: every source is subscribed once, and let go when it ends."""
    it = graph()
    it.facts()
    assert {stage: it.ran(stage) for stage in TIMETABLE} == {
        "lens": [(0, 2)],
        "describe": [(0, 4)],
        "identify": [(4, 6)],
        "producer": [(6, 8)],
        "retail": [(8, 10)],
        "offers": [(6, 12)],
        "estimate": [(12, 14)],
    }


def test_a_stage_knows_what_the_stages_it_names_have_found():
    """The estimate is told of caption, retail and offers; the lens of nothing but the item."""
    it = graph()
    it.facts()
    assert it.known["lens"] == AnalysisState(it.item)
    last = it.known["estimate"]
    assert (last.caption, last.identity, last.retail, last.offers) == tuple(FACTS[name] for name in "ciro")


def test_looking_ahead_sees_what_is_known_before_the_name_and_changes_no_fact():
    """It is called as soon as lens or describe have found something, and with the name; the facts are the same."""
    it, seen = graph(), []

    def note(state: AnalysisState) -> Observable[Any]:
        found = (state.matches, state.caption, state.identity)
        seen.append((it.scheduler.clock - SUBSCRIBED, [fact for fact in found if fact is not None]))
        return rx.empty()

    it.steps = replace(it.steps, look_ahead=note)
    assert it.facts() == expected("--m-c-i-p-r-o-(e,|)")
    assert seen == [
        (2, [FACTS["m"]]),
        (4, [FACTS["m"], FACTS["c"]]),
        (6, [FACTS["m"], FACTS["c"], FACTS["i"]]),
    ]
    assert it.ran("lens") == [(0, 2)]


def test_progress_tells_when_each_stage_started_and_how_long_it_took():
    """Each stage says started and then its end, with its own seconds."""
    assert graph().progress() == {
        "lens": [(0, "started", 0), (2, "ok", 2)],
        "describe": [(0, "started", 0), (4, "ok", 4)],
        "identify": [(4, "started", 0), (6, "ok", 2)],
        "producer": [(6, "started", 0), (8, "ok", 2)],
        "retail": [(8, "started", 0), (10, "ok", 2)],
        "offers": [(6, "started", 0), (12, "ok", 6)],
        "estimate": [(12, "started", 0), (14, "ok", 2)],
    }


def test_a_blocked_lens_becomes_a_fact_and_the_caption_alone_identifies():
    """A failing stage is told as a fact, and its siblings and their successors go on."""
    assert graph(Blocked("a captcha"), lens="--#").facts() == expected("--B-c-i-p-r-o-(e,|)")


@pytest.mark.parametrize(
    ("enough", "told"), [(True, "--m-c-i-p-o-e---(r,|)"), (False, "--m-c-i-p-o-----r-(e,|)")]
)
def test_the_estimate_waits_for_the_price_new_only_where_the_offers_are_too_few(enough: bool, told: str):
    """Where the offers suffice, a slow shop keeps nobody from the estimate; else it is made with what the shop says."""
    steps = {"estimate": {"is_enough": lambda known: enough and known.offers is not None}}
    it = graph(steps=steps, offers="----(o,|)", retail="--------(r,|)")
    assert it.facts() == expected(told)
    assert it.known["estimate"].retail == (None if enough else FACTS["r"])
    assert len(it.ran("retail")) == len(it.ran("estimate")) == 1


def test_a_failed_retail_does_not_keep_the_estimate_from_the_offers():
    """The estimate runs with what there is when one of its inputs has failed."""
    it = graph(ValueError("a secret of ours"), retail="--#")
    assert it.facts() == expected("--m-c-i-p-X-o-(e,|)")
    assert it.known["estimate"].retail is None


def test_a_stage_that_verified_nothing_is_progress_alone():
    """Empty is no failure: only progress tells it."""
    assert graph(NoResults("no offers"), offers="----#").facts() == expected("--m-c-i-p-r-(e,|)")
    assert graph(NoResults("no offers"), offers="----#").progress()["offers"] == [
        (6, "started", 0),
        (10, "empty", 4),
    ]


def test_nothing_found_is_one_error_and_the_rest_is_skipped():
    """A photo of nothing known is one fact, stage identify, outcome empty; what needs a name is skipped."""
    named = {"should_run": lambda known: known.identity is not None}
    steps = {"identify": {"report_empty": True}} | dict.fromkeys(
        ("producer", "retail", "offers", "estimate"), named
    )
    it = graph(NoResults("nothing"), steps=steps, identify="--#")
    assert it.facts() == expected("--m-c-(N,|)")
    assert it.ran("offers") == it.ran("estimate") == []


def test_a_stage_that_hangs_fails_as_timeout_and_is_cancelled():
    """After its deadline a stage is let go, told as timeout, and the estimate runs without it."""
    it = graph(steps={"offers": {"deadline_seconds": 45}}, offers="-")
    assert it.facts() == expected("--m-c-i-p-r-" + "-" * 39 + "T-(e,|)")
    assert it.ran("offers") == [(6, 51)]


def test_a_run_always_ends():
    """When the run's time is over, open stages fail as timeout, and only what needs a moment still runs."""
    it = graph(lens="-")
    it.steps = replace(it.steps, run_seconds=20)
    states = {stage: [state for _, state, _ in rows] for stage, rows in it.progress().items()}
    assert states["lens"] == ["started", "timeout"]
    assert it.ran("lens") == [(0, 20)]
    assert it.ran("identify") == [(20, 21)]
    assert it.ran("estimate") == [(23, 24)]


def test_a_given_identity_stands_instead_of_lens_and_identify():
    """A producer and a model from the user are told at once; the stages that would find them are skipped."""
    steps = {
        "lens": {"should_run": lambda known: given_identity(known) is None},
        "identify": {"preset": given_identity},
    }
    it = graph(options=Options(producer="Zeta", model="Nine"), steps=steps, describe="----------(c,|)")
    assert it.facts() == expected("u-p-r-o---c-(e,|)")
    assert it.ran("lens") == it.ran("identify") == []


def test_kept_facts_stand_instead_of_their_stages():
    """What is kept of stages is told at once, their ends included; the stages behind them see it and run."""
    kept = {
        "lens": {"kept": (FACTS["B"], Progress("lens", "blocked"))},
        "describe": {"kept": (FACTS["c"], Progress("describe", "skipped"))},
        "identify": {"kept": (FACTS["u"], Progress("identify", "skipped"))},
    }
    it = graph(steps=kept)
    at_once = [Recorded(SUBSCRIBED, record.value) for record in expected("B-c-u")]
    assert it.facts() == [*at_once, *expected("--p-r-o-(e,|)")]
    assert [it.ran(name) for name in ("lens", "describe", "identify")] == [[], [], []]
    assert it.known["offers"].identity == FACTS["u"]
    assert it.known["offers"].failures == (FACTS["B"],)
    assert it.known["estimate"].caption == FACTS["c"]
    told = graph(steps=kept).progress()
    states = {stage: [state for _, state, _ in rows] for stage, rows in told.items()}
    assert states["lens"] == ["blocked"]
    assert states["offers"] == ["started", "ok"]


async def test_a_given_identity_reaches_every_stage_on_the_loop():
    """A fact that is at hand when the graph is subscribed is not lost to the stages behind it."""

    def step_of(fact: Fact) -> Step:
        async def tell(_: AnalysisState) -> Fact:
            return fact

        return Step(single_fact(tell), should_run=lambda known: known.identity is not None)

    steps = {name: step_of(FACTS[letter]) for name, letter in zip(TIMETABLE, "mciproe", strict=True)}
    steps["identify"] = replace(steps["identify"], preset=given_identity)
    item = Item((), Options(producer="Zeta", model="Nine"))
    facts = await collect(analysis(item, Steps(**steps)))
    assert [fact for fact in facts if not isinstance(fact, Progress)] == [FACTS[name] for name in "upore"]


def test_who_leaves_cancels_everything():
    """Disposing the run disposes every stage that is open, at that very second, and starts no other."""
    it = graph()
    facts = analysis(it.item, it.steps)
    it.scheduler.start(lambda: facts, disposed=SUBSCRIBED + 7)
    assert it.ran("producer") == [(6, 7)]
    assert it.ran("offers") == [(6, 7)]
    assert it.ran("retail") == it.ran("estimate") == []


def test_a_leaf_starts_when_the_stages_it_names_have_ended():
    """A stage of your own runs beside the others, and keeps none of them waiting."""
    it = graph()
    source = it.scheduler.create_cold_observable(recorded("------(x,|)"))
    leaf = ExtraStage(
        "images", Step(lambda known: known.pipe(ops.flat_map(lambda _: source))), (Stage.RETAIL,)
    )
    it.steps = replace(it.steps, extra_stages=(leaf,))
    assert it.facts() == expected("--m-c-i-p-r-o-e-(x,|)")


def test_a_leaf_sees_the_facts_of_any_stage_that_it_names():
    """What the estimate has told, what the shop has, and which stage has failed, are in the state of a stage of your own."""
    it, seen = graph(offers="--#"), []
    step = Step(lambda known: known.pipe(ops.do_action(seen.append), ops.ignore_elements()))
    leaf = ExtraStage("decide", step, (Stage.ESTIMATE, Stage.RETAIL, Stage.OFFERS))
    it.steps = replace(it.steps, extra_stages=(leaf,))
    it.facts()
    (state,) = seen
    assert (state.estimate, state.retail) == (FACTS["e"], FACTS["r"])
    assert [failed.stage for failed in state.failures] == [Stage.OFFERS]


@pytest.mark.parametrize("stage", ["producer", "retail", "offers", "estimate"])
def test_what_nobody_wants_is_skipped(stage: str):
    """A stage whose step does not want what is known says skipped, at once, and does not run."""
    it = graph(steps={stage: {"should_run": lambda _: False}})
    assert [state for _, state, _ in it.progress()[stage]] == ["skipped"]
    assert it.ran(stage) == []
