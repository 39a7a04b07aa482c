"""Python's search for garbage as a service needs it: seldom, and not in all that lives while many streams are open."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Gauge

#: Objects that are made before young garbage is looked for; Python's own 700 are the facts of half a run.
GARBAGE_THRESHOLD = 5_000
#: Looks at the young before one at the middle-aged, and those before one at all; in the second line with many streams.
USUAL = (10, 10)
CROWDED = (5, 200)
#: From so many open streams on; 10,000 are 700,000 objects, and a look at all of these holds every fact up for 0.2 s.
MANY_STREAMS = 1_000
LOOK_SECONDS = 0.2


@contextmanager
def garbage_left_alone() -> Iterator[None]:
    """Look for no garbage in the block, which imports: what is imported stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def tune_garbage_collection() -> None:
    """Look for garbage less often, and never in what is there now: to be called when all is imported."""
    gc.freeze()  # looking at it again held every fact up for 0.1 to 0.4 s
    _set_thresholds()


async def adapt_to_streams(open_streams: Gauge) -> None:
    """Look for garbage as the number of open streams allows, until cancelled."""
    while True:
        (family,) = open_streams.collect()
        _set_thresholds(crowded=family.samples[0].value > MANY_STREAMS)
        await asyncio.sleep(LOOK_SECONDS)


def _set_thresholds(*, crowded: bool = False) -> None:
    # a seventh of a run's CPU went into it
    gc.set_threshold(GARBAGE_THRESHOLD, *(CROWDED if crowded else USUAL))
