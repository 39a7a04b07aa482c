"""Which stages run with what is known, what is kept how long, and what is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import reactivex as rx

from lens_rx.clients.protocols import Answer, ImageMatches, Question, SearchAnswer, Usage
from lens_rx.facts import (
    AnalysisState,
    Condition,
    Fact,
    Identity,
    Item,
    Match,
    Matches,
    Offer,
    Options,
    Page,
    Photo,
    ProducerPage,
    SearchResult,
)
from lens_rx.facts.errors import Blocked, NoResults, ParseError, StageError, UpstreamError
from lens_rx.graph import Steps
from lens_rx.metrics import Metrics
from lens_rx.reactive.interop import to_async_iterable
from lens_rx.reactive.stage import Step
from lens_rx.runs.stage_cache import StageCache
from lens_rx.runs.stages import StageClients, StageFactory
from lens_rx.runs.usage import UsageMeter
from lens_rx.settings import Settings
from lens_rx.storage.memory import MemoryStorage

PHOTO = Photo("5ha", Path("5ha.jpg"), 10, 10)
TITLES = ("Norrvik Fjell Parka", "Norrvik Fjell Parka M", "Norrvik Fjell Parka homme")
MATCHES = Matches(tuple(Match(title, f"https://{n}.test/") for n, title in enumerate(TITLES)))
NAMED = AnalysisState(Item((PHOTO,)), matches=MATCHES, identity=Identity("Norrvik", "Fjell Parka"))


@dataclass
class Outside:
    """The whole outside world: it counts who is asked, and fails with `failure`."""

    failure: StageError | None = None
    asked: list[str] = field(default_factory=list)
    name: str = "ebay"

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.failure:
            raise self.failure

    async def search_image(self, photo: Photo) -> ImageMatches:
        self._ask(f"lens {photo.sha256}")
        raise ParseError("Google Lens answered with a page that could not be read.")

    async def search(self, query: str, country: str) -> SearchAnswer:
        self._ask(f"search {query}{country}")
        return SearchAnswer([SearchResult("Fjell Parka", "https://norrvik.com/fjell-parka")])

    async def read(self, url: str) -> Page:
        self._ask(f"read {url}")
        return Page(url, "<h1>Fjell Parka</h1>")

    async def find(self, identity: Identity, country: str) -> Sequence[Offer]:
        self._ask(f"offers {identity.model}{country}")
        return []

    async def complete(self, question: Question[Any]) -> Answer[Any]:
        self._ask(question.answer.__name__)
        said = {"producer": "Norrvik", "model": "Fjell Parka", "category": "jacket"}
        return Answer(question.answer.model_validate(said), Usage(10, 1, 0.5))


class Node:
    """A node's steps over one cache; a new run is a new usage meter."""

    def __init__(self, out: Outside, *, model: bool = True, **settings: float | str) -> None:
        self.settings = Settings(attempts=2, **settings)
        self.out = StageClients(out, out, out, out if model else None, [out])
        self.cache = StageCache(MemoryStorage(self.settings), "here", 5.0)

    def steps(self, *, again: bool = False, namespace: str = "test") -> tuple[Steps, UsageMeter]:
        usage = UsageMeter(Metrics())
        return StageFactory(self.out, self.cache, self.settings, namespace, usage, again).all(), usage


async def collect(step: Step, known: AnalysisState) -> list[Fact]:
    return [fact async for fact in to_async_iterable(step.operator(rx.of(known)))]


GIVEN = Item((PHOTO,), Options(producer="A", model="B"))


def test_a_given_name_skips_lens_and_identify():
    """With both names given Lens is not wanted and identify has its fact; the photo is still described."""
    steps, _ = Node(Outside()).steps()
    assert not steps.lens.should_run(AnalysisState(GIVEN))
    assert steps.describe.should_run(AnalysisState(GIVEN))
    assert steps.identify.preset(AnalysisState(GIVEN))
    graded = replace(GIVEN, options=replace(GIVEN.options, condition=Condition.GOOD))
    assert not steps.describe.should_run(AnalysisState(graded))
    half = AnalysisState(replace(GIVEN, options=Options(producer="A", condition=Condition.GOOD)))
    assert steps.lens.should_run(half) and steps.describe.should_run(half)


def test_stages_want_what_they_need():
    """Identify wants any evidence, what follows wants a name, retail wants a page."""
    steps, _ = Node(Outside()).steps()
    nothing = AnalysisState(Item((PHOTO,)))
    assert not steps.identify.should_run(nothing)
    assert steps.identify.should_run(replace(nothing, no_lens_matches=True))
    assert steps.identify.should_run(AnalysisState(Item((PHOTO,), Options(hint="boot"))))
    for step in (steps.producer, steps.offers, steps.estimate):
        assert not step.should_run(nothing) and step.should_run(NAMED)
    assert not steps.retail.should_run(NAMED)
    assert steps.retail.should_run(replace(NAMED, page=ProducerPage("https://a.test/", "A")))


def test_without_a_model_nothing_is_described():
    """Without a model the description is skipped, and identify goes on."""
    steps, _ = Node(Outside(), model=False).steps()
    assert not steps.describe.should_run(AnalysisState(Item((PHOTO,))))
    assert steps.identify.should_run(AnalysisState(Item((PHOTO,)), matches=MATCHES))


async def test_equal_things_are_searched_once():
    """Two runs that come to the same thing, however it is written, search once; only the first really ran."""
    out = Outside()
    node = Node(out)
    first, usage = node.steps()
    second, other = node.steps()
    await collect(first.producer, NAMED)
    shouted = replace(NAMED, identity=Identity("NORRVIK", "fjell parka"))
    await collect(second.producer, shouted)
    assert out.asked == ["search Norrvik Fjell Parka"]
    assert "producer" in usage.ran
    assert "producer" not in other.ran


@pytest.mark.parametrize("other", ["country", "namespace"])
async def test_other_countries_and_namespaces_share_nothing(other: str):
    """What is kept for one country, or made by another namespace, is not told elsewhere."""
    out = Outside()
    node = Node(out)
    await collect(node.steps()[0].producer, NAMED)
    abroad = replace(NAMED, item=Item((PHOTO,), Options(country="DE" if other == "country" else "")))
    await collect(node.steps(namespace="new" if other == "namespace" else "test")[0].producer, abroad)
    assert len(out.asked) == 2


@pytest.mark.parametrize(("currency", "country"), [("EUR", "DE"), ("USD", "US"), ("PLN", "PL")])
async def test_without_a_country_offers_are_those_in_the_services_currency(currency: str, country: str):
    """A source is asked where it sells in that currency, and a request that names the country shares the result."""
    out = Outside()
    node = Node(out, currency=currency)
    named = replace(NAMED, item=Item((PHOTO,), Options(country=country)))
    for known in (NAMED, named):
        with suppress(NoResults):
            await collect(node.steps()[0].offers, known)
    assert out.asked == [f"offers Fjell Parka{country}"]


@pytest.mark.parametrize(
    ("failure", "tries"),
    [(UpstreamError("reset", transient=True), 2), (UpstreamError("no"), 1), (Blocked("captcha"), 1)],
)
async def test_only_what_may_pass_is_tried_again(failure: StageError, tries: int):
    """A transient failure is tried twice, any other once; the next run believes it, one asked again does not."""
    out = Outside(failure)
    node = Node(out)
    for again, calls in ((False, tries), (False, tries), (True, 2 * tries)):
        with pytest.raises(type(failure)):
            await collect(node.steps(again=again)[0].producer, NAMED)
        assert len(out.asked) == calls


async def test_a_name_by_the_titles_while_the_model_is_away_is_not_kept_for_a_year():
    """The model is asked again once its failure is over; a name that it gave is kept."""
    out = Outside(UpstreamError("down"))
    node = Node(out, failure_seconds=0)
    known = AnalysisState(Item((PHOTO,)), matches=MATCHES)
    deciders = []
    for _ in range(3):
        fact, _ = await collect(node.steps()[0].identify, known)
        assert isinstance(fact, Identity)
        deciders.append(str(fact.decider))
        out.failure = None
    assert deciders == ["consensus", "model", "model"]
    assert out.asked == ["IdentityAnswer"] * 2


async def test_who_asks_the_model_pays():
    """Tokens are entered in the run that asked, not in the one that was told."""
    node = Node(Outside())
    known = AnalysisState(Item((PHOTO,)), matches=MATCHES)
    (first, usage), (second, other) = node.steps(), node.steps()
    await collect(first.identify, known)
    await collect(second.identify, known)
    assert (usage.tokens, usage.cost_usd) == (11, 0.5)
    assert (other.tokens, other.cost_usd) == (0, 0)


def test_every_stage_has_its_deadline():
    """No stage but the untouched has more time than the settings give."""
    steps, _ = Node(Outside(), stage_deadline_seconds=7).steps()
    named = (
        steps.lens,
        steps.describe,
        steps.identify,
        steps.producer,
        steps.retail,
        steps.offers,
        steps.estimate,
    )
    assert {step.deadline_seconds for step in named} == {7}
