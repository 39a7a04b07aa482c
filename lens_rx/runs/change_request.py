"""What a change of a run asks for, checked against the run: each function returns the changes that it makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from lens_rx.facts import Fact, Offer, Offers, Stage, comparable_id
from lens_rx.facts.changes import Change, ChangeKind, with_corrections
from lens_rx.facts.error_codes import ErrorCode
from lens_rx.facts.errors import NotFound, Unprocessable
from lens_rx.runs.kept_facts import NAME_STAGES, PHOTO_STAGES
from lens_rx.runs.run_record import RunRecord

#: What a refresh runs anew; without the photo all but the stages that need it.
OFFER_STAGES = (Stage.OFFERS,)
PHOTOLESS_STAGES = (*NAME_STAGES, Stage.OFFERS)
ALL_STAGES = (*PHOTO_STAGES, *PHOTOLESS_STAGES)
NOTHING_TO_CHANGE = "Nothing changes by that: it is so already."


@dataclass(frozen=True, slots=True)
class ChangeAuthor:
    """Who changes a run, under the name that its history tells, and the client whose share of the queue counts."""

    name: str = "user"
    client: str = ""


#: Returns the changes that a request makes of a run, by whom and when; raises `Unprocessable` or `NotFound`.
ChangeRequest = Callable[[RunRecord, str, datetime], list[Change]]


def correction(options: Mapping[str, str]) -> ChangeRequest:
    """Return the request that gives options of the thing, or takes those back that are ""."""

    def changes(record: RunRecord, author: str, at: datetime) -> list[Change]:
        before = record.history.effective().options
        said = _completed(dict(options), record)
        if with_corrections(before, said) == before:
            raise Unprocessable(NOTHING_TO_CHANGE)
        return [Change(ChangeKind.CORRECTION, author, at, record.info.generation + 1, said)]

    return changes


def _completed(said: dict[str, str], record: RunRecord) -> dict[str, str]:
    """Return what is said with the other half of the name, where one alone is given and the other was decided."""
    options, identity = with_corrections(record.history.effective().options, said), record.identity
    if identity is None or not (said.get("producer") or said.get("model")):
        return said
    if "producer" not in said and not options.producer:
        return {"producer": identity.producer} | said
    if "model" not in said and not options.model:
        return said | {"model": identity.model}
    return said


def comparables(dismiss: Collection[str], restore: Collection[str]) -> ChangeRequest:
    """Return the request that leaves comparables out, and brings others back, by their ids."""

    def changes(record: RunRecord, author: str, at: datetime) -> list[Change]:
        offers = [offer for fact in record.facts for offer in _offers_of(fact)]
        if unknown := sorted({*dismiss, *restore} - {*map(comparable_id, offers)}):
            message = f"This run has no comparable {', '.join(unknown)}; its price-evidence names them."
            raise NotFound(message, code=ErrorCode.COMPARABLE_NOT_FOUND)
        priced = {comparable_id(it) for it in offers if it.price > 0}
        if unpriced := sorted({*restore} - priced - record.history.effective().dismissed):
            raise Unprocessable(f"Nothing changes by that: {unpriced[0]} has no price, so it cannot count.")
        said, generation = record.history.effective(), record.info.generation + 1
        found = []
        for kind, ids in ((ChangeKind.DISMISSAL, dismiss), (ChangeKind.RESTORATION, restore)):
            change = Change(kind, author, at, generation, comparables=tuple(dict.fromkeys(ids)))
            if (changed := said.with_change(change)) != said:
                found.append(change)
                said = changed
        if not found:
            raise Unprocessable(NOTHING_TO_CHANGE)
        return found

    return changes


def _offers_of(fact: Fact) -> list[Offer]:
    """Return the offers that were found, whether they count or not."""
    if not isinstance(fact, Offers):
        return []
    return [*fact.offers, *(it.offer for it in fact.rejected)]


def undo() -> ChangeRequest:
    """Return the request that takes back what the latest generation said that was not taken back yet."""

    def changes(record: RunRecord, author: str, at: datetime) -> list[Change]:
        last = record.history.last_undoable()
        if not last:
            raise Unprocessable("There is nothing to take back.")
        taken = Change(ChangeKind.UNDO, author, at, record.info.generation + 1, takes_back=last[0].generation)
        return [taken]

    return changes


def refresh(stages: tuple[Stage, ...]) -> ChangeRequest:
    """Return the request that looks again, whatever is stored: it runs `stages` anew."""

    def changes(record: RunRecord, author: str, at: datetime) -> list[Change]:
        return [Change(ChangeKind.REFRESH, author, at, record.info.generation + 1, stages=stages)]

    return changes
