"""identify: look-alikes and caption -> producer and model, checked against the evidence."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog
from pydantic import BaseModel, Field

from lens_rx.errors import Nothing, StageError
from lens_rx.facts import Decider, Fact, Identity, Known, Match
from lens_rx.flow.stage import Operator, awaited
from lens_rx.operators.consensus import consensus
from lens_rx.operators.words import stands_in
from lens_rx.seams import Model, Question

Identify = Callable[[Known], Coroutine[Any, Any, Identity]]

TITLES_ASKED = 40
TASK = """\
Photos of one second-hand thing were looked up; the titles of the look-alikes and a caption follow.
Name the thing: its producer (the brand) and its model, as the producer calls it, without size, colour
variants, condition, shop names or advertising. Only names that stand in the evidence; empty texts where
the evidence does not tell. supporting_titles: the numbers of the titles that show this very thing."""

_log = structlog.get_logger()


class IdentityAnswer(BaseModel):
    """What the model is asked to fill in."""

    producer: str = Field(description="the brand that makes the thing, or empty")
    model: str = Field(description="the model's name, without sizes and noise, or empty")
    category: str = Field(description="kind of thing in one or two words")
    supporting_titles: list[int] = Field(description="numbers of the titles that show this very thing")


def named_by(model: Model | None) -> Identify:
    """Return the naming of an item: by the model where there is one, else by the titles' consensus.

    What the model says counts only where it stands in the evidence; raises `Nothing` where nothing does.
    """

    async def name(known: Known) -> Identity:
        identity = await _asked(model, known) if model else None
        identity = identity or consensus(_matches(known), known.caption.category if known.caption else "")
        if identity is None:
            raise Nothing("Nothing was found that this could be. Another photo, or a hint, may help.")
        return _with_words_of_user(identity, known)

    return name


def identify(name: Identify) -> Operator:
    """Return the operator: one `Identity`, or `Nothing`."""
    return awaited(name)


def given_identity(known: Known) -> Fact | None:
    """Return the identity that the user gave, which stands instead of the stage."""
    options = known.item.options
    if not (options.producer and options.model):
        return None
    return Identity(options.producer, options.model, decider=Decider.USER)


async def _asked(model: Model, known: Known) -> Identity | None:
    """Return the model's answer where the evidence carries it; a model that fails is no evidence."""
    matches = _matches(known)[:TITLES_ASKED]
    if not matches and known.caption is None:
        return None
    try:
        answer = (await model.ask(Question(TASK, IdentityAnswer, evidence=_evidence(known)))).value
    except StageError as error:
        _log.warning("identify goes on without the model", outcome=str(error.outcome))
        return None
    if not (stands_in(answer.producer, _evidence(known)) and stands_in(answer.model, _evidence(known))):
        return None
    titles = tuple(matches[n - 1].title for n in answer.supporting_titles if 0 < n <= len(matches))
    return Identity(answer.producer.strip(), answer.model.strip(), titles, answer.category, Decider.MODEL)


def _matches(known: Known) -> tuple[Match, ...]:
    return known.matches.matches if known.matches else ()


def _evidence(known: Known) -> str:
    """Return the numbered titles, the caption and the user's hint, as lines."""
    titles = [f"{n}. {match.title}" for n, match in enumerate(_matches(known)[:TITLES_ASKED], 1)]
    caption = known.caption
    seen = (
        [f"caption: {caption.sentence}", f"kind: {caption.category}", f"on the thing: {caption.visible_text}"]
        if caption
        else []
    )
    hint = [f"hint of the user: {known.item.options.hint}"] if known.item.options.hint else []
    return "\n".join([*titles, *seen, *hint])


def _with_words_of_user(identity: Identity, known: Known) -> Identity:
    options = known.item.options
    return replace(
        identity, producer=options.producer or identity.producer, model=options.model or identity.model
    )
