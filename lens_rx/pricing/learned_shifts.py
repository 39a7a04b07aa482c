"""By how much the prices of conditions, sizes and variants differ in this market: learnt from the sample.

A linear Gaussian model: the logarithm of a price is the worth in sound used condition, plus the deviation of its
condition's factor from the usual one, plus that of its group (another size), plus the mark-up where it is asked. The
wanted condition and the wanted size deviate as well as the others do: what the others have in common tells little of
it. Few offers leave a deviation where it usually is; many move it. Source: Gelman, Hill (2007), "Data Analysis Using
Regression and Multilevel/Hierarchical Models", chapter 12.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Self

import numpy as np

from lens_rx.facts import Condition
from lens_rx.pricing.condition_factors import CONDITION_FACTORS
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.outliers import Floats

#: Mean and standard deviation (logarithms) of the mark-up of asking over sold prices.
_MARKUP_MEAN, _MARKUP_SD = 0.16, 0.1
#: How far deviations go, as multiples of their usual size, and how likely each is beforehand.
_GRADE_SCALES = ((0.4, 0.45), (1.0, 0.35), (2.5, 0.2))
_GROUP_SCALES = ((0.5, 0.3), (1.0, 0.4), (2.0, 0.3))
#: Of two that deviate alike, each does so by its share of their difference.
_SHARE = 1 / math.sqrt(2)
#: Precision of a parameter of which nothing is known before.
_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class LearnedShifts:
    """Observations corrected by the deviations that were learnt, and the standard deviation that this adds to the worth.

    `largest` is the largest correction of all.
    """

    observations: tuple[Observation, ...]
    added_sd: float = 0.0
    largest: float = 0.0


def learn_shifts(
    observations: Sequence[Observation],
    inlier_probabilities: Sequence[float],
    spread: float,
    target: Condition,
) -> LearnedShifts:
    """Return `observations` of a market in which conditions and groups may differ by other factors than usual."""
    effects = _Effects.of(observations, target)
    if not effects.usual_sds.size:
        return LearnedShifts(tuple(observations))
    fits = _fit(observations, effects, np.array(inlier_probabilities), spread)
    mean = fits.chances @ fits.parameters
    corrections = effects.design @ mean[2:]
    corrected = tuple(
        replace(it, log_amount=it.log_amount - float(by), log_sd=it.own_log_sd)
        for it, by in zip(observations, corrections, strict=True)
    )
    added = float(fits.chances @ (fits.added_variances + (fits.parameters[:, 0] - mean[0]) ** 2))
    return LearnedShifts(corrected, math.sqrt(max(added, 0.0)), float(np.abs(corrections).max()))


@dataclass(frozen=True, slots=True)
class _Effects:
    """What prices deviate by beside the worth and the mark-up: a column of `design` for each, a row for each price.

    `usual_sds` are the standard deviations of the effects; `are_grades` says which of them are those of conditions.
    """

    design: Floats
    usual_sds: Floats
    are_grades: Sequence[bool]

    @classmethod
    def of(cls, observations: Sequence[Observation], target: Condition) -> Self:
        """Return the effects of the conditions and groups of `observations`, none where they do not vary."""
        grades = sorted({target, *(it.condition for it in observations)} & _VARYING)
        groups = sorted({it.group for it in observations if it.group})
        columns = [
            [float(it.condition == grade) - float(target == grade) for it in observations] for grade in grades
        ]
        columns += [
            [it.group_log_sd * (it.group == group) * _SHARE for it in observations] for group in groups
        ]
        columns += [[-it.group_log_sd * _SHARE for it in observations]] if groups else []
        sds = [*(CONDITION_FACTORS[it].log_sd for it in grades), *[1.0] * (len(columns) - len(grades))]
        are_grades = [at < len(grades) for at in range(len(columns))]
        return cls(np.array(columns).reshape(len(columns), len(observations)).T, np.array(sds), are_grades)

    def scaled_sds(self) -> tuple[Floats, Floats]:
        """Return the standard deviations at each pair of scales, of conditions and of groups, and the pairs' log-priors."""
        pairs = [
            (grades, groups, math.log(p * q))
            for (grades, p), (groups, q) in product(_GRADE_SCALES, _GROUP_SCALES)
        ]
        rows = [np.where(self.are_grades, grades, groups) * self.usual_sds for grades, groups, _ in pairs]
        return np.array(rows), np.array([log_prior for *_, log_prior in pairs])


@dataclass(frozen=True, slots=True)
class _Fits:
    """A row of parameters for each pair of scales: worth, mark-up, effects; and how likely the pair is.

    `added_variances` are what the effects, which are not known exactly, add to the variance of the worth.
    """

    parameters: Floats
    added_variances: Floats
    chances: Floats


def _fit(
    observations: Sequence[Observation], effects: _Effects, inlier_probabilities: Floats, spread: float
) -> _Fits:
    """Return the parameters at each pair of scales, by weighted least squares with the effects' priors."""
    asked = np.array([float(it.asked) for it in observations])
    design = np.column_stack([np.ones_like(asked), asked, effects.design])
    values = np.array([it.log_amount for it in observations]) - _MARKUP_MEAN * asked
    sds = np.array([it.own_log_sd for it in observations])
    weighted = design * (inlier_probabilities / (spread**2 + sds**2))[:, None]
    explained = weighted.T @ (values - values.mean())
    scaled, log_priors = effects.scaled_sds()
    start = np.full((len(scaled), 2), (_FLAT, _MARKUP_SD**-2))
    precisions = np.column_stack([start, scaled**-2])
    information = weighted.T @ design + precisions[:, :, None] * np.eye(design.shape[1])
    covariances = np.linalg.inv(information)
    parameters = covariances @ explained
    known = np.linalg.inv(information[:, :2, :2])
    logs = log_priors + 0.5 * (
        np.log(precisions).sum(axis=1) - np.linalg.slogdet(information)[1] + parameters @ explained
    )
    chances = np.exp(logs - logs.max())
    return _Fits(parameters, covariances[:, 0, 0] - known[:, 0, 0], chances / chances.sum())


_VARYING = frozenset(
    grade for grade, it in CONDITION_FACTORS.items() if it.log_sd and grade is not Condition.UNKNOWN
)
