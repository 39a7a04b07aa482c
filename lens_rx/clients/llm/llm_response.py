"""What a model's server sent back: an answer of the wanted type, or how it failed, in the house's words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import openai
from genai_prices import Usage as PricedTokens
from genai_prices import calc_price
from pydantic import BaseModel, ValidationError

from lens_rx.clients.protocols import Usage
from lens_rx.facts.errors import Blocked, PolicyError, StageError, UpstreamError

T = TypeVar("T", bound=BaseModel)

#: Characters of an answer that are read at most.
ANSWER_CHARACTERS = 20_000
_DECODER = json.JSONDecoder()
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_ABOUT_PICTURES = re.compile(r"image|vision|multimodal|multi-modal|picture", re.IGNORECASE)


def value_of(completion: object, answer: type[T]) -> T:
    """Return the answer that a completion holds, also one that stands in prose or in a fence of Markdown.

    Raises `PolicyError` for a refusal and a filter, `UpstreamError` for an answer that was cut off or is none. Nothing
    is taken for granted: the client does not check what a foreign server sends.
    """
    choices = getattr(completion, "choices", None)
    first = choices[0] if choices else None
    message = getattr(first, "message", None)
    if first is None or message is None:
        raise UpstreamError("The model's server answered without an answer.")
    if getattr(message, "refusal", None):
        raise PolicyError("The model refused to answer.")
    if first.finish_reason == "content_filter":
        raise PolicyError("The model's content filter withheld the answer.")
    if first.finish_reason == "length":
        raise UpstreamError("The model's answer was cut off at its length limit.")
    found = _valid(str(message.content or ""), answer)
    if found is None:
        raise UpstreamError("The model did not answer in the form it was asked for.")
    return found


def _valid(content: str, answer: type[T]) -> T | None:
    """Return the last object of the text that is an answer: what stands before it is talk, or the question."""
    valid = None
    for found in _objects(_THOUGHTS.sub("", content[:ANSWER_CHARACTERS])):
        if not found.keys() & answer.model_fields.keys():
            continue
        try:
            valid = answer.model_validate(found)
        except ValidationError:
            continue
    return valid


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a text that lie in no other."""
    at = text.find("{")
    while at >= 0:
        try:
            found, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield found
        at = text.find("{", end)


def usage_of(model: str, completion: object) -> Usage:
    """Return what a call took, as far as the server says; `model` is "" where nothing costs."""
    usage = getattr(completion, "usage", None)
    prompt, completed = (int(getattr(usage, name, 0) or 0) for name in ("prompt_tokens", "completion_tokens"))
    return Usage(prompt, completed, cost_usd(model, prompt, completed))


def cost_usd(model: str, prompt_tokens: int, completion_tokens: int) -> float:
    """Return the list price of a call in US dollars, 0 for a model whose price is not known."""
    try:
        price = calc_price(
            PricedTokens(input_tokens=prompt_tokens, output_tokens=completion_tokens),
            model,
            provider_id="openai",
        )
    except LookupError:
        return 0.0
    return float(price.total_price)


def error_of(error: openai.APIError, *, shown_pictures: bool) -> StageError:
    """Return how a call failed. None is transient: what may pass was tried again already."""
    match error:
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return PolicyError("The model's server does not accept the key. Check OPENAI_API_KEY.")
        case openai.RateLimitError():
            return Blocked("The model's server says: too many requests, or no credit left.", "rate_limit")
        case _:
            return UpstreamError(_words(error, shown_pictures=shown_pictures))


def _words(error: openai.APIError, *, shown_pictures: bool) -> str:
    match error:
        case openai.APIConnectionError():
            return "The model's server cannot be reached."
        case openai.APIStatusError() if shown_pictures and is_about_pictures(error):
            return "The model takes no pictures."
        case openai.NotFoundError():
            return "The model's server does not know the model. Check LENS_RX_MODEL."
        case openai.BadRequestError() | openai.UnprocessableEntityError():
            return "The model's server does not take this question."
        case _:
            return "The model's server failed."


def is_about_pictures(error: openai.APIStatusError) -> bool:
    """Tell whether a server complains of the pictures it was shown."""
    return _ABOUT_PICTURES.search(str(error)) is not None
