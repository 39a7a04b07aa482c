"""The condition that a model sees in a photo, held against the conditions in which the thing is offered.

A model's grade is one witness, often a step off and sometimes wrong: what it says is weighed by Bayes' rule with how
common each condition is among the offers. A grade in which nothing is offered moves the worth by little, and makes it
less sure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lens_rx.facts import Condition, Offer
from lens_rx.pricing.condition_factors import log_shift

#: The grades of a photo, with their shares among used things in general.
_USUAL_SHARES = MappingProxyType(
    {
        Condition.NEW: 0.08,
        Condition.LIKE_NEW: 0.16,
        Condition.VERY_GOOD: 0.21,
        Condition.GOOD: 0.4,
        Condition.ACCEPTABLE: 0.12,
        Condition.FOR_PARTS: 0.03,
    }
)
#: The grades of a photo from best to worst.
GRADES = tuple(_USUAL_SHARES)
#: What offers call otherwise.
_OFFERED_AS = MappingProxyType({Condition.USED: Condition.GOOD, Condition.REFURBISHED: Condition.VERY_GOOD})
#: As many offers the usual shares count for.
_USUAL_WEIGHT = 8
#: How often a model's grade is right, and how often it is one step off; else it may be any.
_RIGHT, _ONE_STEP_OFF = 0.8, 0.15

Beliefs = Mapping[Condition, float]


def weigh_seen_condition(seen: Condition, offers: Sequence[Offer]) -> Beliefs:
    """Return how likely each condition is, given the grade that a model saw and the conditions of the offers."""
    if seen not in GRADES:
        return {seen: 1.0}
    offered = Counter(_OFFERED_AS.get(offer.condition, offer.condition) for offer in offers)
    likely = {
        grade: (offered[grade] + _USUAL_WEIGHT * share) * _chance_of_grade(seen, grade)
        for grade, share in _USUAL_SHARES.items()
    }
    total = sum(likely.values())
    return {grade: chance / total for grade, chance in likely.items()}


def typical_condition(beliefs: Beliefs) -> Condition:
    """Return the condition in the middle: as likely worse as better."""
    below = 0.0
    for condition in sorted(beliefs, key=lambda it: log_shift(Condition.USED, it)):
        below += beliefs[condition]
        if below >= 0.5:
            return condition
    return max(beliefs, key=beliefs.__getitem__)


def shifts_from(condition: Condition, beliefs: Beliefs) -> list[tuple[float, float]]:
    """Return the shift of the logarithm of the worth from `condition` to each other one, with its probability."""
    return [(log_shift(condition, other), chance) for other, chance in beliefs.items()]


def _chance_of_grade(seen: Condition, true: Condition) -> float:
    """Return how likely a model sees one condition where another is the true one."""
    distance = abs(GRADES.index(seen) - GRADES.index(true))
    neighbours = 1 if true in (GRADES[0], GRADES[-1]) else 2
    chance = (1 - _RIGHT - _ONE_STEP_OFF) / len(GRADES)
    return chance + (_RIGHT if not distance else _ONE_STEP_OFF / neighbours if distance == 1 else 0.0)
