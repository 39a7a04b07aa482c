"""A live run as this node's subscribers see it."""

from __future__ import annotations

from collections.abc import Callable

import reactivex as rx
from reactivex import Observable
from reactivex import operators as ops
from reactivex.subject import Subject

from lens_rx.runs.views import Chunk, View
from lens_rx.storage.records import Entry, Position


class LiveStream:
    """One generation, encoded once a view: every subscriber follows it from a position of its own.

    The entries themselves are replayed by the storage, which `follow` asks for each subscriber.
    """

    def __init__(
        self, follow: Callable[[Position], Observable[Entry]], on_last_left: Callable[[], None]
    ) -> None:
        self._follow = follow
        self._on_last_left = on_last_left
        self._stop: Subject[None] = Subject()
        self._subscribers = 0
        self._encoded: dict[tuple[str, int], bytes] = {}

    def chunks(self, after: Position, view: View) -> Observable[Chunk]:
        """Return the encoded entries behind `after`, without those that the view leaves out."""

        def encode(entry: Entry) -> Chunk:
            return entry.position, self._encode(entry, view)

        def is_in_view(chunk: Chunk) -> bool:
            return bool(chunk[1])

        def subscribed(_: object) -> Observable[Chunk]:
            self._subscribers += 1
            return self._follow(after).pipe(
                ops.take_until(self._stop),
                ops.map(encode),
                ops.filter(is_in_view),
                ops.finally_action(self._leave),
            )

        return rx.defer(subscribed)

    def close(self, error: Exception) -> None:
        """Fail all subscribers."""
        self._stop.on_error(error)

    def _encode(self, entry: Entry, view: View) -> bytes:
        name = (view.name, entry.position.seq)
        if name not in self._encoded:
            self._encoded[name] = view.encode(entry)
        return self._encoded[name]

    def _leave(self) -> None:
        self._subscribers -= 1
        if not self._subscribers:
            self._on_last_left()
