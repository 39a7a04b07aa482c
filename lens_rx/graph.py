"""THE PAGE: how facts flow from photos to a price."""

from __future__ import annotations

from dataclasses import dataclass

from reactivex import Observable

from lens_rx.facts import Fact, Item, Known, Stage
from lens_rx.reactive.stage import Leaf, Step, stage, together


@dataclass(frozen=True, slots=True)
class Steps:
    """What each stage does, and the seconds after which a run's open stages fail as `timeout`."""

    lens: Step
    describe: Step
    identify: Step
    producer: Step
    retail: Step
    offers: Step
    estimate: Step
    leaves: tuple[Leaf, ...] = ()
    run_seconds: float = 90.0


def analysis(item: Item, steps: Steps) -> Observable[Fact]:
    """Return the facts of one item, each as soon as it is known: cold, completes, never fails.

    Every stage starts when the stages it names have ended, well or not, and is shared by those that
    name it. Subscribe it once, with a scheduler of the loop.
    """
    known, seconds = Known(item), steps.run_seconds

    lens = stage(Stage.LENS, steps.lens, known, seconds)
    describe = stage(Stage.DESCRIBE, steps.describe, known, seconds)
    identify = stage(Stage.IDENTIFY, steps.identify, known, seconds, lens, describe)
    producer = stage(Stage.PRODUCER, steps.producer, known, seconds, lens, identify)
    retail = stage(Stage.RETAIL, steps.retail, known, seconds, identify, producer)
    offers = stage(Stage.OFFERS, steps.offers, known, seconds, lens, identify)
    estimate = stage(Stage.ESTIMATE, steps.estimate, known, seconds, describe, identify, retail, offers)

    stages = dict(zip(Stage, (lens, describe, identify, producer, retail, offers, estimate), strict=True))
    leaves = (
        stage(it.name, it.step, known, seconds, *(stages[name] for name in it.after)) for it in steps.leaves
    )

    return together(*stages.values(), *leaves)
