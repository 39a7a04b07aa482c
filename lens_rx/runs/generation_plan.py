"""What a worker knows of a generation before it begins: the options in force, what is kept, and what is looked at anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lens_rx.facts import Fact, Options, Stage
from lens_rx.facts.changes import ChangeKind, Corrections, RunHistory
from lens_rx.runs.kept_facts import stage_of
from lens_rx.storage.codec import decode
from lens_rx.storage.records import StoredRun


@dataclass(frozen=True, slots=True)
class Refresh:
    """The stages whose results count only where they were made `since` a moment."""

    stages: tuple[Stage, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class GenerationPlan:
    """One generation as its worker begins it; `kept` are facts of an earlier one, by stage."""

    corrections: Corrections
    generation: int = 1
    kept: Mapping[Stage, Sequence[Fact]] = field(default_factory=dict)
    refresh: Refresh | None = None


def plan_of(options: Options, generation: int, run: StoredRun | None) -> GenerationPlan:
    """Return the plan of a generation of which `run` has the entries, those of an earlier worker included.

    Without a history at their begin the generation is as it was submitted.
    """
    first = decode(run.entries[0].payload) if run and run.entries else None
    if run is None or not isinstance(first, RunHistory):
        return GenerationPlan(Corrections(options), generation)
    facts = [decode(entry.payload) for entry in run.entries[1:]] if first.kept_stages else []
    kept = {stage: [it for it in facts if stage_of(it) == stage] for stage in first.kept_stages}
    return GenerationPlan(first.effective(), generation, kept, _refresh_of(first, generation))


def _refresh_of(history: RunHistory, generation: int) -> Refresh | None:
    last = history.changes[-1] if history.changes else None
    if last is None or last.kind is not ChangeKind.REFRESH or last.generation != generation:
        return None
    return Refresh(last.stages, last.at)
