"""An operator that tells a run that was deleted or given up midway from one that is complete."""

from __future__ import annotations

import reactivex as rx
from reactivex import Observable, abc

from lens_rx.facts import Complete
from lens_rx.facts.errors import RunGone
from lens_rx.storage.codec import peek_kind
from lens_rx.storage.records import Entry

MESSAGE = "This run was deleted, or given up, before it was complete. Send the photo again."


def require_complete(source: Observable[Entry]) -> Observable[Entry]:
    """Return the entries of a generation from its first on; fails with `RunGone` where the last one is not `Complete`."""

    def subscribe(
        observer: abc.ObserverBase[Entry], scheduler: abc.SchedulerBase | None = None
    ) -> abc.DisposableBase:
        is_complete = False

        def on_next(entry: Entry) -> None:
            nonlocal is_complete
            is_complete = peek_kind(entry.payload) is Complete
            observer.on_next(entry)

        def on_completed() -> None:
            if is_complete:
                observer.on_completed()
            else:
                observer.on_error(RunGone(MESSAGE))

        return source.subscribe(on_next, observer.on_error, on_completed, scheduler=scheduler)

    return rx.create(subscribe)
