"""By how much asking prices lie above sold ones, before any price is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from lens_rx.pricing.outliers import Floats

#: Mark-up of asking over sold prices as a logarithm: uniform from 10 to 25 %; outside it is unlikely (`_ODD_MARKUP`,
#: relative to the inside, falling off by `_MARKUP_SCALE`), so that only many prices tell of it.
_MARKUP: Final = (math.log(1.1), math.log(1.25))
_MARKUP_LIMITS: Final = (math.log(0.95), math.log(1.65))
_ODD_MARKUP, _MARKUP_SCALE, _MARKUP_STEP = 0.05, 0.12, 0.02


@dataclass(frozen=True, slots=True)
class MarkupPrior:
    """The mark-ups in steps of a grid, from 0 for the least, and as logarithms, each with its weight."""

    steps: NDArray[np.intp]
    markups: Floats
    weights: Floats

    @classmethod
    def of(cls, step: float) -> Self:
        """Return the prior for a grid of that step."""
        low, high = _MARKUP
        first, last = (round(it / step) for it in _MARKUP_LIMITS)
        steps = np.arange(first, last + 1, max(1, round(_MARKUP_STEP / step)))
        markups = step * steps.astype(np.float64)
        beyond = np.maximum(np.maximum(low - markups, markups - high), 0.0)
        odd = _ODD_MARKUP * np.exp(-(beyond - _MARKUP_STEP) / _MARKUP_SCALE)
        return cls(steps - first, markups, np.where(beyond > _MARKUP_STEP / 2, odd, 1.0))

    @property
    def reach(self) -> int:
        """Steps from the least to the greatest mark-up."""
        return int(self.steps[-1])

    def matrix(self, size: int, weights: Floats) -> Floats:
        """Return the matrix that sums values at marked-up worths (rows) for each of `size` worths (columns)."""
        worths = np.arange(size)
        summing = np.zeros((size + self.reach, size))
        summing[self.steps[:, None] + worths, worths] = weights[:, None]
        return summing
