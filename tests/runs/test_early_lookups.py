"""Look-ups for a likely name: begun before it is certain, taken by the stage that needs them, or cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from eventually import eventually

from lens_rx.clients.protocols import SearchAnswer
from lens_rx.facts import AnalysisState, Caption, Identity, Item, Match, Matches, Offer, Options, Stage
from lens_rx.facts.errors import Blocked
from lens_rx.runs.early_calls import EarlyOffers, EarlySearch
from lens_rx.runs.early_lookups import EarlyClients, EarlyLookups
from lens_rx.runs.stage_cache import StageCache
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage

HIKE = Identity("Acme", "Hike 2")
OTHER = Identity("Zeta", "Nine")
TITLES = Matches(tuple(Match("Acme Hike 2", f"https://shop{n}.example/{n}") for n in range(6)))
STATE = AnalysisState(Item(()))


@dataclass
class Marketplace:
    """A marketplace that answers when its gate opens, and what was asked, cancelled and counted."""

    name: str = "market"
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    failure: Exception | None = None

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        self.asked.append(f"{identity.producer} {identity.model} {country}".strip())
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.append(identity.model)
            raise
        if self.failure:
            raise self.failure
        return ()

    async def search(self, query: str, country: str) -> SearchAnswer:
        self.asked.append(f"{query} {country}".strip())
        return SearchAnswer(())


@dataclass
class Early:
    """The early look-ups of one run over one marketplace and one search."""

    market: Marketplace = field(default_factory=Marketplace)
    web: Marketplace = field(default_factory=Marketplace)
    storage: MemoryStorage = field(default_factory=lambda: MemoryStorage(Settings()))

    def __post_init__(self) -> None:
        self.offers = EarlyOffers(self.market, self.market.counted.append)
        self.search = EarlySearch(self.web, self.web.counted.append)
        cache = StageCache(self.storage, "test", 10.0)
        self.clients = EarlyClients(self.search, [self.offers])
        self.lookups = EarlyLookups(self.clients, cache, self.key, lambda _: "DE")

    def key(self, stage: Stage, state: AnalysisState, marketplace: str) -> str:
        assert state.identity
        return f"{stage} {marketplace} {state.identity.model}"


async def test_the_stage_takes_what_has_begun():
    """A marketplace is asked once, early, and the stage that asks the same gets that answer."""
    early = Early()
    await early.lookups(STATE.with_fact(TITLES))
    finding = asyncio.create_task(early.offers.find(HIKE, "DE"))
    await eventually(lambda: early.market.asked == ["Acme Hike 2 DE"])
    early.market.gate.set()
    assert await finding == ()
    assert await early.search.search("Acme Hike 2", "") == SearchAnswer(())
    assert early.web.asked == ["Acme Hike 2"]
    assert (early.market.counted, early.web.counted) == (["used"], ["used"])


async def test_look_ups_for_another_name_are_cancelled_when_the_name_is_known():
    """What was begun for a wrong guess ends at once, is counted as wasted, and serves nobody."""
    early = Early()
    await early.lookups(STATE.with_fact(TITLES))
    await eventually(lambda: bool(early.market.asked))
    await early.lookups(STATE.with_fact(TITLES).with_fact(OTHER))
    await eventually(lambda: early.market.cancelled == ["Hike 2"])
    assert (early.market.counted, early.web.counted) == (["wasted"], ["wasted"])
    early.market.gate.set()
    await early.offers.find(OTHER, "DE")
    assert early.market.asked == ["Acme Hike 2 DE", "Zeta Nine DE"]


async def test_a_guess_is_looked_up_once():
    """The caption's name and the same one of the titles are one guess."""
    early = Early()
    caption = Caption(visible_text="Acme Hike 2", sentence="An Acme Hike 2, a brown boot.")
    await early.lookups(STATE.with_fact(caption))
    await early.lookups(STATE.with_fact(caption).with_fact(TITLES))
    await eventually(lambda: bool(early.market.asked))
    assert early.lookups.begun == [HIKE]
    assert early.market.asked == ["Acme Hike 2 DE"]
    early.clients.drop_all()


async def test_what_is_stored_is_not_looked_up():
    """A marketplace whose offers of the thing are stored is left alone."""
    early = Early()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await early.storage.put_result("offers market Hike 2", b"{}", tomorrow)
    await early.lookups(STATE.with_fact(TITLES))
    await eventually(lambda: early.web.asked == ["Acme Hike 2"])
    assert early.market.asked == []
    early.clients.drop_all()


async def test_a_failure_is_that_of_the_stage():
    """An early look-up that failed fails the stage's own call, and the next one asks anew."""
    early = Early()
    early.market.failure = Blocked("a captcha")
    early.market.gate.set()
    await early.lookups(STATE.with_fact(TITLES))
    with pytest.raises(Blocked, match="captcha"):
        await early.offers.find(HIKE, "DE")
    early.market.failure = None
    assert await early.offers.find(HIKE, "DE") == ()
    assert early.market.asked == ["Acme Hike 2 DE"] * 2


async def test_a_stage_that_is_cancelled_ends_its_early_look_up():
    """Nobody waits for an answer that nobody wants any more."""
    early = Early()
    await early.lookups(STATE.with_fact(TITLES))
    finding = asyncio.create_task(early.offers.find(HIKE, "DE"))
    await eventually(lambda: bool(early.market.asked))
    await asyncio.sleep(0)
    finding.cancel()
    await eventually(lambda: early.market.cancelled == ["Hike 2"])


async def test_the_country_of_the_item_is_asked_for():
    """A given country goes before that of the marketplace."""
    early = Early()
    state = AnalysisState(Item((), Options(country="FR")))
    await early.lookups(state.with_fact(TITLES))
    await eventually(lambda: early.market.asked == ["Acme Hike 2 FR"])
    early.clients.drop_all()
