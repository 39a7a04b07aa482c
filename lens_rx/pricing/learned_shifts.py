"""By how much each condition's prices differ in this market: learnt from the sample, from the usual factors as prior.

A linear Gaussian model: the logarithm of a price is the worth in sound used condition, plus the deviation of its
condition's factor from the usual one, plus the mark-up where it is asked. Few offers of a condition leave its
factor where it usually is; many move it. Source: Gelman, Hill (2007), "Data Analysis Using Regression and
Multilevel/Hierarchical Models", chapter 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lens_rx.facts import Condition
from lens_rx.pricing.condition_factors import CONDITION_FACTORS
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.outliers import Floats

#: Mean and standard deviation (logarithms) of the mark-up of asking over sold prices.
_MARKUP_MEAN, _MARKUP_SD = 0.16, 0.1
#: Precision of a parameter of which nothing is known before.
_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class LearnedShifts:
    """Observations corrected by the deviations that were learnt, and the standard deviation that this adds to the worth."""

    observations: tuple[Observation, ...]
    added_sd: float


def learn_shifts(
    observations: Sequence[Observation],
    inlier_probabilities: Sequence[float],
    spread: float,
    target: Condition,
) -> LearnedShifts:
    """Return `observations` of a market in which conditions may differ by other factors than usual."""
    grades = sorted({target, *(it.condition for it in observations)} & _VARYING)
    if not grades:
        return LearnedShifts(tuple(observations), 0.0)
    places = {grade: at for at, grade in enumerate(grades, 2)}
    design = np.zeros((len(observations), len(grades) + 2))
    for row, it in zip(design, observations, strict=True):
        row[0], row[1] = 1.0, float(it.asked)
        _mark(row, it.condition, places, 1.0)
        _mark(row, target, places, -1.0)
    values = np.array([it.log_amount - _MARKUP_MEAN * it.asked for it in observations])
    sds = np.array([it.own_log_sd for it in observations])
    precisions = np.array(inlier_probabilities) / (spread**2 + sds**2)
    prior_sds = [CONDITION_FACTORS[grade].log_sd for grade in grades]
    prior = np.array([_FLAT, _MARKUP_SD**-2, *(sd**-2 for sd in prior_sds)])
    information = np.asarray((design * precisions[:, None]).T @ design + np.diag(prior), dtype=np.float64)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    deviations = covariance @ (design.T @ (precisions * values))
    corrections = design[:, 2:] @ deviations[2:]
    corrected = tuple(
        replace(it, log_amount=it.log_amount - float(by), log_sd=it.own_log_sd)
        for it, by in zip(observations, corrections, strict=True)
    )
    return LearnedShifts(corrected, _added_sd(information, covariance))


def _mark(row: Floats, condition: Condition, places: dict[Condition, int], sign: float) -> None:
    if condition in places:
        row[places[condition]] += sign


def _added_sd(information: Floats, covariance: Floats) -> float:
    """Return by how much the deviations, which are not known exactly, add to the uncertainty of the worth."""
    known = np.linalg.inv(information[:2, :2])
    return float(np.sqrt(max(0.0, covariance[0, 0] - known[0, 0])))


_VARYING = frozenset(
    grade for grade, it in CONDITION_FACTORS.items() if it.log_sd and grade is not Condition.UNKNOWN
)
