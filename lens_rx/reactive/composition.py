"""Operators of the graph that Rx has in a more general form: all happens on one thread, so that they take no locks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import CompositeDisposable, Disposable, SingleAssignmentDisposable

A = TypeVar("A")
T = TypeVar("T")


def merge_now(*sources: Observable[T]) -> Observable[T]:
    """Return the merged values of all sources; subscribes to all of them synchronously.

    `rx.merge` subscribes through the scheduler, too late for a source that emits at once.
    """

    def subscribe(
        observer: abc.ObserverBase[T], scheduler: abc.SchedulerBase | None = None
    ) -> abc.DisposableBase:
        return _subscribe_all(sources, observer, observer.on_next, observer.on_completed, scheduler)

    return rx.create(subscribe)


def fold_all(add: Callable[[A, T], A], initial: A, *sources: Observable[T]) -> Observable[A]:
    """Return one value: `initial` with the values of all sources added, as they come, when all have ended."""
    return fold_until_enough(add, initial, lambda _: False, sources, ())


def fold_until_enough(
    add: Callable[[A, T], A],
    initial: A,
    is_enough: Callable[[A], bool],
    needed: tuple[Observable[T], ...],
    others: tuple[Observable[T], ...],
) -> Observable[A]:
    """Return one value, as `fold_all`, but when `needed` have ended, where `is_enough` is true of what they gave.

    Else it comes when `others` have ended as well, with their values. `is_enough` must not raise.
    """

    def subscribe(
        observer: abc.ObserverBase[A], scheduler: abc.SchedulerBase | None = None
    ) -> abc.DisposableBase:
        folded, open_groups = initial, 2

        def on_next(value: T) -> None:
            nonlocal folded
            folded = add(folded, value)

        def emit() -> None:
            observer.on_next(folded)
            observer.on_completed()

        def end_needed() -> None:
            if is_enough(folded):
                emit()
            else:
                end_group()

        def end_group() -> None:
            nonlocal open_groups
            open_groups -= 1
            if not open_groups:
                emit()

        return CompositeDisposable(
            _subscribe_all(needed, observer, on_next, end_needed, scheduler),
            _subscribe_all(others, observer, on_next, end_group, scheduler),
        )

    return rx.create(subscribe)


def _subscribe_all(
    sources: tuple[Observable[T], ...],
    observer: abc.ObserverBase[A],
    on_next: Callable[[T], None],
    on_completed: Callable[[], None],
    scheduler: abc.SchedulerBase | None,
) -> abc.DisposableBase:
    """Subscribe to all sources; `on_completed` is called when all have ended, and the first error is passed on."""
    subscriptions, running = CompositeDisposable(), len(sources)

    def end_one() -> None:
        nonlocal running
        running -= 1
        if not running:
            on_completed()

    for source in sources:
        subscriptions.add(source.subscribe(on_next, observer.on_error, end_one, scheduler=scheduler))
    if not sources:
        on_completed()
    return subscriptions


def share_now(source: Observable[T]) -> Observable[T]:
    """Return the source with one subscription for all its observers: the first one's, disposed with the last one's.

    `ops.share` subscribes four times for each, and takes locks.
    """
    return rx.create(_Shared(source).subscribe)


class _Shared(Generic[T]):
    """The observers of a shared source, and the subscription to it."""

    __slots__ = ("_observers", "_source", "_subscription")

    def __init__(self, source: Observable[T]) -> None:
        self._source = source
        self._observers: dict[object, abc.ObserverBase[T]] = {}
        self._subscription = SingleAssignmentDisposable()

    def subscribe(
        self, observer: abc.ObserverBase[T], scheduler: abc.SchedulerBase | None = None
    ) -> abc.DisposableBase:
        token = object()
        self._observers[token] = observer
        if len(self._observers) == 1:
            running = self._subscription = SingleAssignmentDisposable()
            running.disposable = self._source.subscribe(
                self._on_next, self._on_error, self._on_completed, scheduler=scheduler
            )
        return Disposable(lambda: self._leave(token))

    def _leave(self, token: object) -> None:
        self._observers.pop(token, None)
        if not self._observers:
            self._subscription.dispose()

    def _on_next(self, value: T) -> None:
        for observer in tuple(self._observers.values()):
            observer.on_next(value)

    def _on_error(self, error: Exception) -> None:
        for observer in tuple(self._observers.values()):
            observer.on_error(error)

    def _on_completed(self) -> None:
        for observer in tuple(self._observers.values()):
            observer.on_completed()


def then(make: Callable[[A], Observable[T]]) -> Callable[[Observable[A]], Observable[T]]:
    """Return an operator for sources of one value: it emits what `make` returns for it."""

    def operator(source: Observable[A]) -> Observable[T]:
        def subscribe(
            observer: abc.ObserverBase[T], scheduler: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            made = SingleAssignmentDisposable()
            is_made = False

            def on_next(value: A) -> None:
                nonlocal is_made
                is_made = True
                made.disposable = make(value).subscribe(observer, scheduler=scheduler)

            def on_completed() -> None:
                if not is_made:
                    observer.on_completed()

            subscription = source.subscribe(on_next, observer.on_error, on_completed, scheduler=scheduler)
            return CompositeDisposable(subscription, made)

        return rx.create(subscribe)

    return operator
