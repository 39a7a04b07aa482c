"""What a thing probably is, before its name is decided."""

from __future__ import annotations

import pytest

from lens_rx.facts import AnalysisState, Caption, Item, Match, Matches
from lens_rx.matching.likely_identity import likely_identity

TITLES = Matches(tuple(Match("Acme Hike 2", f"https://shop{n}.example/{n}") for n in range(6)))


def named(printed: str, sentence: str) -> tuple[str, str] | None:
    """Return the likely name of a captioned thing."""
    found = likely_identity(
        AnalysisState(Item(())).with_fact(Caption(visible_text=printed, sentence=sentence))
    )
    return (found.producer, found.model) if found else None


@pytest.mark.parametrize(
    ("printed", "sentence", "name"),
    [
        ("Acme Hike 2", "An Acme Hike 2, a brown boot in good condition.", ("Acme", "Hike 2")),
        ("ACME", "Acme Hike 2 hiking boot of leather.", ("Acme", "Hike 2")),
        ("The North Face", "A The North Face Nuptse 1996 jacket.", ("The North Face", "Nuptse 1996")),
        ("Acme", "A brown boot by Acme.", None),
        ("", "An Acme Hike 2, a brown boot.", None),
        ("Size 42", "A brown boot.", None),
    ],
)
def test_the_caption_names_what_is_printed(printed: str, sentence: str, name: tuple[str, str] | None):
    """A name is the words that follow the first printed one and look like part of it; else there is none."""
    assert named(printed, sentence) == name


def test_titles_go_before_the_caption():
    """Where there are look-alikes, their consensus is the guess."""
    state = AnalysisState(Item(())).with_fact(Caption(visible_text="Zeta", sentence="A Zeta Nine."))
    found = likely_identity(state.with_fact(TITLES))
    assert found is not None
    assert (found.producer, found.model) == ("Acme", "Hike 2")


def test_nothing_known_is_no_guess():
    """Without titles and caption there is no name."""
    assert likely_identity(AnalysisState(Item(()))) is None
