"""Merging, folding and chaining: when sources are subscribed, what ends them, and what is disposed."""

from __future__ import annotations

import pytest
import reactivex as rx
from reactivex.testing import ReactiveTest, TestScheduler

from lens_rx.reactive.composition import fold_all, fold_until_enough, merge_now, then

on_next, on_completed, on_error = ReactiveTest.on_next, ReactiveTest.on_completed, ReactiveTest.on_error


def test_a_fold_waits_for_all_sources():
    """The folded value comes when the last source has ended; without sources it is the initial one."""
    scheduler = TestScheduler()
    slow = scheduler.create_cold_observable(on_next(30, 3), on_completed(50))
    quick = scheduler.create_cold_observable(on_next(10, 4), on_next(20, 5), on_completed(20))
    folded = scheduler.start(lambda: fold_all(lambda total, it: total * 10 + it, 1, slow, quick))
    assert folded.messages == [on_next(250, 1453), on_completed(250)]
    empty: list[int] = []
    fold_all(lambda total, it: total + it, 7).subscribe(empty.append)
    assert empty == [7]


@pytest.mark.parametrize(("enough", "at", "value"), [(12, 220, 12), (99, 250, 123), (1, 220, 12)])
def test_a_fold_waits_for_others_only_where_it_is_not_enough(enough: int, at: float, value: int):
    """It comes when what is needed has ended, where that is enough; else with what the others gave, and once."""
    scheduler = TestScheduler()
    needed = scheduler.create_cold_observable(on_next(10, 2), on_completed(20))
    other = scheduler.create_cold_observable(on_next(40, 3), on_completed(50))

    def folded() -> rx.Observable[int]:
        return fold_until_enough(
            lambda total, it: total * 10 + it, 1, lambda it: it >= enough, (needed,), (other,)
        )

    assert scheduler.start(folded).messages == [on_next(at, value), on_completed(at)]
    assert other.subscriptions == [ReactiveTest.subscribe(200, at)]


def test_a_fold_is_enough_at_once_where_its_sources_ended_at_once():
    """Sources that emit while they are subscribed are counted; the others are not waited for."""
    given: list[int] = []
    fold_until_enough(
        lambda total, it: total + it, 0, lambda it: it == 3, (rx.of(1, 2),), (rx.never(),)
    ).subscribe(given.append)
    assert given == [3]


def test_a_failure_ends_a_merge_and_its_other_sources():
    """The first error is passed on, and what else was subscribed is disposed."""
    scheduler = TestScheduler()
    failing = scheduler.create_cold_observable(on_error(20, "broken"))
    other = scheduler.create_cold_observable(on_next(10, 1), on_next(90, 2), on_completed(100))
    merged = scheduler.start(lambda: merge_now(other, failing))
    assert [it.time for it in merged.messages] == [210, 220]
    assert other.subscriptions == [ReactiveTest.subscribe(200, 220)]


def test_then_follows_the_one_value():
    """What follows the value is emitted after its source has ended; nothing follows an empty source; a bug is an error."""
    scheduler = TestScheduler()
    source = scheduler.create_cold_observable(on_next(10, 2), on_completed(15))
    made = scheduler.create_cold_observable(on_next(20, "made"), on_completed(30))
    assert scheduler.start(lambda: then(lambda _: made)(source)).messages == [
        on_next(230, "made"),
        on_completed(240),
    ]
    ends: list[object] = []
    then(lambda _: made)(rx.empty()).subscribe(on_completed=lambda: ends.append("empty"))
    then(lambda it: made if it else 1 / 0)(rx.of(0)).subscribe(
        on_error=lambda error: ends.append(type(error))
    )
    assert ends == ["empty", ZeroDivisionError]
