"""What changes say together, and what is left of them when they are taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from lens_rx.facts import Condition, Options, Stage
from lens_rx.facts.changes import MAX_CHANGES, Change, ChangeKind, FirstDecision, RunHistory
from lens_rx.storage.codec import decode, encode

AT = datetime(2026, 1, 2, tzinfo=UTC)
START = RunHistory(Options("DE", hint="bag"), FirstDecision("titles", AT, 1, "Acme", "Hike"))


def correction(generation: int, **options: str) -> Change:
    return Change(ChangeKind.CORRECTION, "ann", AT, generation, options)


def dismissal(generation: int, *ids: str) -> Change:
    return Change(ChangeKind.DISMISSAL, "ann", AT, generation, comparables=ids)


def restoration(generation: int, *ids: str) -> Change:
    return Change(ChangeKind.RESTORATION, "ann", AT, generation, comparables=ids)


def undo(generation: int, takes_back: int) -> Change:
    return Change(ChangeKind.UNDO, "ann", AT, generation, takes_back=takes_back)


def test_later_corrections_count():
    """Of two corrections of one option the later counts; an empty one takes it back."""
    history = START.with_changes(
        [correction(2, model="Hike 2", condition="good"), correction(3, model="Hike 3", hint="")]
    )
    assert history.effective().options == Options("DE", model="Hike 3", condition=Condition.GOOD)
    assert history.with_changes([correction(4, condition="")]).effective().options.condition is None


def test_restoration_of_a_dismissed_one_only_takes_the_dismissal_back():
    """What was dismissed is judged as before when it is brought back; what was rejected counts from then on."""
    said = START.with_changes([dismissal(2, "a", "b"), restoration(3, "a", "r")]).effective()
    assert (said.dismissed, said.restored) == ({"b"}, {"r"})


def test_undo_takes_back_one_generation_after_another():
    """Each undo takes back all that the latest generation said, and a refresh says nothing."""
    history = START.with_changes([correction(2, model="Hike 2"), dismissal(3, "a"), restoration(3, "r")])
    history = history.with_changes([Change(ChangeKind.REFRESH, "ann", AT, 4, stages=(Stage.OFFERS,))])
    assert {it.kind for it in history.last_undoable()} == {ChangeKind.DISMISSAL, ChangeKind.RESTORATION}
    history = history.with_changes([undo(5, 3)])
    said = history.effective()
    assert (said.options.model, said.dismissed, said.restored) == ("Hike 2", set(), set())
    history = history.with_changes([undo(6, 2)])
    assert history.effective().options == START.options
    assert history.last_undoable() == ()


def test_history_is_bounded_and_forgets_nothing_that_counts():
    """Of many changes the latest are held; what the others said, and was not taken back, still counts."""
    changes = [correction(2, size="M"), dismissal(3, "undone"), undo(4, 3)]
    changes += [dismissal(number, f"{number}") for number in range(5, 5 + MAX_CHANGES)]
    history = START.with_changes(changes)
    assert len(history.changes) == MAX_CHANGES
    said = history.effective()
    assert said.options.size == "M"
    assert said.dismissed == {str(number) for number in range(5, 5 + MAX_CHANGES)}


def test_history_is_stored_exactly():
    """A history comes back from the storage as it was."""
    history = START.with_changes([correction(2, model="Hike 2"), undo(3, 2), dismissal(4, "a")])
    assert decode(encode(history)) == history
