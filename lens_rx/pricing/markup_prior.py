"""By how much asking prices lie above sold ones, before any price is known."""

from __future__ import annotations

import math
from typing import Final

#: Mark-up of asking over sold prices as a logarithm: uniform from 10 to 25 %; outside it is unlikely (`_ODD_MARKUP`,
#: relative to the inside, falling off by `_MARKUP_SCALE`), so that only many prices tell of it.
_MARKUP: Final = (math.log(1.1), math.log(1.25))
_MARKUP_LIMITS: Final = (math.log(0.95), math.log(1.65))
_ODD_MARKUP, _MARKUP_SCALE, _MARKUP_STEP = 0.05, 0.12, 0.02


def markup_prior(step: float) -> list[tuple[int, float]]:
    """Return the mark-ups in whole steps of the grid, each with its log-prior."""
    low, high = _MARKUP
    first, last = (round(it / step) for it in _MARKUP_LIMITS)
    steps = range(first, last + 1, max(1, round(_MARKUP_STEP / step)))
    beyond = [max(low - at * step, at * step - high, 0.0) for at in steps]
    odd = math.log(_ODD_MARKUP)
    return [
        (at, odd - (far - _MARKUP_STEP) / _MARKUP_SCALE if far > _MARKUP_STEP / 2 else 0.0)
        for at, far in zip(steps, beyond, strict=True)
    ]
