"""What a new generation keeps of the one before: the facts of stages that need not run again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lens_rx.facts import (
    Candidate,
    Caption,
    DecisionBasis,
    Estimate,
    Fact,
    Failed,
    Identity,
    IdentityCandidates,
    MarketplaceOffers,
    Matches,
    Offers,
    Options,
    Outcome,
    PriceEvidence,
    ProducerPage,
    Progress,
    Retail,
    Stage,
)
from lens_rx.facts.changes import RunHistory
from lens_rx.graph import Steps
from lens_rx.matching.identity_support import USER_NAME_CERTAINTY
from lens_rx.operators.identify import named_by
from lens_rx.reactive.stage import Step
from lens_rx.runs.new_entries import new_entry
from lens_rx.runs.run_record import RunRecord
from lens_rx.storage.records import NewEntry

#: What needs the photo, and is kept even where it failed: without the photo it cannot be made again.
PHOTO_STAGES = (Stage.LENS, Stage.DESCRIBE)
#: What the name of the thing decides, in the order in which each depends on those before.
NAME_STAGES = (Stage.IDENTIFY, Stage.PRODUCER, Stage.RETAIL)
_STAGE_OF: Mapping[type, Stage] = {
    Matches: Stage.LENS,
    Caption: Stage.DESCRIBE,
    Identity: Stage.IDENTIFY,
    IdentityCandidates: Stage.IDENTIFY,
    ProducerPage: Stage.PRODUCER,
    Retail: Stage.RETAIL,
    MarketplaceOffers: Stage.OFFERS,
    Offers: Stage.OFFERS,
    PriceEvidence: Stage.ESTIMATE,
    Estimate: Stage.ESTIMATE,
    DecisionBasis: Stage.ESTIMATE,
}


def stage_of(fact: Fact) -> str:
    """Return the name of the stage that a fact is of, "" for one that is of the whole run."""
    if isinstance(fact, Failed | Progress):
        return fact.stage.partition(".")[0]
    return _STAGE_OF.get(type(fact), "")


def has_ended(stage: Stage, facts: Iterable[Fact]) -> bool:
    """Return whether a stage has ended, however it did."""
    return any(isinstance(it, Progress) and it.stage == stage and it.state != "started" for it in facts)


def kept_facts(facts: Sequence[Fact], stages: Collection[Stage], options: Options) -> dict[Stage, list[Fact]]:
    """Return the facts of those `stages` that need not run again, by stage, each group with its end.

    A stage that failed, and those that depend on it, run again; but those that need the photo are kept as they are.
    `options` are those in force: what these make needless is not kept where it failed.
    """
    kept: dict[Stage, list[Fact]] = {}
    for stage in PHOTO_STAGES:
        group = [it for it in facts if stage_of(it) == stage]
        if stage in stages and has_ended(stage, group) and not _is_needless(stage, group, options):
            kept[stage] = _at_rest(group)
    for stage in NAME_STAGES:
        group = [it for it in facts if stage_of(it) == stage]
        if stage not in stages or not _has_succeeded(stage, group):
            break
        kept[stage] = _at_rest(group)
    return kept


def named_facts(facts: Iterable[Fact], options: Options) -> list[Fact]:
    """Return the facts of `identify` where the user names the thing: the name, and what else it may be; else none.

    The candidates are those that were known, so that another can be picked; their certainty is that of the user.
    """
    identity = named_by(options)
    if identity is None:
        return []
    known = next((it for it in facts if isinstance(it, IdentityCandidates)), None)
    if known is None:
        return [identity, Progress(Stage.IDENTIFY, "skipped")]
    others = [replace(it, decided=False) for it in known.candidates]
    same = next((it for it in others if _is_same(it, identity)), None)
    decided = Candidate(identity.producer, identity.model, same.sources if same else 0, decided=True)
    if same:
        others.remove(same)
        decided = replace(same, decided=True)
    candidates = IdentityCandidates((decided, *others), USER_NAME_CERTAINTY, (), known.observed_at)
    return [identity, candidates, Progress(Stage.IDENTIFY, "skipped")]


def first_entries(record: RunRecord, history: RunHistory, stages: Collection[Stage]) -> list[NewEntry]:
    """Return the entries with which a worker's generation begins: its history, then the facts of stages that are kept."""
    options = history.effective().options
    kept = kept_facts(record.facts, stages, options)
    if Stage.IDENTIFY not in kept and (named := named_facts(record.facts, options)):
        kept[Stage.IDENTIFY] = named
    first = replace(history, kept_stages=tuple(kept))
    return [new_entry(first), *(new_entry(fact) for group in kept.values() for fact in group)]


def is_reusable(stage: Stage, facts: Iterable[Fact], now: datetime, seconds: float) -> bool:
    """Return whether a stage succeeded so short ago that its result counts."""
    group = [it for it in facts if stage_of(it) == stage]
    read_at = [at for it in group if (at := getattr(it, "observed_at", None))]
    is_fresh = all(now - at < timedelta(seconds=seconds) for at in read_at)
    return bool(read_at) and is_fresh and not any(isinstance(it, Failed) for it in group)


def with_kept(steps: Steps, kept: Mapping[Stage, Sequence[Fact]], *, has_photos: bool) -> Steps:
    """Return the steps of a run of which the `kept` facts are there; without photos nothing looks at them."""

    def step(stage: Stage) -> Step:
        own: Step = getattr(steps, stage)
        if stage in PHOTO_STAGES and not has_photos:
            own = replace(own, should_run=lambda _: False)
        return replace(own, kept=tuple(kept.get(stage, ())))

    changed = {str(stage): step(stage) for stage in Stage}
    return replace(steps, **changed)  # type: ignore[arg-type]  # a stage's field is its name


def _is_needless(stage: Stage, group: Iterable[Fact], options: Options) -> bool:
    """Return whether nothing was found by a stage that the options in force make needless."""
    needed = named_by(options) is None or (stage is Stage.DESCRIBE and options.condition is None)
    return not needed and all(isinstance(it, Failed | Progress) for it in group)


def _has_succeeded(stage: Stage, group: Sequence[Fact]) -> bool:
    return has_ended(stage, group) and not any(
        isinstance(it, Failed) and it.stage == stage and not it.outcome.settled for it in group
    )


def _at_rest(group: Iterable[Fact]) -> list[Fact]:
    """Return the facts of a stage that does not run: one that succeeded is skipped this time."""
    return [
        Progress(it.stage, "skipped") if isinstance(it, Progress) and it.state == Outcome.OK else it
        for it in group
        if not (isinstance(it, Progress) and it.state == "started")
    ]


def _is_same(candidate: Candidate, identity: Identity) -> bool:
    return (candidate.producer.casefold(), candidate.model.casefold()) == (
        identity.producer.casefold(),
        identity.model.casefold(),
    )
