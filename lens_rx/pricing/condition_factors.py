"""How condition changes the worth of a thing, relative to the same thing used and in working order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

from lens_rx.facts import Condition


@dataclass(frozen=True, slots=True)
class ConditionFactors:
    """The factor on the worth, its uncertainty (standard deviation of its logarithm), and the worth as a share of the retail price."""

    factor: float
    log_sd: float
    retail_share: float


CONDITION_FACTORS = MappingProxyType(
    {
        Condition.NEW: ConditionFactors(1.3, 0.13, 0.75),
        Condition.LIKE_NEW: ConditionFactors(1.15, 0.06, 0.65),
        Condition.REFURBISHED: ConditionFactors(1.1, 0.08, 0.6),
        Condition.VERY_GOOD: ConditionFactors(1.07, 0.05, 0.58),
        Condition.GOOD: ConditionFactors(1.0, 0.0, 0.5),
        Condition.USED: ConditionFactors(1.0, 0.0, 0.5),
        Condition.ACCEPTABLE: ConditionFactors(0.7, 0.09, 0.35),
        Condition.FOR_PARTS: ConditionFactors(0.3, 0.3, 0.12),
        Condition.UNKNOWN: ConditionFactors(1.0, 0.1, 0.5),
    }
)


def condition_factor(offered: Condition, target: Condition) -> float:
    """Return the factor that brings a price from one condition to another."""
    return CONDITION_FACTORS[target].factor / CONDITION_FACTORS[offered].factor


def log_shift(offered: Condition, target: Condition) -> float:
    """Return what to add to the logarithm of a price to convert it from one condition to another."""
    return math.log(condition_factor(offered, target))


def shift_log_sd(offered: Condition, target: Condition) -> float:
    """Return the standard deviation of that shift (as a logarithm); 0 for the same condition."""
    if offered is target:
        return 0.0
    return math.hypot(CONDITION_FACTORS[offered].log_sd, CONDITION_FACTORS[target].log_sd)
