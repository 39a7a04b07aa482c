"""THE PAGE: how facts flow from photos to a price."""

from __future__ import annotations

from dataclasses import dataclass

import reactivex as rx
from reactivex import Observable

from lens_rx.facts import Fact, Item, Known, Stage
from lens_rx.flow.stage import Step, stage


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
    run_seconds: float = 90.0


def analysis(item: Item, steps: Steps) -> Observable[Fact]:
    """Return the facts of one item, each as soon as it is known: cold, completes, never fails.

    Every stage starts when the stages it names have ended, well or not, and is shared by those that
    name it. Subscribe it once, with a scheduler of the loop.
    """
    it, seconds = Known(item), steps.run_seconds

    lens = stage(Stage.LENS, steps.lens, it, seconds)
    describe = stage(Stage.DESCRIBE, steps.describe, it, seconds)
    identify = stage(Stage.IDENTIFY, steps.identify, it, seconds, lens, describe)
    producer = stage(Stage.PRODUCER, steps.producer, it, seconds, lens, identify)
    retail = stage(Stage.RETAIL, steps.retail, it, seconds, identify, producer)
    offers = stage(Stage.OFFERS, steps.offers, it, seconds, lens, identify)
    estimate = stage(Stage.ESTIMATE, steps.estimate, it, seconds, describe, identify, retail, offers)

    return rx.merge(lens, describe, identify, producer, retail, offers, estimate)
