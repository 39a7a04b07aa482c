"""Each photo is looked up by itself; what is found is merged, what fails is told beside it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import reactivex as rx
from collecting import collect

from lens_rx.clients.protocols import ImageMatches, Usage
from lens_rx.facts import AnalysisState, Fact, Failed, Item, Match, Matches, Outcome, Photo
from lens_rx.facts.errors import Blocked, NoResults, ParseError, StageError
from lens_rx.operators.lens import PhotoSearch, interleave, lens, search_photo

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def match(name: str) -> Match:
    return Match(name, f"https://{name}.test/")


def found(names: str, at: datetime = EARLY) -> Matches:
    return Matches(tuple(match(name) for name in names), at)


def look_of(ends: dict[str, Matches | StageError]) -> PhotoSearch:
    async def look(photo: Photo) -> Matches:
        end = ends[photo.sha256]
        if isinstance(end, StageError):
            raise end
        return end

    return look


async def collect_matches(ends: dict[str, Matches | StageError]) -> list[Fact]:
    photos = tuple(Photo(name, Path(name), 10, 10) for name in ends)
    return await collect(lens(look_of(ends))(rx.of(AnalysisState(Item(photos)))))


def names(fact: Fact) -> str:
    assert isinstance(fact, Matches)
    return "".join(it.title for it in fact.matches)


async def test_photos_are_merged_best_first():
    """The best of each photo comes before the second of any; a link comes once, at its best place."""
    (matches,) = await collect_matches({"1": found("abcd", LATE), "2": found("dae", EARLY)})
    assert names(matches) == "adbce"
    assert isinstance(matches, Matches) and matches.observed_at == EARLY


async def test_each_match_knows_the_photos_that_found_it():
    """Of several photos, each match has the numbers of those that found it; of one photo none has any."""
    (matches,) = await collect_matches({"1": found("ab"), "2": NoResults("none"), "3": found("bc")})
    assert isinstance(matches, Matches)
    assert {it.title: it.photos for it in matches.matches} == {"a": (1,), "b": (1, 3), "c": (3,)}
    (alone,) = await collect_matches({"1": found("a")})
    assert isinstance(alone, Matches) and alone.matches[0].photos == ()


async def test_a_photo_that_fails_is_told_beside_the_others():
    """One photo's wall is a failure of its own; one that shows nothing known is not worth a word."""
    facts = await collect_matches({"1": Blocked("captcha"), "2": found("a"), "3": NoResults("none")})
    assert facts[0] == Failed("lens.1", Outcome.BLOCKED, "captcha")
    assert names(facts[1]) == "a"
    assert len(facts) == 2


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        ({"1": NoResults("none"), "2": NoResults("none")}, NoResults),
        ({"1": NoResults("none"), "2": Blocked("captcha")}, Blocked),
        ({"1": ParseError("odd")}, ParseError),
    ],
)
async def test_where_no_photo_has_a_result_the_stage_fails(ends: dict, error: type[StageError]):
    """The gravest end is the stage's; it is empty only where every photo verified that."""
    with pytest.raises(error):
        await collect_matches(ends)


async def test_so_many_photos_at_once():
    """Photos beyond the limit wait for one that ends."""
    looking: set[str] = set()

    async def look(photo: Photo) -> Matches:
        looking.add(photo.sha256)
        assert len(looking) <= 2
        await asyncio.sleep(0.01)
        looking.remove(photo.sha256)
        return found(photo.sha256)

    photos = tuple(Photo(name, Path(name), 10, 10) for name in "abcdef")
    (matches,) = await collect(lens(look)(rx.of(AnalysisState(Item(photos)))))
    assert names(matches) == "abcdef"


class Source:
    """A photo search with a fixed answer."""

    async def search_image(self, _: Photo) -> ImageMatches:
        return ImageMatches([match("a")], ["a jacket"], Usage(cost_usd=1))


async def test_matches_and_labels_are_kept():
    """The matches of a source are the photo's, and so are its names for what the photo shows."""
    found_here = await search_photo(Source())(Photo("a", Path("a"), 10, 10))
    assert found_here == Matches((match("a"),), labels=("a jacket",))


async def test_labels_of_photos_are_merged():
    """The names that a source gives to several photos are kept once each."""
    merged = interleave([Matches((), labels=("parka", "coat")), Matches((), labels=("coat", "hat"))])
    assert merged.labels == ("parka", "coat", "hat")


def test_nothing_to_merge():
    """No photos' results make no matches."""
    assert interleave([]) == Matches(())
