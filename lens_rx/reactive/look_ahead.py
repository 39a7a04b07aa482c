"""A branch of the graph that acts on what is known so far and emits nothing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from reactivex import Observable
from reactivex import operators as ops

from lens_rx.facts import AnalysisState, Fact
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.stage import merge_now

LookAhead = Callable[[AnalysisState], Coroutine[Any, Any, None]]


def look_ahead(
    act: LookAhead, initial: AnalysisState, until: Observable[Fact], *before: Observable[Fact]
) -> Observable[Fact]:
    """Call `act` with the state whenever one of `before` adds to it, and once more when `until` has ended.

    Emits nothing. A call that is not over when the next state comes is cancelled.
    """

    def call(state: AnalysisState) -> Observable[None]:
        return from_coroutine(lambda: act(state))

    known = merge_now(*before, until).pipe(
        ops.scan(AnalysisState.with_fact, initial), ops.distinct_until_changed(comparer=_is_same)
    )
    return known.pipe(ops.map(call), ops.switch_latest(), ops.ignore_elements())


def _is_same(one: AnalysisState, other: AnalysisState) -> bool:
    return one is other
