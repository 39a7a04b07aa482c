"""Moments as logs keep them: whole microseconds since 1970, UTC, exact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_timestamp(moment: datetime) -> int:
    """Return a moment as a number."""
    return (moment - EPOCH) // MICROSECOND


def from_timestamp(number: int) -> datetime:
    """Return the moment that `stamp` made a number of."""
    return EPOCH + number * MICROSECOND
