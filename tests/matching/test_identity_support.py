"""How sure a name is, and what else the thing may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from lens_rx.facts import (
    AnalysisState,
    Caption,
    Decider,
    Failed,
    Identity,
    IdentityCandidates,
    Item,
    Match,
    Matches,
    Offer,
    Offers,
    Options,
    Outcome,
    Photo,
)
from lens_rx.matching import weigh_identity
from lens_rx.matching.identity_support import USER_NAME_CERTAINTY, weigh_given_name

CAMERA = Identity("Halvar", "Reflex M2", category="camera")


def titles(name: str, count: int, host: str, photos: tuple[int, ...] = ()) -> list[Match]:
    return [Match(f"{name} used", f"https://{host}{n}.example/1", photos=photos) for n in range(count)]


def weighed(
    *matches: Match,
    identity: Identity = CAMERA,
    caption: Caption | None = None,
    photos: int = 1,
    hint: str = "",
) -> IdentityCandidates:
    item = Item(tuple(Photo(str(n), Path(), 10, 10) for n in range(photos)), Options(hint=hint))
    return weigh_identity(identity, AnalysisState(item, Matches(matches), caption))


MANY = titles("Halvar Reflex M2", 8, "shop")


def test_more_sources_make_a_name_surer_and_a_sole_one_is_a_doubt():
    """Certainty grows with the sources that bear the name, and is never 1; a sole source is said in words."""
    sole, some, many = (weighed(*MANY[:count]) for count in (1, 3, 8))
    assert sole.certainty < some.certainty < many.certainty < 1
    assert sole.doubts == ("Only one source names it.",)
    assert (many.candidates[0].sources, many.candidates[0].decided, many.doubts) == (8, True, ())


def test_a_candidate_close_behind_is_named_with_its_sources():
    """Five sources of another name, beside eight, lower the certainty, stand among the candidates and are a doubt."""
    mixed = weighed(*MANY, *titles("Norrvik Fjell Parka", 5, "other"))
    assert [(it.producer, it.sources, it.decided) for it in mixed.candidates] == [
        ("Halvar", 8, True),
        ("Norrvik", 5, False),
    ]
    assert mixed.certainty < weighed(*MANY).certainty - 0.2
    assert "Norrvik Fjell Parka" in mixed.doubts[0]


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        (Caption(category="jacket"), "shows a jacket"),
        (Caption(category="camera", visible_text="NORRVIK"), "stands Norrvik"),
    ],
)
def test_a_caption_that_contradicts_is_a_doubt(caption: Caption, words: str):
    """Another kind of thing, or another candidate's name on the thing, lowers the certainty and is said."""
    matches = [*MANY, *titles("Norrvik Fjell Parka", 3, "other")]
    plain, against = weighed(*matches), weighed(*matches, caption=caption)
    assert against.certainty < 0.6 * plain.certainty
    assert any(words in doubt for doubt in against.doubts)


@pytest.mark.parametrize(
    ("hint", "words"), [("a warm jacket", "of a jacket"), ("norrvik, worn twice", "says Norrvik, not Halvar")]
)
def test_a_hint_that_contradicts_is_a_doubt(hint: str, words: str):
    """Another kind of thing, or another candidate's name in the user's hint, lowers the certainty and is said."""
    matches = [*MANY, *titles("Norrvik Fjell Parka", 3, "other")]
    plain, against = weighed(*matches), weighed(*matches, hint=hint)
    assert against.certainty < 0.6 * plain.certainty
    assert any(words in doubt for doubt in against.doubts)
    for fitting in ("an old camera", "halvar, not norrvik", "from the attic"):
        assert weighed(*matches, hint=fitting) == plain


def test_photos_of_different_things_are_a_doubt():
    """Where the second photo's look-alikes agree on another thing, it says so and is hardly sure."""
    first = titles("Halvar Reflex M2", 8, "shop", (1,))
    second = titles("Caldera Trail Runner 3", 6, "other", (2,))
    mixed = weighed(*first, *second, photos=2)
    assert any("Photo 2" in doubt and "Caldera" in doubt for doubt in mixed.doubts)
    assert mixed.certainty < 0.5
    same = titles("Halvar Reflex M2", 6, "other", (2,))
    assert weighed(*first, *same, photos=2).doubts == ()


def test_a_name_of_the_photo_alone_and_a_search_that_failed_are_doubts():
    """Neither is as sure as one that titles bear."""
    photo = weighed(identity=Identity("Halvar", "Reflex M2", decider=Decider.PHOTO))
    assert photo.certainty <= 0.6 and "written on the thing" in photo.doubts[0]
    alone = AnalysisState(Item(()), caption=Caption(category="camera"))
    assert any("No photo was looked up" in doubt for doubt in weigh_identity(CAMERA, alone).doubts)
    failed = weigh_identity(CAMERA, replace(alone, failures=(Failed("lens", Outcome.BLOCKED, "a captcha"),)))
    assert any("could not be looked up" in doubt for doubt in failed.doubts)
    half = AnalysisState(
        Item(()), Matches(tuple(MANY)), failures=(Failed("lens.2", Outcome.BLOCKED, "a captcha"),)
    )
    assert weigh_identity(CAMERA, half).doubts == ("Photo 2 could not be looked up.",)


JACKET_CAPTION = Caption("jacket", visible_text="Norrvik", sentence="A Norrvik Fjell Parka, a green jacket.")


@pytest.mark.parametrize(
    ("given", "caption", "offers", "looks_like"),
    [
        (("Halvar", "Reflex Camera"), JACKET_CAPTION, (), "another kind of thing: jacket"),
        (("Halvar", "Reflex"), JACKET_CAPTION, ("Halvar Reflex camera",), "another kind of thing: jacket"),
        (("Halvar", "Reflex"), JACKET_CAPTION, (), "Norrvik Fjell Parka"),
        (("Norrvik", "Fjell Parka"), JACKET_CAPTION, ("Norrvik Fjell Parka jacket",), ""),
        (("Norrvik", "Skog"), JACKET_CAPTION, (), ""),
        (("Halvar", "Reflex"), Caption("jacket", sentence="A green jacket."), (), ""),
        (("Halvar", "Reflex"), None, (), ""),
    ],
)
def test_a_given_name_that_the_photo_contradicts_is_less_sure_and_said(
    given: tuple[str, str], caption: Caption | None, offers: Sequence[str], looks_like: str
):
    """Another kind of thing, or another name on it, is a doubt; a name that agrees is as sure as one without a photo."""
    identity = Identity(*given, decider=Decider.USER)
    found = Offers(tuple(Offer("1", title, "", Decimal(9), "EUR") for title in offers))
    certainty, doubts = weigh_given_name(identity, AnalysisState(Item(()), caption=caption, offers=found))
    name = " ".join(given)
    assert doubts == ((f"You named it {name}; the photo looks like {looks_like}.",) if looks_like else ())
    assert (0.8 < certainty < 0.9) if looks_like else certainty == USER_NAME_CERTAINTY
