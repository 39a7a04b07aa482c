"""What the user said of a run after the fact, as changes: each made a generation, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce

from lens_rx.facts.enums import Condition, Stage
from lens_rx.facts.item import Item, Options, Photo

#: Changes that a history holds one by one; what older ones say is folded into its start.
MAX_CHANGES = 50
#: The options that a correction may change.
CORRECTABLE = ("producer", "model", "condition", "size", "variant", "hint")


class ChangeKind(StrEnum):
    """What a change does; an undo takes another one back, a refresh says nothing of the thing."""

    CORRECTION = "correction"
    DISMISSAL = "dismissal"
    RESTORATION = "restoration"
    UNDO = "undo"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: who made it, when, and the `generation` that it made.

    `options` are those that a correction gives, "" for one that is taken back; `comparables` are the ids of a dismissal
    or restoration; `stages` are those that a refresh runs anew; `takes_back` is the generation whose changes an undo took
    back.
    """

    kind: ChangeKind
    author: str
    at: datetime
    generation: int
    options: dict[str, str] = field(default_factory=dict)
    comparables: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    takes_back: int = 0
    undone: bool = False

    @property
    def is_undoable(self) -> bool:
        """True for a change that says something and was not taken back."""
        return self.kind not in (ChangeKind.UNDO, ChangeKind.REFRESH) and not self.undone


@dataclass(frozen=True, slots=True)
class FirstDecision:
    """What a run had decided before anybody changed it: `author` is the model, `titles`, `photo` or `user`."""

    author: str
    at: datetime
    generation: int
    producer: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What was said of a thing altogether: the options in force, and the ids of dismissed and restored comparables.

    Of an id that is in both, the dismissal counts.
    """

    options: Options
    dismissed: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()

    def with_change(self, change: Change) -> Corrections:
        """Return them after a change; one that was taken back changes nothing."""
        if change.undone:
            return self
        ids = frozenset(change.comparables)
        match change.kind:
            case ChangeKind.CORRECTION:
                return replace(self, options=with_corrections(self.options, change.options))
            case ChangeKind.DISMISSAL:
                return replace(self, dismissed=self.dismissed | ids)
            case ChangeKind.RESTORATION:
                # what was dismissed is as it was before; what the screening rejected counts
                restored = self.restored | (ids - self.dismissed)
                return replace(self, dismissed=self.dismissed - ids, restored=restored)
            case _:
                return self

    def item(self, photos: tuple[Photo, ...] = ()) -> Item:
        """Return the thing on the photos, with what was said of it."""
        return Item(photos, self.options, self.dismissed, self.restored)


@dataclass(frozen=True, slots=True)
class RunHistory:
    """What changed a run since its own decision: the first entry of each generation after a change.

    `options`, `dismissed` and `restored` are what was said before `changes`, which are the latest, oldest first.
    `kept_stages` are those whose facts, which follow, were made by an earlier generation and are not made again.
    """

    options: Options
    first: FirstDecision
    changes: tuple[Change, ...] = ()
    dismissed: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    kept_stages: tuple[Stage, ...] = ()

    def effective(self) -> Corrections:
        """Return what was said altogether, without what was taken back."""
        return reduce(Corrections.with_change, self.changes, self._start())

    def with_changes(self, changes: Iterable[Change]) -> RunHistory:
        """Return the history with further changes; an undo marks what it takes back."""
        history = self
        for change in changes:
            history = history._with_change(change)  # of its own class
        return history

    def last_undoable(self) -> tuple[Change, ...]:
        """Return the changes of the latest generation that an undo would take back, () where there are none."""
        generation = max((it.generation for it in self.changes if it.is_undoable), default=0)
        return tuple(it for it in self.changes if it.is_undoable and it.generation == generation)

    def _start(self) -> Corrections:
        return Corrections(self.options, frozenset(self.dismissed), frozenset(self.restored))

    def _with_change(self, change: Change) -> RunHistory:
        undo = change.kind is ChangeKind.UNDO
        changes = tuple(
            replace(it, undone=True) if undo and it.is_undoable and it.generation == change.takes_back else it
            for it in self.changes
        )
        if len(changes) < MAX_CHANGES:
            return replace(self, changes=(*changes, change))
        folded = self._start().with_change(changes[0])
        return replace(
            self,
            options=folded.options,
            changes=(*changes[1:], change),
            dismissed=tuple(sorted(folded.dismissed)),
            restored=tuple(sorted(folded.restored)),
        )


def with_corrections(options: Options, corrected: dict[str, str]) -> Options:
    """Return options with the corrected ones in their place; "" takes one back."""
    texts = {name: value for name, value in corrected.items() if name != "condition"}
    changed = replace(options, **texts)  # type: ignore[arg-type]  # they are all texts
    if "condition" in corrected:
        word = corrected["condition"]
        changed = replace(changed, condition=Condition(word) if word else None)
    return changed
