"""Asks a model for a word, so that what its server takes is known before the first photo."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PIL import Image
from pydantic import BaseModel

from lens_rx.clients.llm.lazy_openai import openai
from lens_rx.clients.llm.llm_response import server_words
from lens_rx.clients.llm.openai_model import OpenAIModel
from lens_rx.clients.protocols import Question, end_notice
from lens_rx.facts.errors import StageError, UpstreamError

_TASK = "Answer with the word pong."
_ANSWER_TOKENS = 50


class Ping(BaseModel):
    """The smallest answer that a model can be asked for."""

    word: str


async def check_model(model: OpenAIModel, *, relearn: bool) -> str:
    """Return the model's name, its answer format and its end; raise `UpstreamError` where it does not answer.

    `relearn`: what its server takes is learnt anew, images included, also where it is known.
    """
    if relearn:
        model.relearn()
    try:
        await model.check()
        await model.complete(Question(_TASK, Ping, evidence="ping", max_tokens=_ANSWER_TOKENS))
        images = await _takes_images(model) if relearn else True
    except StageError as error:
        said = f" It said: {server_words(it)}" if isinstance(it := error.__cause__, openai.APIError) else ""
        raise UpstreamError(f"{error} It was asked at {model.url} for {model.name}.{said}") from error
    parts = [model.name, f"answers as {model.answer_format}"]
    parts += [] if images else ["takes no pictures"]
    return ", ".join([*parts, *_notices(model)])


async def _takes_images(model: OpenAIModel) -> bool:
    with tempfile.TemporaryDirectory() as directory:
        photo = Path(directory) / "grey.jpg"
        Image.new("RGB", (64, 64), "grey").save(photo)
        try:
            await model.complete(Question(_TASK, Ping, photos=(photo,), max_tokens=_ANSWER_TOKENS))
        except StageError:
            return False
    return True


def _notices(model: OpenAIModel) -> list[str]:
    """Return which models are gone, and when the one in use ends."""
    gone = [f"{it.name} is gone" for it in model.suppliers() if not it.available]
    return gone + [notice for it in model.suppliers() if it.in_use and (notice := end_notice(it))]
