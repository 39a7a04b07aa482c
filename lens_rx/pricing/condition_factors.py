"""What a condition does to a thing's worth, against the same thing used and sound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

from lens_rx.facts import Condition


@dataclass(frozen=True, slots=True)
class Grade:
    """The factor on the worth, how doubtful it is (as a logarithm), and the share of the price new."""

    factor: float
    doubt: float
    of_new: float


GRADES = MappingProxyType(
    {
        Condition.NEW: Grade(1.3, 0.12, 0.75),
        Condition.LIKE_NEW: Grade(1.15, 0.04, 0.65),
        Condition.REFURBISHED: Grade(1.1, 0.08, 0.6),
        Condition.VERY_GOOD: Grade(1.07, 0.05, 0.58),
        Condition.GOOD: Grade(1.0, 0.0, 0.5),
        Condition.USED: Grade(1.0, 0.0, 0.5),
        Condition.ACCEPTABLE: Grade(0.7, 0.05, 0.35),
        Condition.FOR_PARTS: Grade(0.3, 0.3, 0.12),
        Condition.UNKNOWN: Grade(1.0, 0.1, 0.5),
    }
)


def shift(offered: Condition, wanted: Condition) -> float:
    """Return what to add to the logarithm of a price to bring it from one condition to another."""
    return math.log(GRADES[wanted].factor / GRADES[offered].factor)


def doubt(offered: Condition, wanted: Condition) -> float:
    """Return how doubtful that step is; nothing for the same condition."""
    return 0.0 if offered is wanted else math.hypot(GRADES[offered].doubt, GRADES[wanted].doubt)
