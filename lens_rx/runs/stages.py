"""What each stage of a run does: its client, when it runs, and under which key and for how long its result is reused."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from lens_rx.clients.protocols import ImageSearch, Model, OfferSource, Reader, WebSearch
from lens_rx.facts import AnalysisState, Decider, Identity, MarketplaceOffers, Photo, Stage
from lens_rx.graph import Steps
from lens_rx.matching.title_words import name_key
from lens_rx.operators.describe import describe, no_caption
from lens_rx.operators.estimate import estimate, rests_on_offers
from lens_rx.operators.identify import given_identity, identify, with_candidates
from lens_rx.operators.lens import lens, search_photo
from lens_rx.operators.offers import offers, search_marketplace
from lens_rx.operators.producer import producer
from lens_rx.operators.retail import retail
from lens_rx.parsing.marketplaces import default_country
from lens_rx.reactive.interop import from_coroutine
from lens_rx.reactive.look_ahead import LookAhead
from lens_rx.reactive.retry import with_retry
from lens_rx.reactive.stage import ExtraStage, Operator, Step, single_fact
from lens_rx.runs.early_lookups import EarlyClients, EarlyLookups
from lens_rx.runs.freshness import Freshness
from lens_rx.runs.generation_plan import Refresh
from lens_rx.runs.keys import key_of
from lens_rx.runs.stage_cache import K, StageCache
from lens_rx.runs.usage import MeteredImageSearch, MeteredModel, MeteredSearch, UsageMeter
from lens_rx.settings import Settings

A = TypeVar("A")
Make = Callable[[A], Coroutine[Any, Any, K]]
KeyParts = tuple[object, ...]

#: Part of every key: after a change of stages, questions or parsing a new number makes old results unused.
PIPELINE_VERSION = 1
#: Your own stages, on which no other depends: one file in operators/, and its `ExtraStage` here.
EXTRA_STAGES: tuple[ExtraStage, ...] = ()


@dataclass(frozen=True, slots=True)
class StageClients:
    """The clients of one node; `model` is None where none is configured, `early` where nothing begins early."""

    lens: ImageSearch
    search: WebSearch
    reader: Reader
    model: Model | None
    offer_sources: Sequence[OfferSource]
    early: EarlyClients | None = None


@dataclass(frozen=True, slots=True)
class StageFactory:
    """Makes the steps of one run.

    `namespace` is `world/pipeline version/model`, a part of every key. A run with `retry_failures` does not reuse
    stored failures; one with a `refresh` reuses no result of its stages that was made before.
    """

    clients: StageClients
    cache: StageCache
    settings: Settings
    namespace: str
    usage: UsageMeter
    retry_failures: bool
    refresh: Refresh | None = None

    def all(self) -> Steps:
        """Return the steps, an entry a stage: what it calls, the key of its result, and when it runs."""
        self.usage.ran.update((Stage.ESTIMATE, *(extra.name for extra in EXTRA_STAGES)))
        out, model = self.clients, self._model
        return Steps(
            lens=self._step(
                lens(
                    self._cached(
                        Stage.LENS,
                        search_photo(MeteredImageSearch(out.lens, self.usage, Stage.LENS)),
                        key=_photo_key,
                    )
                ),
                when=_is_not_named,
            ),
            describe=self._describe(),
            identify=self._identify(),
            producer=self._fact_step(
                Stage.PRODUCER,
                producer(MeteredSearch(out.search, self.usage, Stage.PRODUCER), model(Stage.PRODUCER)),
                key=_product_key,
                when=_is_identified,
            ),
            retail=self._fact_step(
                Stage.RETAIL, retail(out.reader, model(Stage.RETAIL)), key=_page_key, when=_has_page
            ),
            offers=self._step(
                offers({source.name: self._search_offers(source) for source in out.offer_sources}),
                when=_is_identified,
            ),
            estimate=self._estimate(),
            extra_stages=EXTRA_STAGES,
            look_ahead=self._look_ahead(),
            run_seconds=self.settings.run_deadline_seconds,
        )

    def _describe(self) -> Step:
        model = self._model(Stage.DESCRIBE)
        if model is None:
            return Step(single_fact(no_caption), _never)
        return self._fact_step(Stage.DESCRIBE, describe(model), key=_photos_key, when=_needs_caption)

    def _identify(self) -> Step:
        make = self._cached(Stage.IDENTIFY, identify(self._model(Stage.IDENTIFY)), key=_evidence_key)
        step = self._step(with_candidates(make), when=_has_evidence)
        return replace(step, preset=given_identity, report_empty=True)

    def _estimate(self) -> Step:
        currency = self.settings.currency
        step = self._step(estimate(currency), when=_is_identified)
        return replace(step, is_enough=lambda state: rests_on_offers(state, currency))

    def _search_offers(self, source: OfferSource) -> Make[AnalysisState, MarketplaceOffers]:
        def key(it: AnalysisState) -> KeyParts:
            return self._offers_key(it, source.name)

        search = search_marketplace(source, self._default_country(source.name))
        return self._cached(Stage.OFFERS, search, key=key)

    def _offers_key(self, it: AnalysisState, marketplace: str) -> KeyParts:
        *names, country = _product_key(it)
        return (marketplace, *names, country or self._default_country(marketplace))

    def _default_country(self, marketplace: str) -> str:
        # the currency of a view is in no key, so that views in all currencies share one run
        return default_country(marketplace, self.settings.currency)

    def _look_ahead(self) -> LookAhead | None:
        if self.clients.early is None or self.refresh:
            return None

        def result_key(stage: Stage, it: AnalysisState, marketplace: str) -> str:
            parts = self._offers_key(it, marketplace) if stage is Stage.OFFERS else _product_key(it)
            return key_of(self.namespace, stage, *parts)

        begin = EarlyLookups(self.clients.early, self.cache, result_key, self._default_country)
        return lambda state: from_coroutine(lambda: begin(state))

    def _fact_step(
        self,
        stage: Stage,
        make: Make[AnalysisState, K],
        *,
        key: Callable[[AnalysisState], KeyParts],
        when: Callable[[AnalysisState], bool],
    ) -> Step:
        return self._step(single_fact(self._cached(stage, make, key=key)), when=when)

    def _step(self, operator: Operator, *, when: Callable[[AnalysisState], bool]) -> Step:
        return Step(operator, when, deadline_seconds=self.settings.stage_deadline_seconds)

    def _cached(self, stage: Stage, make: Make[A, K], *, key: Callable[[A], KeyParts]) -> Make[A, K]:
        """Return `make`, retried, with its result reused under the key for the stage's lifetime."""

        def result_key(wanted: A) -> str:
            return key_of(self.namespace, stage, *key(wanted))

        return self.cache.cached(
            with_retry(make, self.settings.attempts),
            result_key,
            Freshness(self.settings).lifetime(stage),
            failures=not self.retry_failures,
            since=self.refresh.since if self.refresh and stage in self.refresh.stages else None,
            provisional=self._is_provisional,
            begun=lambda: self.usage.ran.add(stage),
        )

    def _is_provisional(self, result: object) -> bool:
        """Return whether titles decided the name because the model could not: it may be asked again soon."""
        return (
            self.clients.model is not None
            and isinstance(result, Identity)
            and result.decider is Decider.CONSENSUS
        )

    def _model(self, stage: Stage) -> Model | None:
        return MeteredModel(self.clients.model, self.usage, stage) if self.clients.model else None


def _photo_key(photo: Photo) -> KeyParts:
    return (photo.sha256,)


def _photos_key(it: AnalysisState) -> KeyParts:
    return tuple(photo.sha256 for photo in it.item.photos)


def _evidence_key(it: AnalysisState) -> KeyParts:
    options = it.item.options
    titles = [(match.link, match.title) for match in it.matches.matches] if it.matches else []
    seen = [it.caption.category, it.caption.visible_text, it.caption.sentence] if it.caption else []
    labels = (it.matches.labels,) if it.matches and it.matches.labels else ()
    return (titles, seen, options.hint, options.producer, options.model, *labels)


def _product_key(it: AnalysisState) -> KeyParts:
    assert it.identity is not None
    return (*name_key(it.identity), it.item.options.country)


def _page_key(it: AnalysisState) -> KeyParts:
    assert it.page is not None
    # pages that are sure keep the keys of earlier releases
    others = (it.page.alternatives, it.page.doubt) if it.page.doubt else ()
    return (*_product_key(it), it.page.link, *others)


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
