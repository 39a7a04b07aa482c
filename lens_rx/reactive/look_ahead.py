"""A branch of the graph that acts on what is known so far and emits nothing."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Any

from reactivex import Observable
from reactivex import operators as ops

from lens_rx.facts import AnalysisState, Fact
from lens_rx.reactive.composition import merge_now

#: What is done with a state; it is disposed when the next state comes.
LookAhead = Callable[[AnalysisState], Observable[Any]]


def look_ahead(
    act: LookAhead, initial: AnalysisState, until: Observable[Fact], *before: Observable[Fact]
) -> Observable[Fact]:
    """Call `act` with the state whenever one of `before` adds to it, and when `until` does; emits nothing."""
    known = merge_now(*before, until).pipe(
        ops.scan(AnalysisState.with_fact, initial), ops.distinct_until_changed(comparer=is_)
    )
    calls: Observable[Any] = known.pipe(ops.map(act)).pipe(ops.switch_latest())
    return calls.pipe(ops.ignore_elements())
