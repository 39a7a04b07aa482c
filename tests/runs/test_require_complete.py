"""Following a run tells whether it came to its end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import reactivex as rx
from reactivex import operators as ops

from lens_rx.facts import Complete, Matches
from lens_rx.facts.enums import Outcome
from lens_rx.facts.errors import RunGone
from lens_rx.runs.require_complete import require_complete
from lens_rx.storage.codec import encode
from lens_rx.storage.records import Entry, Position

AT = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = Entry(Position(1, 1), AT, encode(Matches(())))
LAST = Entry(Position(1, 2), AT, encode(Complete(Outcome.OK, 1.0)))


def test_a_complete_run_ends_as_it_is():
    """The entries pass unchanged, and so does their end."""
    assert rx.of(FIRST, LAST).pipe(require_complete, ops.to_list()).run() == [FIRST, LAST]


@pytest.mark.parametrize("entries", [(), (FIRST,)], ids=["none", "not the last"])
def test_a_run_that_ends_before_its_last_fact_is_gone(entries: tuple[Entry, ...]):
    """What was there is passed on, and then the run fails as gone."""
    seen: list[Entry] = []
    with pytest.raises(RunGone, match="deleted, or given up"):
        rx.from_(entries).pipe(require_complete, ops.do_action(seen.append), ops.default_if_empty(None)).run()
    assert seen == list(entries)
