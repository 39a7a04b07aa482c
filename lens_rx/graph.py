"""The observable graph: how facts flow from photos to a price, on one page."""

from __future__ import annotations

from dataclasses import dataclass

from reactivex import Observable

from lens_rx.facts import AnalysisState, Fact, Item, Stage
from lens_rx.reactive.composition import merge_now
from lens_rx.reactive.look_ahead import LookAhead, look_ahead
from lens_rx.reactive.stage import ExtraStage, Step, stage


@dataclass(frozen=True, slots=True)
class Steps:
    """The step of each stage; `run_seconds` after the start, open stages fail as `timeout`.

    `look_ahead` is called with what is known before the identity is, and once with the identity.
    """

    lens: Step
    describe: Step
    identify: Step
    producer: Step
    retail: Step
    offers: Step
    estimate: Step
    extra_stages: tuple[ExtraStage, ...] = ()
    look_ahead: LookAhead | None = None
    run_seconds: float = 90.0


def analysis(item: Item, steps: Steps) -> Observable[Fact]:
    """Return an observable of the facts of one item, each as soon as it is known: cold, completes, never fails.

    A stage starts when the stages it depends on have ended, successfully or not, and is shared by those that
    depend on it; the estimate waits for the price new only where the offers are too few. Subscribe once, with a
    scheduler of the loop.
    """
    start, seconds = AnalysisState(item), steps.run_seconds

    lens = stage(Stage.LENS, steps.lens, start, seconds)
    describe = stage(Stage.DESCRIBE, steps.describe, start, seconds)
    identify = stage(Stage.IDENTIFY, steps.identify, start, seconds, lens, describe)
    producer = stage(Stage.PRODUCER, steps.producer, start, seconds, lens, identify)
    retail = stage(Stage.RETAIL, steps.retail, start, seconds, identify, producer)
    offers = stage(Stage.OFFERS, steps.offers, start, seconds, lens, identify)
    needed = describe, identify, offers
    estimate = stage(Stage.ESTIMATE, steps.estimate, start, seconds, *needed, unless_enough=(retail,))

    stages = dict(zip(Stage, (lens, describe, identify, producer, retail, offers, estimate), strict=True))
    extra = (
        stage(it.name, it.step, start, seconds, *(stages[name] for name in it.after))
        for it in steps.extra_stages
    )
    ahead = (look_ahead(steps.look_ahead, start, identify, lens, describe),) if steps.look_ahead else ()

    return merge_now(*stages.values(), *extra, *ahead)
