"""Every combination of keys and of sources that fail: the right one answers, and those that would fail again rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from lens_rx.clients import fallback_search, search_sources
from lens_rx.clients.protocols import ImageMatches, SearchAnswer
from lens_rx.clients.search_sources import DEFAULT_IMAGE, DEFAULT_WEB, ApiClients, image_search, web_search
from lens_rx.facts import Match, Photo, SearchResult
from lens_rx.facts.errors import (
    Blocked,
    Discontinued,
    KeyRefused,
    NoResults,
    StageError,
    StageTimeout,
    UpstreamError,
)
from lens_rx.settings import Settings

PHOTO = Photo("1" * 64, Path("photo.jpg"), 1, 1)
FAILURES: dict[str, type[StageError]] = {
    "blocked": Blocked,
    "slow": StageTimeout,
    "wrong key": KeyRefused,
    "gone": Discontinued,
    "down": UpstreamError,
    "nothing": NoResults,
}
DEFAULT, ALL = Settings(), Settings(lens=("all",))
#: What a source does: it has no key, it answers, or it fails.
STATES = ("absent", "answers", *FAILURES)
RESTS = {"blocked", "slow", "wrong key", "gone"}


@dataclass
class Source:
    """A source of both kinds in one state; it counts its calls."""

    name: str
    state: str
    calls: int = 0

    def _call(self) -> None:
        self.calls += 1
        if self.state in FAILURES:
            raise FAILURES[self.state](f"{self.name} is {self.state}.")

    async def search(self, _query: str, _country: str) -> SearchAnswer:
        self._call()
        return SearchAnswer([SearchResult(self.name, "https://a.test/")])

    async def search_image(self, _: Photo) -> ImageMatches:
        self._call()
        return ImageMatches([Match(self.name, f"https://{self.name}.test/", found_by=self.name)])


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log nothing: thousands of lines take longer than the searches."""
    monkeypatch.setattr(fallback_search, "_log", Mock())


def combinations(names: tuple[str, ...]) -> Iterator[dict[str, Source]]:
    """Yield every combination of states of the sources, without those that are absent."""
    for states in itertools.product(STATES, repeat=len(names)):
        pairs = zip(names, states, strict=True)
        yield {name: Source(name, state) for name, state in pairs if state != "absent"}


def walk(sources: Mapping[str, Source], order: tuple[str, ...], resting: set[str]) -> tuple[str, list[str]]:
    """Return who is to answer, "" where nobody does, and who failed before, those that rest included."""
    failed: list[str] = []
    for name in order:
        if name not in sources or (
            name == "model" and "chromium" in sources and not _blocked(sources, failed)
        ):
            continue
        state = sources[name].state
        if name not in resting and state == "answers":
            return name, failed
        failed.append(name)
        if state == "nothing":
            break
    return "", failed


def _blocked(sources: Mapping[str, Source], failed: list[str]) -> bool:
    return any(sources[it].state == "blocked" for it in failed)


async def ask(search: Any, kind: str) -> tuple[str, StageError | None]:
    """Return who answered, or the failure."""
    try:
        if kind == "web":
            return (await search.search("chair", "")).results[0].title, None
        return ",".join(it.found_by for it in (await search.search_image(PHOTO)).matches), None
    except StageError as failure:
        return "", failure


async def check(search: Any, kind: str, sources: dict[str, Source], order: tuple[str, ...]) -> None:
    """Ask twice, and compare who was asked, who answered and what a failure says with what is to be."""
    resting: set[str] = set()
    for _ in range(2):
        before = {name: it.calls for name, it in sources.items()}
        answered, failed = walk(sources, order, resting)
        told, failure = await ask(search, kind)
        assert told == answered, sources
        if failure:
            assert type(failure) is FAILURES[sources[failed[0]].state], (sources, failure)
            named = {name for name in sources if f"{name} is" in str(failure)}
            assert named == (set(failed[:1]) if isinstance(failure, NoResults) else set(failed)), sources
        asked = {name for name, it in sources.items() if it.calls > before[name]}
        assert asked == {*failed, answered} - resting - {""}, sources
        # alone it is the client itself, whose own cooldown lets it rest
        resting |= (
            {it for it in failed if sources[it].state in RESTS} if list(sources) != ["chromium"] else set()
        )


async def test_every_combination_of_web_searches():
    """Search APIs, Chromium and the model's search in their default order, each in each state."""
    for sources in combinations(DEFAULT_WEB):
        if not sources:
            continue
        apis = ApiClients(brave=sources.get("brave"), google=sources.get("google"))  # type: ignore[arg-type]
        search = web_search(DEFAULT, apis, sources.get("chromium"), sources.get("model"))  # type: ignore[arg-type]
        await check(search, "web", sources, DEFAULT_WEB)


async def test_every_combination_of_photo_searches(monkeypatch: pytest.MonkeyPatch):
    """Lens, Cloud Vision and eBay in their default order, each in each state."""
    monkeypatch.setattr(search_sources, "EbayImageSearch", lambda client, _: client)
    for sources in combinations(DEFAULT_IMAGE):
        if not sources:
            continue
        apis = ApiClients(vision=sources.get("vision"), ebay=sources.get("ebay"))  # type: ignore[arg-type]
        search = image_search(DEFAULT, apis, sources.get("chromium"))
        await check(search, "photo", sources, DEFAULT_IMAGE)
        merged = image_search(ALL, apis, sources.get("chromium"))
        found, failure = await ask(merged, "photo")
        assert found == ",".join(name for name, it in sources.items() if it.state == "answers")
        empty = all(it.state == "nothing" for it in sources.values())
        assert isinstance(failure, NoResults) is empty, sources
