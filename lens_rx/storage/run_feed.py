"""The entries of one generation as this node has them, for everybody who follows the run here."""

from __future__ import annotations

from collections.abc import Iterable

import reactivex as rx
from reactivex import Observable, abc
from reactivex.disposable import Disposable

from lens_rx.facts.errors import Unavailable
from lens_rx.storage.records import Entry


class RunFeed:
    """Replays its entries from any position, then passes on new ones: the one fan-out of a run on a node.

    Followers are called where an entry is published, without a task or a queue of their own; they must neither
    wait nor raise.
    """

    __slots__ = ("_ended", "_error", "_followers", "entries")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = list(entries)
        self._followers: dict[object, tuple[int, abc.ObserverBase[Entry]]] = {}
        self._ended = False
        self._error: Unavailable | None = None

    @classmethod
    def of_ended(cls, entries: Iterable[Entry]) -> RunFeed:
        """Return the feed of a generation that is over."""
        feed = cls(entries)
        feed.end()
        return feed

    @property
    def ended(self) -> bool:
        """True when nothing more will be published here."""
        return self._ended

    def publish(self, entries: Iterable[Entry]) -> None:
        """Add entries and pass them on."""
        for entry in entries:
            self.entries.append(entry)
            for seq, follower in list(self._followers.values()):
                if entry.position.seq > seq:
                    follower.on_next(entry)

    def end(self, error: Unavailable | None = None) -> None:
        """Complete everybody who follows, or fail them."""
        self._ended, self._error = True, error
        for follower in self._take_followers():
            self._end(follower)

    def fail_followers(self, error: Unavailable) -> None:
        """Fail everybody who follows now; the feed itself goes on, for those who come again."""
        for follower in self._take_followers():
            follower.on_error(Unavailable(str(error), error.retry_after))

    def _take_followers(self) -> list[abc.ObserverBase[Entry]]:
        followers, self._followers = self._followers, {}
        return [follower for _, follower in followers.values()]

    def follow(self, seq: int) -> Observable[Entry]:
        """Return the entries behind `seq`, then live ones, until the feed ends."""

        def subscribe(
            follower: abc.ObserverBase[Entry], _: abc.SchedulerBase | None = None
        ) -> abc.DisposableBase:
            token = object()

            def leave() -> None:
                self._followers.pop(token, None)

            for entry in self.entries[seq:]:
                follower.on_next(entry)
            if self._ended:
                self._end(follower)
            else:
                self._followers[token] = (seq, follower)
            return Disposable(leave)

        return rx.create(subscribe)

    def _end(self, follower: abc.ObserverBase[Entry]) -> None:
        if self._error is None:
            follower.on_completed()
        else:
            follower.on_error(Unavailable(str(self._error), self._error.retry_after))
