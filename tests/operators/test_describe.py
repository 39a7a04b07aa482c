"""Photos are put into words by one question to a model that sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import reactivex as rx
from pydantic import ValidationError

from lens_rx.clients.protocols import Answer, Question, Usage
from lens_rx.facts import AnalysisState, Caption, Condition, Item, Photo
from lens_rx.facts.errors import PolicyError
from lens_rx.operators.describe import CaptionAnswer, describe, no_caption
from lens_rx.reactive.interop import to_async_iterable
from lens_rx.reactive.stage import single_fact

PHOTOS = tuple(Photo(str(n), Path(f"/photos/{n}.jpg"), 10, 10) for n in range(3))
SAID = {
    "category": "boot",
    "colour": "red",
    "material": "",
    "visible_text": "ACME",
    "condition": "very_good",
    "sentence": "A boot.",
}


class Sees:
    """A model that sees what a test wants."""

    def __init__(self, said: dict[str, Any], failure: Exception | None = None) -> None:
        self.said, self.failure = said, failure
        self.asked: list[Question[Any]] = []

    async def complete(self, question: Question[Any]) -> Answer[Any]:
        self.asked.append(question)
        if self.failure:
            raise self.failure
        return Answer(CaptionAnswer.model_validate(self.said), Usage())


async def test_all_photos_make_one_caption():
    """All photos of a thing go into one question, in order, and one caption comes out."""
    model = Sees(SAID)
    facts = [
        fact
        async for fact in to_async_iterable(single_fact(describe(model))(rx.of(AnalysisState(Item(PHOTOS)))))
    ]
    assert facts == [Caption("boot", "red", "", "ACME", Condition.VERY_GOOD, "A boot.")]
    (question,) = model.asked
    assert question.photos == tuple(photo.path for photo in PHOTOS)
    assert not question.evidence


@pytest.mark.parametrize(
    ("word", "grade"),
    [
        ("Very Good", "very_good"),
        ("like-new", "like_new"),
        ("splendid", "unknown"),
        (None, "unknown"),
        (3, "unknown"),
    ],
)
def test_grades_of_a_weak_model(word: object, grade: str):
    """A grade in other letters is that grade; a word of no grade is none."""
    assert CaptionAnswer.model_validate(SAID | {"condition": word}).condition == grade


def test_what_a_weak_model_leaves_out_is_not_seen():
    """Null and what is missing are texts that say nothing; an object where a text should be is no answer."""
    answer = CaptionAnswer.model_validate({"category": None, "visible_text": ["ACME", 7]})
    assert (answer.category, answer.visible_text, answer.sentence) == ("", "ACME, 7", "")
    with pytest.raises(ValidationError):
        CaptionAnswer.model_validate({"category": {"is": "boot"}})


async def test_a_refusal_is_the_stages_end():
    """What the model fails with, the stage fails with."""
    with pytest.raises(PolicyError):
        await describe(Sees(SAID, PolicyError("no")))(AnalysisState(Item(PHOTOS)))


async def test_without_a_model_nothing_is_seen():
    """No model that sees: a caption that says nothing."""
    assert await no_caption(AnalysisState(Item(PHOTOS))) == Caption()
