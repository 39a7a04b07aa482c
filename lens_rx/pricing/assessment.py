"""What is known of an offer beside its price: what the user said of it, and what its title says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assessment:
    """How an offer is to be taken: `exclusion` says why it is no price of the thing, "" where it may be one.

    `is_certain`: it is the thing for sure, and so no outlier. `log_sd` is added to the standard deviation of the
    logarithm of its price; offers of one `group` ("size L") deviate together, by a standard deviation of `group_log_sd`.
    `note` is said before how it counts.
    """

    exclusion: str = ""
    is_certain: bool = False
    log_sd: float = 0.0
    note: str = ""
    group: str = ""
    group_log_sd: float = 0.0


_PLAIN = Assessment()


def with_each(count: int, assessments: Sequence[Assessment]) -> Sequence[Assessment]:
    """Return an assessment for each of `count` offers: the given ones, plain ones where none are given.

    Raises `ValueError` where their number is another.
    """
    if assessments and len(assessments) != count:
        raise ValueError(f"{len(assessments)} assessments of {count} offers")
    return assessments or [_PLAIN] * count
