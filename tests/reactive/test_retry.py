"""A look-up is tried again only where its failure may pass."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from lens_rx.facts.errors import Blocked, NoResults, ParseError, PolicyError, StageTimeout, UpstreamError
from lens_rx.reactive.retry import with_retry


class LookUp:
    """Fails so many times in one way, then finds."""

    def __init__(self, failure: Exception, times: int) -> None:
        self.failure, self.times, self.calls = failure, times, 0

    async def __call__(self, wanted: str) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise self.failure
        return wanted


PASSING = UpstreamError("reset", transient=True)
LASTING = [
    UpstreamError("no"),
    Blocked("captcha"),
    ParseError("odd"),
    StageTimeout("slow"),
    PolicyError("no"),
    NoResults("none"),
    ValueError("ours"),
]


async def test_a_failure_that_passes_is_not_told():
    """A transient failure is tried again, and the result is told."""
    look_up = LookUp(PASSING, 1)
    assert await with_retry(look_up, 2, 0.01)("boot") == "boot"
    assert look_up.calls == 2


async def test_there_is_an_end_to_trying():
    """After so many tries the last failure is told."""
    look_up = LookUp(PASSING, 99)
    with pytest.raises(UpstreamError):
        await with_retry(look_up, 3, 0.01)("boot")
    assert look_up.calls == 3


@pytest.mark.parametrize("failure", LASTING, ids=lambda it: type(it).__name__ + str(it))
async def test_a_failure_that_lasts_is_tried_once(failure: Exception):
    """A wall, a missed deadline, an empty end and an error of ours are not tried again."""
    look_up = LookUp(failure, 99)
    with pytest.raises(type(failure)):
        await with_retry(look_up, 3, 0.01)("boot")
    assert look_up.calls == 1


async def test_a_try_leaves_no_words_of_the_user_in_the_log():
    """The note of a try says what failed, and nothing of what was looked up."""
    with capture_logs() as notes:
        await with_retry(LookUp(PASSING, 1), 2, 0.01)("private words")
    assert [note["event"] for note in notes] == ["tried again"]
    assert "private words" not in str(notes)
