"""Random schedules of faults: one short one with every test run, long ones in `make test-long`.

The seeds of the long ones are new each time and are printed; `TEST_SEED=123 make test-long` repeats a run.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import pytest

#: Set once, in the first process: workers inherit it, and all of them must collect the same tests.
BASE_SEED = int(os.environ.setdefault("TEST_SEED", str(random.SystemRandom().randrange(10**6))))


@dataclass(frozen=True)
class Schedule:
    """How many faults strike, drawn from a generator with this seed."""

    seed: int
    faults: int

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.faults} faults"


def schedules(*, short: int, long: int, seeds: int = 3) -> pytest.MarkDecorator:
    """Parametrize `schedule`: `short` faults always with seed 1, and `long` faults with `seeds` random seeds."""
    long_ones = [
        pytest.param(Schedule(BASE_SEED + number, long), marks=pytest.mark.long) for number in range(seeds)
    ]
    return pytest.mark.parametrize("schedule", [Schedule(1, short), *long_ones], ids=str)
