"""identify: look-alikes and caption -> producer and model, checked against the evidence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import structlog
from pydantic import Field

from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Model, Question
from lens_rx.facts import AnalysisState, Decider, Fact, Identity, Match
from lens_rx.facts.errors import NoResults, StageError, UpstreamError
from lens_rx.matching.consensus import consensus
from lens_rx.matching.name_support import verified
from lens_rx.reactive.stage import Operator, single_fact

Identify = Callable[[AnalysisState], Coroutine[Any, Any, Identity]]

TITLES_ASKED = 40
TASK = """\
Photos of one second-hand thing were looked up; the titles of the look-alikes and a caption follow.
Name the thing: its producer (the brand) and its model, as the producer calls it, without size, colour
variants, condition, shop names or advertising. Only names that stand in the evidence; empty texts where
the evidence does not tell. supporting_titles: the numbers of the titles that show this very thing."""

_log = structlog.get_logger()


class IdentityAnswer(ModelAnswer):
    """What the model is asked to fill in."""

    producer: str = Field(description="the brand that makes the thing, or empty")
    model: str = Field(description="the model's name, without sizes and noise, or empty")
    category: str = Field(description="kind of thing in one or two words")
    supporting_titles: list[int] = Field(description="numbers of the titles that show this very thing")


def named_by(model: Model | None) -> Identify:
    """Return the naming of an item: by the model where there is one, else by the titles' consensus.

    What the model says counts only where the evidence carries it, and no better than the titles' consensus
    is; raises `NoResults` where nothing does. What the user gave of the two names stands.
    """

    async def name(known: AnalysisState) -> Identity:
        agreed = await asyncio.to_thread(_agreed, known)
        answer = await _asked(model, known) if model else None
        identity = verified(answer.producer, answer.model, known, agreed) if answer else None
        if answer and identity:
            return replace(identity, category=answer.category or _category(known))
        if agreed is None and known.matches is None and not known.no_lens_matches:
            raise UpstreamError(
                "Google Lens could not be asked, and the photo alone does not tell. Please try again."
            )
        if agreed is None:
            raise NoResults("Nothing was found that this could be. Another photo, or a hint, may help.")
        return agreed

    return name


def identify(name: Identify) -> Operator:
    """Return the operator: one `Identity`, or `NoResults`."""
    return single_fact(name)


def given_identity(known: AnalysisState) -> Fact | None:
    """Return the identity that the user gave, which stands instead of the stage."""
    options = known.item.options
    if not (options.producer and options.model):
        return None
    return Identity(options.producer, options.model, decider=Decider.USER)


def _agreed(known: AnalysisState) -> Identity | None:
    """Return what the titles agree on; the user's hint counts as one of them."""
    options = known.item.options
    hint = [Match(options.hint, "")] if options.hint else []
    titles = [*_matches(known), *hint]
    return consensus(titles, _category(known), producer=options.producer, model=options.model)


async def _asked(model: Model, known: AnalysisState) -> IdentityAnswer | None:
    """Return the model's answer; a model that fails is no evidence."""
    evidence = _evidence(known)
    if not evidence:
        return None
    try:
        return (await model.complete(Question(TASK, IdentityAnswer, evidence=evidence))).value
    except StageError as error:
        _log.warning("identify goes on without the model", outcome=str(error.outcome))
        return None


def _matches(known: AnalysisState) -> Sequence[Match]:
    return known.matches.matches if known.matches else ()


def _category(known: AnalysisState) -> str:
    return known.caption.category if known.caption else ""


def _evidence(known: AnalysisState) -> str:
    """Return the numbered titles, the caption and the user's words, as lines that say something."""
    caption, options = known.caption, known.item.options
    said = {
        "caption": caption.sentence if caption else "",
        "kind": caption.category if caption else "",
        "on the thing": caption.visible_text if caption else "",
        "hint of the user": options.hint,
        "producer by the user": options.producer,
        "model by the user": options.model,
    }
    titles = [f"{n}. {_line(match.title)}" for n, match in enumerate(_matches(known)[:TITLES_ASKED], 1)]
    return "\n".join([*titles, *(f"{name}: {_line(text)}" for name, text in said.items() if text)])


def _line(text: str) -> str:
    """Return a text of the outside as one line, so that it cannot pass for several."""
    return " ".join(text.split())
