"""A stored run as values: its facts, its history, and what is in force of what the user said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from lens_rx.facts import AnalysisState, Decider, DecisionBasis, Fact, Identity, Options
from lens_rx.facts.changes import Corrections, FirstDecision, RunHistory
from lens_rx.storage.codec import decode
from lens_rx.storage.records import NO_OPTIONS, Entry, RunInfo, StoredRun

#: Who decided, as it is told of a run's own decision; a model is told by its name where that is known.
_AUTHORS = {
    Decider.MODEL: "model",
    Decider.CONSENSUS: "titles",
    Decider.PHOTO: "photo",
    Decider.USER: "user",
}


@dataclass(frozen=True, slots=True)
class RunRecord:
    """An ended generation: `facts` beside the `entries` they are of, without the history."""

    info: RunInfo
    options: Options
    history: RunHistory
    entries: Sequence[Entry]
    facts: Sequence[Fact]

    @classmethod
    def of(cls, run: StoredRun) -> RunRecord:
        """Return the record of a stored run. Takes some milliseconds."""
        facts = [decode(entry.payload) for entry in run.entries]
        options = run.options
        if options == NO_OPTIONS:  # it may be an imported one
            options = next((Options(it.country) for it in facts if isinstance(it, DecisionBasis)), options)
        if facts and isinstance(facts[0], RunHistory):
            return cls(run.info, options, facts[0], run.entries[1:], facts[1:])
        history = RunHistory(options, _first_decision(run.info, facts))
        return cls(run.info, options, history, run.entries, facts)

    @property
    def identity(self) -> Identity | None:
        """The identity that was decided, None where there is none."""
        return next((it for it in self.facts if isinstance(it, Identity)), None)

    def state(self, corrections: Corrections) -> AnalysisState:
        """Return what the stages know of the thing, with what the user said in force; without the photos."""
        return reduce(AnalysisState.with_fact, self.facts, AnalysisState(corrections.item()))

    def observed_at(self, kind: type[Fact]) -> datetime | None:
        """Return when the first fact of a kind was read, None where there is none."""
        places = zip(self.facts, self.entries, strict=True)
        return next((entry.observed_at for fact, entry in places if isinstance(fact, kind)), None)


def _first_decision(info: RunInfo, facts: Sequence[Fact]) -> FirstDecision:
    identity = next((it for it in facts if isinstance(it, Identity)), None)
    if identity is None:
        return FirstDecision("", info.created_at, info.generation)
    author = identity.answered_by or _AUTHORS[identity.decider]
    at = identity.observed_at or info.created_at
    return FirstDecision(author, at, info.generation, identity.producer, identity.model)
