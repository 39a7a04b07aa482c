"""The history of a run as wire data: a row for its own decision, then one a change, each with a sentence for people."""

from __future__ import annotations

from typing import Any, Final

from lens_rx.facts import Stage
from lens_rx.facts.changes import CORRECTABLE, Change, ChangeKind, FirstDecision, RunHistory
from lens_rx.web.price_wire import Data, PriceConverter

#: What a row says of a run's own decision, where others name the kind of change.
DECISION: Final = "decision"
_DECIDED_BY = {
    "titles": "The titles of look-alikes named it",
    "photo": "The words on the photo named it",
    "user": "It was named with the photo",
}


def history_data(history: RunHistory, _: PriceConverter) -> Data:
    """Return the rows, oldest first."""
    return [_first_row(history.first), *(_row(change, history) for change in history.changes)]


def _first_row(first: FirstDecision) -> dict[str, Any]:
    name = f"{first.producer} {first.model}".strip()
    decided = _DECIDED_BY.get(first.author, f"{first.author} named it")
    what = f"{decided} {name}." if name else "Nothing was found that it could be."
    row = _common(first.generation, first.at.isoformat(timespec="seconds"), first.author, DECISION)
    return row | {"producer": first.producer, "model": first.model, "what": what}


def _row(change: Change, history: RunHistory) -> dict[str, Any]:
    row = _common(change.generation, change.at.isoformat(timespec="seconds"), change.author, change.kind)
    return row | {
        **change.options,
        "comparables": " ".join(change.comparables),
        "what": _sentence(change, history),
        "undone": int(change.undone),
    }


def _common(generation: int, at: str, author: str, change: str) -> dict[str, Any]:
    head = {"generation": generation, "at": at, "author": author, "change": str(change)}
    return head | dict.fromkeys((*CORRECTABLE, "comparables", "what"), "") | {"undone": 0}


def _sentence(change: Change, history: RunHistory) -> str:
    count = len(change.comparables)
    comparables = "a comparable" if count == 1 else f"{count} comparables"
    match change.kind:
        case ChangeKind.CORRECTION:
            said = [f"{name} is {value}" for name, value in change.options.items() if value]
            said += [f"{name} is not said any more" for name, value in change.options.items() if not value]
            return f"Corrected: {', '.join(said).replace('_', ' ')}."
        case ChangeKind.DISMISSAL:
            return f"Left {comparables} out."
        case ChangeKind.RESTORATION:
            return f"Brought {comparables} back."
        case ChangeKind.UNDO:
            undone = [it for it in history.changes if it.undone and it.generation == change.takes_back]
            return " ".join(["Took back:", *(_sentence(it, history) for it in undone)])
        case ChangeKind.REFRESH:
            only_offers = Stage.IDENTIFY not in change.stages
            return "Looked again at the offers." if only_offers else "Looked again at everything."
