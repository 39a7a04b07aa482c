"""By how much each condition's prices differ in this market: learnt from the sample, from the usual factors as prior.

A linear Gaussian model: the logarithm of a price is the worth in sound used condition, plus the deviation of its
condition's factor from the usual one, plus the mark-up where it is asked. Few offers of a condition leave its
factor where it usually is; many move it. Source: Gelman, Hill (2007), "Data Analysis Using Regression and
Multilevel/Hierarchical Models", chapter 12.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from lens_rx.facts import Condition
from lens_rx.pricing.condition_factors import CONDITION_FACTORS
from lens_rx.pricing.likelihood import Observation
from lens_rx.pricing.outliers import Floats

#: Mean and standard deviation (logarithms) of the mark-up of asking over sold prices.
_MARKUP_MEAN, _MARKUP_SD = 0.16, 0.1
#: How far factors deviate, as multiples of their usual deviation, and how likely each is beforehand.
_SCALES = ((0.4, 0.45), (1.0, 0.35), (2.5, 0.2))
#: Precision of a parameter of which nothing is known before.
_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class LearnedShifts:
    """Observations corrected by the deviations that were learnt, and the standard deviation that this adds to the worth."""

    observations: tuple[Observation, ...]
    added_sd: float


def _group(observation: Observation) -> str:
    return observation.group


def learn_shifts(
    observations: Sequence[Observation],
    inlier_probabilities: Sequence[float],
    spread: float,
    target: Condition,
) -> LearnedShifts:
    """Return `observations` of a market in which conditions may differ by other factors than usual."""
    grades = sorted({target, *(it.condition for it in observations)} & _VARYING)
    groups = {it.group: it.group_log_sd for it in sorted(observations, key=_group) if it.group}
    if not grades and not groups:
        return LearnedShifts(tuple(observations), 0.0)
    model = _Regression.of(observations, inlier_probabilities, spread, (*grades, *groups), target)
    fits = [
        model.fit(np.array([*(scale * CONDITION_FACTORS[it].log_sd for it in grades), *groups.values()]))
        for scale, _ in _SCALES
    ]
    logs = np.array([it.log_evidence for it in fits]) + np.log([chance for _, chance in _SCALES])
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    corrections = [model.design[:, 2:] @ it.parameters[2:] for it in fits]
    correction = sum(chance * it for chance, it in zip(chances, corrections, strict=True))
    corrected = tuple(
        replace(it, log_amount=it.log_amount - float(by), log_sd=it.own_log_sd)
        for it, by in zip(observations, correction, strict=True)
    )
    worths = np.array([it.parameters[0] for it in fits])
    added = float(chances @ [it.added_variance for it in fits] + chances @ (worths - chances @ worths) ** 2)
    return LearnedShifts(corrected, math.sqrt(max(added, 0.0)))


@dataclass(frozen=True, slots=True)
class _Fit:
    """The parameters given one scale of deviations: worth, mark-up, deviations; and how well it explains the prices.

    `added_variance` is what the deviations, which are not known exactly, add to the variance of the worth.
    """

    parameters: Floats
    added_variance: float
    log_evidence: float


@dataclass(frozen=True, slots=True)
class _Regression:
    """Prices as a linear function of the parameters: a row for each, with its precision."""

    design: Floats
    values: Floats
    precisions: Floats

    @classmethod
    def of(
        cls,
        observations: Sequence[Observation],
        inlier_probabilities: Sequence[float],
        spread: float,
        columns: Sequence[str],
        target: Condition,
    ) -> Self:
        """Return the regression of `observations`, whose amounts are in the `target` condition by the usual factors.

        `columns` are the conditions and the groups that deviate.
        """
        design = np.zeros((len(observations), len(columns) + 2))
        for row, it in zip(design, observations, strict=True):
            row[:2] = 1.0, float(it.asked)
            row[2:] = [
                float(column in (it.condition, it.group)) - float(column == target) for column in columns
            ]
        values = np.array([it.log_amount - _MARKUP_MEAN * it.asked for it in observations])
        sds = np.array([it.own_log_sd for it in observations])
        return cls(design, values - values.mean(), np.array(inlier_probabilities) / (spread**2 + sds**2))

    def fit(self, prior_sds: Floats) -> _Fit:
        """Return the parameters, where deviations have these standard deviations."""
        prior = np.array([_FLAT, _MARKUP_SD**-2, *prior_sds**-2])
        information = (self.design * self.precisions[:, None]).T @ self.design + np.diag(prior)
        covariance = np.linalg.inv(information)
        weighted = self.design.T @ (self.precisions * self.values)
        parameters = np.asarray(covariance @ weighted, dtype=np.float64)
        known = np.linalg.inv(information[:2, :2])
        log_evidence = 0.5 * (
            np.log(prior).sum() - np.linalg.slogdet(information)[1] + weighted @ covariance @ weighted
        )
        return _Fit(parameters, float(covariance[0, 0] - known[0, 0]), float(log_evidence))


_VARYING = frozenset(
    grade for grade, it in CONDITION_FACTORS.items() if it.log_sd and grade is not Condition.UNKNOWN
)
