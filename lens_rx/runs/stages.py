"""The wiring: which operator, page, gateway and marketplace production uses, and what is kept how long."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from lens_rx.clients.protocols import Lens, Model, OfferSource, Reader, WebSearch
from lens_rx.facts import AnalysisState, Decider, Identity, MarketplaceOffers, Photo, Stage
from lens_rx.graph import Steps
from lens_rx.matching.title_words import fold
from lens_rx.operators.describe import describe, no_caption
from lens_rx.operators.estimate import estimate
from lens_rx.operators.identify import given_identity, identify
from lens_rx.operators.lens import lens, search_photo
from lens_rx.operators.offers import offers, search_marketplace
from lens_rx.operators.producer import producer
from lens_rx.operators.retail import retail
from lens_rx.reactive.retry import with_retry
from lens_rx.reactive.stage import ExtraStage, Operator, Step, single_fact
from lens_rx.runs.keys import key_of
from lens_rx.runs.stage_cache import K, Lifetime, StageCache
from lens_rx.runs.usage import MeteredModel, UsageMeter
from lens_rx.settings import Settings

A = TypeVar("A")
Make = Callable[[A], Coroutine[Any, Any, K]]
Parts = tuple[object, ...]

#: Part of every key: a new recipe (other stages, other questions, other reading) makes old results old.
PIPELINE_VERSION = 1
DAY_SECONDS = 86_400.0
#: Stages of your own, that no other builds on: one file in operators/, and its `ExtraStage` here.
EXTRA_STAGES: tuple[ExtraStage, ...] = ()


@dataclass(frozen=True, slots=True)
class StageClients:
    """The outside world of one node; `model` is None where there is no key."""

    lens: Lens
    search: WebSearch
    reader: Reader
    model: Model | None
    offer_sources: Sequence[OfferSource]


@dataclass(frozen=True, slots=True)
class StageFactory:
    """The steps of one run: look-ups retried, kept under their own keys, and metered.

    `recipe` names the world and the way of working. A run that is `asked_again` does not believe the
    failures that are kept.
    """

    clients: StageClients
    cache: StageCache
    settings: Settings
    pipeline: str
    usage: UsageMeter
    retry_failures: bool

    def all(self) -> Steps:
        """Return what each stage does."""
        self.usage.ran.update((Stage.ESTIMATE, *(leaf.name for leaf in EXTRA_STAGES)))
        return Steps(
            lens=self._lens(),
            describe=self._describe(),
            identify=self._identify(),
            producer=self._producer(),
            retail=self._retail(),
            offers=self._offers(),
            estimate=self._step(estimate(self.settings.currency), _is_identified),
            extra_stages=EXTRA_STAGES,
            run_seconds=self.settings.run_deadline_seconds,
        )

    def _lens(self) -> Step:
        look = self._kept(Stage.LENS, search_photo(self.clients.lens), _of_photo, self.settings.look_days)
        return self._step(lens(look), _is_not_named)

    def _describe(self) -> Step:
        model = self._metered(Stage.DESCRIBE)
        if model is None:
            return Step(single_fact(no_caption), _never)
        caption = self._kept(Stage.DESCRIBE, describe(model), _of_photos, self.settings.look_days)
        return self._step(single_fact(caption), _needs_caption)

    def _identify(self) -> Step:
        name = identify(self._metered(Stage.IDENTIFY))
        kept = self._kept(
            Stage.IDENTIFY, name, _of_evidence, self.settings.look_days, provisional=self._is_provisional
        )
        step = self._step(single_fact(kept), _has_evidence)
        return replace(step, preset=given_identity, report_empty=True)

    def _is_provisional(self, identity: Identity) -> bool:
        """Tell a name that the titles gave because the model could not: it may be asked again soon."""
        return self.clients.model is not None and identity.decider is Decider.CONSENSUS

    def _producer(self) -> Step:
        find = producer(self.clients.search, self._metered(Stage.PRODUCER))
        kept = self._kept(Stage.PRODUCER, find, _of_thing, self.settings.retail_days)
        return self._step(single_fact(kept), _is_identified)

    def _retail(self) -> Step:
        read = retail(self.clients.reader, self._metered(Stage.RETAIL))
        kept = self._kept(Stage.RETAIL, read, _of_page, self.settings.retail_days)
        return self._step(single_fact(kept), _has_page)

    def _offers(self) -> Step:
        sources = {source.name: self._source(source) for source in self.clients.offer_sources}
        return self._step(offers(sources), _is_identified)

    def _source(self, source: OfferSource) -> Make[AnalysisState, MarketplaceOffers]:
        def key(it: AnalysisState) -> Parts:
            return (source.name, *_of_thing(it))

        return self._kept(Stage.OFFERS, search_marketplace(source), key, self.settings.offers_days)

    def _step(self, operator: Operator, wanted: Callable[[AnalysisState], bool]) -> Step:
        return Step(operator, wanted, deadline_seconds=self.settings.stage_deadline_seconds)

    def _metered(self, stage: Stage) -> Model | None:
        return MeteredModel(self.clients.model, self.usage, stage) if self.clients.model else None

    def _kept(
        self,
        stage: Stage,
        make: Make[A, K],
        parts: Callable[[A], Parts],
        days: float,
        *,
        provisional: Callable[[K], bool] = lambda _: False,
    ) -> Make[A, K]:
        def key(wanted: A) -> str:
            return key_of(self.pipeline, stage, *parts(wanted))

        return self.cache.cached(
            with_retry(make, self.settings.attempts),
            key,
            Lifetime(days * DAY_SECONDS, self.settings.failure_seconds),
            failures=not self.retry_failures,
            provisional=provisional,
            begun=lambda: self.usage.ran.add(stage),
        )


def _of_photo(photo: Photo) -> Parts:
    return (photo.sha256,)


def _of_photos(it: AnalysisState) -> Parts:
    return tuple(photo.sha256 for photo in it.item.photos)


def _of_evidence(it: AnalysisState) -> Parts:
    options = it.item.options
    titles = [(match.link, match.title) for match in it.matches.matches] if it.matches else []
    seen = [it.caption.category, it.caption.visible_text, it.caption.sentence] if it.caption else []
    return (titles, seen, options.hint, options.producer, options.model)


def _of_thing(it: AnalysisState) -> Parts:
    assert it.identity is not None
    return (fold(it.identity.producer), fold(it.identity.model), it.item.options.country)


def _of_page(it: AnalysisState) -> Parts:
    assert it.page is not None
    return (*_of_thing(it), it.page.link)


def _never(_: AnalysisState) -> bool:
    return False


def _is_not_named(it: AnalysisState) -> bool:
    return given_identity(it) is None


def _needs_caption(it: AnalysisState) -> bool:
    return it.item.options.condition is None or _is_not_named(it)


def _has_evidence(it: AnalysisState) -> bool:
    return bool(it.matches or it.caption or it.item.options.hint or it.no_lens_matches)


def _is_identified(it: AnalysisState) -> bool:
    return it.identity is not None


def _has_page(it: AnalysisState) -> bool:
    return it.page is not None and it.identity is not None
