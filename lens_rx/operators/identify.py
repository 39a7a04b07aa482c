"""identify: matches and caption -> producer and model, checked against the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog
from pydantic import Field

from lens_rx.clients.llm_schemas import ModelAnswer
from lens_rx.clients.protocols import Answer, Model, Question
from lens_rx.facts import AnalysisState, Decider, Fact, Identity, Match, Options
from lens_rx.facts.errors import NoResults, StageError, UpstreamError
from lens_rx.matching.categories import plausible_category
from lens_rx.matching.identity_support import weigh_identity
from lens_rx.matching.likely_identity import consensus_of_titles, titles_of
from lens_rx.matching.name_support import verified
from lens_rx.matching.title_sources import trusted_titles
from lens_rx.matching.title_words import size_of_titles
from lens_rx.parsing.instructions import without_instruction
from lens_rx.reactive.computing import run_by_size
from lens_rx.reactive.stage import Operator, StageFunction, several_facts

MAX_TITLES = 40
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


def identify(model: Model | None) -> StageFunction[Identity]:
    """Return the stage's function: one `Identity`, by the model where there is one, else by the titles' consensus.

    The model's answer counts only where the evidence supports it; a producer or model given by the user is
    kept. Raises `NoResults` where neither gives a name, `UpstreamError` where the photo search had failed.
    """

    async def identify_item(state: AnalysisState) -> Identity:
        titles, agreed = await run_by_size(size_of_titles(titles_of(state)), _agreement, state)
        answer = await _ask_model(model, titles, state) if model else None
        identity = (
            verified(answer.value.producer, answer.value.model, state, titles, agreed) if answer else None
        )
        if answer and identity:
            category = plausible_category(answer.value.category or _category(state), identity.titles)
            return replace(identity, category=category, answered_by=answer.model)
        if agreed is None and state.matches is None and not state.no_lens_matches:
            raise UpstreamError(
                "No photo search could be asked, and the photo alone does not tell. Please try again."
            )
        if agreed is None:
            raise NoResults("Nothing was found that this could be. Another photo, or a hint, may help.")
        return agreed

    return identify_item


def with_candidates(make: StageFunction[Identity]) -> Operator:
    """Return the operator: the `Identity` that `make` returns, then its `IdentityCandidates`."""

    async def both(state: AnalysisState) -> list[Fact]:
        identity = await make(state)
        candidates = await run_by_size(size_of_titles(titles_of(state)), weigh_identity, identity, state)
        return [identity, replace(candidates, observed_at=identity.observed_at)]

    return several_facts(both)


def given_identity(state: AnalysisState) -> Fact | None:
    """Return the identity given by the user, in whose case the stage is skipped; None where it is incomplete."""
    return named_by(state.item.options)


def named_by(options: Options) -> Identity | None:
    """Return the identity that options name, None where they do not name producer and model."""
    if not (options.producer and options.model):
        return None
    return Identity(options.producer, options.model, decider=Decider.USER)


def _agreement(state: AnalysisState) -> tuple[list[Match], Identity | None]:
    """Return the trusted titles, and what they agree on."""
    titles = trusted_titles(titles_of(state))
    return titles, consensus_of_titles(titles, state)


async def _ask_model(
    model: Model, titles: Sequence[Match], state: AnalysisState
) -> Answer[IdentityAnswer] | None:
    """Return the model's answer, None where it fails or there is no evidence to send."""
    evidence = _evidence(titles, state)
    if not evidence:
        return None
    try:
        return await model.complete(Question(TASK, IdentityAnswer, evidence=evidence))
    except StageError as error:
        _log.warning("identify goes on without the model", outcome=str(error.outcome))
        return None


def _category(state: AnalysisState) -> str:
    return state.caption.category if state.caption else ""


def _evidence(trusted: Sequence[Match], state: AnalysisState) -> str:
    """Return the numbered titles, the caption and the user's words, one a line, without empty ones.

    Of the caption nothing is shown that reads as an order.
    """
    caption, options = state.caption, state.item.options
    fields = {
        "caption": without_instruction(caption.sentence) if caption else "",
        "kind": without_instruction(caption.category) if caption else "",
        "named by the photo search": ", ".join(it.title for it in trusted if not it.link),
        "on the thing": without_instruction(caption.visible_text) if caption else "",
        "hint of the user": options.hint,
        "producer by the user": options.producer,
        "model by the user": options.model,
    }
    found = [match for match in trusted if match.link][:MAX_TITLES]
    titles = [f"{n}. {_on_one_line(match.title)}" for n, match in enumerate(found, 1)]
    return "\n".join([*titles, *(f"{name}: {_on_one_line(text)}" for name, text in fields.items() if text)])


def _on_one_line(text: str) -> str:
    """Return untrusted text without line breaks, so that it cannot imitate further lines."""
    return " ".join(text.split())
