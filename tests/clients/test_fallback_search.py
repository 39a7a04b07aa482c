"""Sources are tried in order: what fails is passed over and rests, and what it cost is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from lens_rx.clients import fallback_search
from lens_rx.clients.fallback_search import (
    FallbackImageSearch,
    FallbackWebSearch,
    MergedImageSearch,
    Source,
    SourceCooldown,
)
from lens_rx.clients.protocols import FailedCallUsage, ImageMatches, SearchAnswer, Usage
from lens_rx.facts import Match, MatchKind, Photo, SearchResult
from lens_rx.facts.errors import (
    Blocked,
    Discontinued,
    KeyRefused,
    NoResults,
    ParseError,
    StageError,
    StageTimeout,
    UpstreamError,
)

PHOTO = Photo("1" * 64, Path("photo.jpg"), 1, 1)


@dataclass
class Engine:
    """A search of both kinds that answers, or fails with the next of `failures`."""

    name: str
    failures: Sequence[StageError | None] = ()
    cost_usd: float = 0.0
    matches: Sequence[Match] = ()
    asked: int = 0
    queries: list[str] = field(default_factory=list)

    def _ask(self) -> None:
        failure = self.failures[min(self.asked, len(self.failures) - 1)] if self.failures else None
        self.asked += 1
        if failure:
            raise failure

    async def search(self, query: str, country: str) -> SearchAnswer:
        self.queries.append(f"{query} {country}")
        self._ask()
        return SearchAnswer(
            [SearchResult(self.name, f"https://{self.name}.test/")], Usage(cost_usd=self.cost_usd)
        )

    async def search_image(self, _: Photo) -> ImageMatches:
        self._ask()
        return ImageMatches(self.matches, [f"{self.name} label"], Usage(cost_usd=self.cost_usd))


def source(engine: Engine, *, only_after_block: bool = False) -> Source:
    return Source(engine.name, engine, only_after_block)


async def titles(search: FallbackWebSearch) -> list[str]:
    return [it.title for it in (await search.search("oak chair", "DE")).results]


PASSED_OVER = [
    Blocked("captcha", "captcha"),
    StageTimeout("slow"),
    ParseError("odd"),
    UpstreamError("down", transient=True),
    KeyRefused("wrong"),
    Discontinued("gone"),
]


@pytest.mark.parametrize("failure", PASSED_OVER, ids=lambda it: type(it).__name__)
async def test_the_next_source_answers_in_the_same_call(failure: StageError):
    """Whatever a source fails with, the next one answers."""
    first, second = Engine("first", [failure]), Engine("second")
    assert await titles(FallbackWebSearch([source(first), source(second)], 60)) == ["second"]
    assert first.queries == second.queries == ["oak chair DE"]


class SilentEngine(Engine):
    """A search that never answers."""

    async def search(self, query: str, country: str) -> SearchAnswer:
        await asyncio.Event().wait()
        return await super().search(query, country)


async def test_silent_sources_leave_time_for_the_next(monkeypatch: pytest.MonkeyPatch):
    """However long sources are silent, each later one has its share of the call's time, and the silent ones rest."""
    monkeypatch.setattr(fallback_search, "RESERVED_SECONDS", 0.05)
    silent = [SilentEngine("one"), SilentEngine("two")]
    search = FallbackWebSearch([*map(source, silent), source(Engine("third"))], 60, 0.3)
    began = monotonic()
    assert await titles(search) == ["third"]
    assert monotonic() - began >= 0.2
    assert await asyncio.wait_for(titles(search), 5) == ["third"]


@pytest.mark.parametrize(
    ("failure", "rests"), [(it, not isinstance(it, ParseError) and not it.transient) for it in PASSED_OVER]
)
async def test_a_source_that_would_fail_again_rests(failure: StageError, rests: bool):
    """What is blocked, silent, refused or gone is not asked at the next call; what merely failed is."""
    first, second = Engine("first", [failure, None]), Engine("second")
    search = FallbackWebSearch([source(first), source(second)], 60)
    await titles(search)
    assert await titles(search) == (["second"] if rests else ["first"])
    assert first.asked == (1 if rests else 2)


async def test_nothing_found_is_an_answer():
    """A source that verified that nothing matches is believed; the next one is not asked."""
    first, second = Engine("first", [NoResults("none")]), Engine("second")
    with pytest.raises(NoResults):
        await titles(FallbackWebSearch([source(first), source(second)], 60))
    assert second.asked == 0


async def test_nothing_found_after_a_failure_is_that_failure():
    """Where the better source was blocked, that another knows nothing is not believed for long."""
    first, second = Engine("first", [Blocked("captcha")]), Engine("second", [NoResults("none")])
    with pytest.raises(Blocked):
        await titles(FallbackWebSearch([source(first), source(second)], 60))


@pytest.mark.parametrize(("failure", "asked"), [(Blocked("captcha"), 1), (StageTimeout("slow"), 0)])
async def test_the_last_resort_is_asked_only_after_a_block(failure: StageError, asked: int):
    """A source that costs is asked only where one before it is blocked."""
    costly = Engine("costly")
    search = FallbackWebSearch(
        [source(Engine("browser", [failure])), source(costly, only_after_block=True)], 60
    )
    if asked:
        assert await titles(search) == ["costly"]
    else:
        with pytest.raises(StageTimeout):
            await titles(search)
    assert costly.asked == asked


async def test_a_resting_source_says_how_long():
    """Where all sources rest, the failure of the first says for how long, and costs nothing again."""
    paid = Blocked("The quota is used up.", "rate_limit", 90.0)
    paid.__cause__ = FailedCallUsage(Usage(cost_usd=0.5))
    search = FallbackWebSearch([source(Engine("only", [paid])), source(Engine("other", [paid]))], 60)
    with pytest.raises(Blocked) as first:
        await titles(search)
    assert isinstance(first.value.__cause__, FailedCallUsage)
    assert first.value.__cause__.usage.cost_usd == 1.0
    with pytest.raises(Blocked, match=r"It is left alone for \d+ s more") as second:
        await titles(search)
    assert isinstance(second.value.__cause__, FailedCallUsage)
    assert second.value.__cause__.usage.cost_usd == 0


async def test_what_a_failed_source_cost_is_counted():
    """The usage of an answer holds what the sources before it cost."""
    failure = NoResults("cites nothing")
    failure.__cause__ = FailedCallUsage(Usage(cost_usd=0.25))
    failed = UpstreamError("failed")
    failed.__cause__ = failure.__cause__
    search = FallbackWebSearch(
        [source(Engine("first", [failed])), source(Engine("second", cost_usd=0.5))], 60
    )
    assert (await search.search("x", "")).usage.cost_usd == 0.75


def test_a_rest_ends():
    """A source rests as long as its failure says, an hour at most, and a refused key for an hour."""
    now = [0.0]
    cooldown = SourceCooldown(60.0, lambda: now[0])
    for failure, seconds in (
        (Blocked("x"), 60.0),
        (Blocked("x", "rate_limit", 600.0), 600.0),
        (Blocked("x", "rate_limit", float("inf")), fallback_search.MAX_QUOTA_SECONDS),
        (KeyRefused("x"), fallback_search.REFUSED_SECONDS),
    ):
        cooldown.note("a", failure)
        now[0] += seconds - 0.1
        with pytest.raises(type(failure) if not isinstance(failure, KeyRefused) else UpstreamError):
            cooldown.check("a")
        now[0] += 0.2
        cooldown.check("a")


def page(name: str, by: str, kind: MatchKind | None = None, query: str = "") -> Match:
    return Match(
        name, f"https://www.shop.test/{name}{query}", found_by=by, kind=kind, exact=kind is MatchKind.FULL
    )


async def test_all_sources_are_merged():
    """Asked at once, each page comes once, with who found it, and a source that fails is passed over."""
    lens = Engine("lens", matches=[page("a", "lens"), page("b", "lens")], cost_usd=0.5)
    vision = Engine(
        "vision", matches=[page("b", "vision", MatchKind.FULL, "?utm_source=x"), page("c", "vision")]
    )
    broken = Engine("broken", [Blocked("captcha")])
    found = await MergedImageSearch([source(lens), source(vision), source(broken)], 60).search_image(PHOTO)
    assert [(it.title, it.found_by) for it in found.matches] == [
        ("a", "lens"),
        ("b", "vision,lens"),
        ("c", "vision"),
    ]
    assert [it.kind for it in found.matches] == [None, MatchKind.FULL, None]
    assert list(found.labels) == ["lens label", "vision label"]
    assert found.usage.cost_usd == 0.5


async def test_merged_sources_that_all_fail():
    """Nothing is found only where every source verified that."""
    none, blocked = Engine("none", [NoResults("none")]), Engine("blocked", [Blocked("captcha")])
    with pytest.raises(Blocked):
        await MergedImageSearch([source(none), source(blocked)], 60).search_image(PHOTO)
    with pytest.raises(NoResults):
        await MergedImageSearch([source(none)], 60).search_image(PHOTO)


async def test_photos_fall_back_as_well():
    """Where Lens is blocked, the next photo search answers."""
    search = FallbackImageSearch(
        [
            source(Engine("lens", [Blocked("captcha")])),
            source(Engine("vision", matches=[page("a", "vision")])),
        ],
        60,
    )
    assert [it.found_by for it in (await search.search_image(PHOTO)).matches] == ["vision"]
